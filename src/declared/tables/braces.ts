import { Unavailable } from '../../core/signals.ts';

/** Patterns that one pattern with braces may stand for. Ten pairs of `{a,b}` are a thousand already. */
const MOST_PATTERNS = 100;
/** No path is this long. */
const LONGEST = 1000;
export const TOO_MANY_CHOICES = `is longer than ${LONGEST} characters or stands for more than ${MOST_PATTERNS} patterns`;

/** Whether a pattern stands for more patterns than are looked for. */
export function hasTooManyChoices(pattern: string): boolean {
  return pattern.length > LONGEST || firstChoices(pattern).length > MOST_PATTERNS;
}

/** `a.{yml,yaml}` as the two patterns that it stands for. Throws `Unavailable` for one that stands for too many. */
export function expandBraces(pattern: string): readonly string[] {
  if (!hasTooManyChoices(pattern)) return firstChoices(pattern);
  throw new Unavailable(`\`${pattern.slice(0, 60)}…\` ${TOO_MANY_CHOICES}`, { isLasting: true });
}

/** What a pattern stands for, as far as one more than is looked for. */
function firstChoices(pattern: string): readonly string[] {
  const done: string[] = [];
  const pending = [pattern];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [whole, start = '', choices = '', end = ''] = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(next) ?? [];
    if (whole === undefined) done.push(next);
    else for (const choice of choices.split(',').toReversed()) pending.push(`${start}${choice}${end}`);
    if (done.length > MOST_PATTERNS) return done;
  }
  return done;
}
