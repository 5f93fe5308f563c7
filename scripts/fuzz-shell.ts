/**
 * Runs random scripts in this machine's bash and in the engine until they differ in what they print or in their exit status.
 *   node scripts/fuzz-shell.ts [--runs 1000] [--seed 1] [--all]
 * Prints the smallest script that shows the difference; `--all` prints each that differs, as found, and goes on.
 * Where the engine says that it needs something, it claims nothing. A difference belongs into test/scripts/snippets.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { runSnippet } from '../test/scripts/snippet.ts';
import { scripts } from './fuzz-shell/grammar.ts';
import { runReal } from './shell/real-shell.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
});

interface Difference {
  readonly real: string;
  readonly ours: string;
  /** Bash fails and the engine does not: a false green. */
  readonly isLaxer: boolean;
}

const counts = { same: 0, blind: 0, different: 0, laxer: 0 };
/** How often each need made the engine blind. */
const needs = new Map<string, number>();

async function differenceIn(script: string): Promise<Difference | null> {
  const run = await runSnippet(script);
  if (run.needs.length > 0 || run.limit !== null) {
    counts.blind++;
    for (const { what } of run.needs) needs.set(what, (needs.get(what) ?? 0) + 1);
    return null;
  }
  const real = runReal(script);
  if (real.status === run.status && real.output === run.output) {
    counts.same++;
    return null;
  }
  const isLaxer = real.status !== 0 && run.status === 0;
  counts.different++;
  if (isLaxer) counts.laxer++;
  return { real: `${real.output}[${real.status}]`, ours: `${run.output}[${run.status}]`, isLaxer };
}

function shown(script: string, { real, ours, isLaxer }: Difference): string {
  return `=== ${isLaxer ? 'LAXER' : 'differs'}\n${script}--- bash\n${real}\n--- engine\n${ours}\n`;
}

const parameters = { numRuns: Number(values.runs), seed: Number(values.seed) };
if (values.all) {
  for (const script of fc.sample(scripts, parameters)) {
    const difference = await differenceIn(script);
    if (difference) console.log(shown(script, difference));
  }
} else {
  const property = fc.asyncProperty(scripts, async (script) => {
    const difference = await differenceIn(script);
    if (difference) throw new Error(shown(script, difference));
  });
  const details = await fc.check(property, parameters);
  if (details.failed) console.log(`${details.errorInstance instanceof Error ? details.errorInstance.message : ''}`);
}
const often = [...needs].sort(([, one], [, other]) => other - one).slice(0, 10);
console.log(`blind for ${often.map(([what, count]) => `${what} (${count})`).join(', ')}`);
console.log(`${counts.same} the same, ${counts.different} different (${counts.laxer} laxer), ${counts.blind} blind`);
process.exitCode = counts.different > 0 ? 1 : 0;
