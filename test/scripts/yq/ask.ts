import type { CommandResult } from '../../../src/scripts/command.ts';
import { yq } from '../../../src/scripts/yq/yq.ts';
import { UTC } from '../../../src/scripts/zone.ts';

export interface Asked extends CommandResult {
  readonly needs: readonly string[];
}

interface Question {
  readonly files?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isUnread?: boolean;
}

/** Runs `yq` over a few texts. */
export async function ask(
  args: readonly string[],
  { files = {}, stdin = '', env = {}, isUnread = false }: Question = {},
): Promise<Asked> {
  const needs: string[] = [];
  const result = await yq(args, {
    cwd: '/repo',
    env: new Map(Object.entries(env)),
    stdin,
    isUnread,
    now: () => 0,
    localZone: () => UTC,
    async readFile(path) {
      return files[path.replace('/repo/', '')] ?? null;
    },
    needs: (what) => needs.push(what),
  });
  return { ...result, needs };
}

/** What an expression prints for a document; an error's message where it fails. */
export async function answer(expression: string, document: string): Promise<string> {
  const { stdout, stderr, needs } = await ask(['eval', expression, 'x.yaml'], { files: { 'x.yaml': document } });
  return needs.length > 0 ? `needs ${needs.join()}` : stdout + stderr;
}
