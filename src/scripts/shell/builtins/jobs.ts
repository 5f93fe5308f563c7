import type { BackgroundJob, Shell } from '../shell.ts';
import type { Builtin } from './builtin.ts';

export const wait: Builtin = (shell, args) => {
  const [first] = args;
  if (first === undefined) return waitForAll(shell);
  if (first === '-n' && args.length === 1) return waitForAny(shell);
  let status = 0;
  for (const word of args) status = waitForOne(shell, word);
  return status;
};

function waitForOne(shell: Shell, word: string): number {
  if (/^[-%]/.test(word)) shell.host.needs(`wait ${word}`);
  if (!/^\d+$/.test(word)) {
    shell.complain(`wait: \`${word}': not a pid or valid job spec`);
    return 1;
  }
  const job = shell.background.get(word);
  if (!job) {
    shell.complain(`wait: pid ${word} is not a child of this shell`);
    return 127;
  }
  if (shell.endedJobs > 0) shell.host.needs('which jobs wait -n has waited for');
  waitFor(shell, job);
  return job.status;
}

function waitFor(shell: Shell, job: BackgroundJob): void {
  if (job.isWaitedFor) return;
  job.isWaitedFor = true;
  if (job.job) shell.host.races.waitedFor(job.job);
  job.catchUp();
}

/** It forgets whom it has waited for. Of those that run `>(…)` it waits for the one that was started last. */
function waitForAll(shell: Shell): number {
  for (const [number, job] of shell.background) {
    if (job.isSubstitution && number !== shell.lastBackground) continue;
    waitFor(shell, job);
    shell.background.delete(number);
  }
  shell.endedJobs = 0;
  return 0;
}

/** Whichever ends first: that all say the same is known, and whom it was only once all have ended. */
function waitForAny(shell: Shell): number {
  const left = [...shell.background.values()].filter(({ isWaitedFor }) => !isWaitedFor);
  const [first] = left;
  if (!first) return 127;
  if (left.some(({ status, isSubstitution }) => status !== first.status || isSubstitution))
    shell.host.needs('which job ends first');
  shell.endedJobs++;
  if (shell.endedJobs < left.length) return first.status;
  for (const job of left) waitFor(shell, job);
  shell.endedJobs = 0;
  return first.status;
}

/** From then on the shell knows nothing of its last job. */
export const disown: Builtin = (shell, args) => {
  if (args.length > 0 || shell.endedJobs > 0) shell.host.needs(`disown ${args.join(' ')}`.trim());
  const last = [...shell.background].findLast(([, { isWaitedFor, isSubstitution }]) => !isWaitedFor && !isSubstitution);
  if (!last) {
    shell.complain('disown: current: no such job');
    return 1;
  }
  shell.background.delete(last[0]);
  return 0;
};
