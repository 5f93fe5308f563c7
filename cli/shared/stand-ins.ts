import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { versionOf } from './tools.ts';

/** In the place of programs that this machine lacks: each only notes that it was called. */
export interface StandIns {
  /** Variables for whoever may call them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why what ran since the last call says nothing; null where no stand-in was called. */
  called(): Promise<string | null>;
}

/** Two programs are called yq: a script written for the one quietly does something else with the other, and so do the scripts that it calls. */
const YQ = /mikefarah/;

/** Puts stand-ins into a new folder. */
export async function standIns(folder: string): Promise<StandIns> {
  const version = await versionOf('yq');
  if (version !== null && YQ.test(version)) return { environment: {}, called: async () => null };
  const note = join(folder, 'called');
  const reason =
    version === null
      ? 'it called yq (mikefarah, version 4), which is not installed here'
      : 'it called yq by mikefarah (version 4); the yq installed here is another program';
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'yq'), `#!/bin/sh\n: >'${note}'\necho 'yq: command not found' >&2\nexit 127\n`);
  await chmod(join(folder, 'yq'), 0o755);
  return {
    environment: { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` },
    async called() {
      const isNoted = await readFile(note).then(
        () => true,
        () => false,
      );
      await rm(note, { force: true });
      return isNoted ? reason : null;
    },
  };
}
