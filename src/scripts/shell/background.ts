import type { Shell } from './shell.ts';

/**
 * Runs `body` beside the shell: there is one thread, so it has run when this returns, but nobody has waited for it.
 * `number` is null where the shell does not know of it and can never wait for it.
 */
export async function runBeside(
  shell: Shell,
  number: string | null,
  body: () => Promise<number>,
  isSubstitution = false,
): Promise<void> {
  const { clock, races } = shell.host;
  const goOn = clock.checkpoint();
  let status = 0;
  const job = await races.run(async () => {
    status = await body();
  }, isSubstitution);
  const catchUp = goOn();
  if (number === null) return;
  shell.background.set(number, { job, status, catchUp, isSubstitution, isWaitedFor: false });
  shell.lastBackground = number;
}

/** What `<(…)` has said when whoever reads it has reached its end. */
export function hasRunBeside(shell: Shell, number: string, status: number): void {
  shell.background.set(number, { job: null, status, catchUp() {}, isSubstitution: true, isWaitedFor: true });
  shell.lastBackground = number;
}
