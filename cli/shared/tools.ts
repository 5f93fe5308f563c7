import { execFile } from 'node:child_process';

/**
 * What a script needs and this machine has not, as a reason for blind; null where nothing is known to be missing.
 * Two programs are called yq: a script written for the one quietly does nothing with the other.
 */
export async function missingTool(script: string): Promise<string | null> {
  if (!/(?:^|[\s(|;&"'`$])yq(?:\s|$)/m.test(script)) return null;
  const version = await versionOf('yq');
  if (version === null) return 'it needs yq (mikefarah, version 4), which is not installed here';
  return /mikefarah/.test(version)
    ? null
    : 'it needs yq by mikefarah (version 4); the yq installed here is another program';
}

/** What a program says of its version; null where it is not installed. */
export function versionOf(program: string): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, ['--version'], { timeout: 10_000 }, (error, stdout) => resolve(error ? null : stdout));
  });
}
