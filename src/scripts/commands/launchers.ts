import type { Program } from '../shell/shell.ts';

export const sleep: Program = async (process) => {
  const seconds = process.args.map(secondsOf);
  if (seconds.length === 0 || seconds.some((each) => each === null)) {
    process.errors.write(`sleep: invalid time interval '${process.args.join(' ')}'\n`);
    if (/inf/i.test(process.args.join(' '))) process.shell.host.needs('sleep without an end');
    return 1;
  }
  for (const each of seconds) process.shell.host.clock.sleep(each ?? 0);
  return 0;
};

/** Stops what takes longer by the clock. What it would have done after that has been done here, which is known of `sleep` alone. */
export const timeout: Program = async (process) => {
  const words = [...process.args];
  while (/^-/.test(words[0] ?? '')) {
    const option = words.shift() ?? '';
    if (option === '-k' || option === '-s') words.shift();
    else if (!/^--(?:preserve-status|foreground|kill-after=.*|signal=.*)$/.test(option)) {
      process.shell.host.needs(`timeout ${option}`);
      return 125;
    }
  }
  const { host } = process.shell;
  const given = words.shift() ?? '';
  const limit = secondsOf(given);
  if (limit === null) host.needs(`timeout ${given}`);
  host.leansOn('time');
  const { passed } = host.clock;
  const status = await host.invoke(process.shell, words, { output: process.output, errors: process.errors });
  if (!limit || host.clock.passed - passed <= limit) return status;
  if (words[0] !== 'sleep') host.needs(`what ${words[0]} has done when timeout stops it`);
  return 124;
};

/** What `sleep` and `timeout` are given; null for what is none. */
function secondsOf(text: string): number | null {
  const [, amount, unit = 's'] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text) ?? [];
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
  return amount === undefined ? null : Number(amount) * (units[unit] ?? 1);
}

export const nice: Program = async (process) => {
  const words = process.args[0] === '-n' ? process.args.slice(2) : process.args;
  return process.shell.host.invoke(process.shell, words, { output: process.output, errors: process.errors });
};
