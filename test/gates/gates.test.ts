import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exampleWorld } from '../../scripts/example-world.ts';
import { evaluateGates } from '../../src/audit/evaluate.ts';
import type { Example, Gate, GateExamples } from '../../src/core/gate.ts';
import { gates } from '../../src/gates/index.ts';
import type { NearMisses } from '../parity/near-misses.ts';

const byName = new Map(gates.map((gate) => [gate.name, gate]));

/** Where examples stand that are not in a gate: what scripts make of odd input, and more states of our own lane. */
const NEAR_MISSES = ['../parity', './resilience', './basics'];

/** Scripts that pass when nothing is there; ours say the same. Every other gate has to notice. */
const PASSES_ON_NOTHING = [
  'codex-worktree-hygiene',
  'github-actions-drift-gate',
  'infra-relocation-parity-lock',
  'output-vocabulary-lock',
];

async function nearMisses(): Promise<ReadonlyMap<string, Partial<GateExamples>>> {
  const found = new Map<string, Partial<GateExamples>>();
  for (const folder of NEAR_MISSES) {
    const files = await readdir(join(import.meta.dirname, folder)).catch(() => []);
    for (const file of files.filter((name) => /^(?!near-misses\.)[^.]+\.ts$/.test(name))) {
      const { default: more }: { default: NearMisses } = await import(join(import.meta.dirname, folder, file));
      expect(`${more.gate.name}.ts`, 'the file is named after its gate').toBe(file);
      found.set(more.gate.name, more.examples);
    }
  }
  return found;
}

async function evaluate(gate: Gate, example: Example) {
  const [evaluation] = await evaluateGates(exampleWorld(example, byName), [gate]);
  if (!evaluation) throw new Error(`no evaluation of ${gate.name}`);
  return evaluation;
}

function judges(gate: Gate, examples: Partial<GateExamples>): void {
  for (const [verdict, cases] of Object.entries(examples)) {
    test.each(cases.map((example) => [example.title, example] as const))(`${verdict}: %s`, async (_, example) => {
      const evaluation = await evaluate(gate, example);
      const finds = evaluation.findings.map(({ rule, subject }) => `${rule} ${subject}`);
      expect({ verdict: evaluation.verdict, finds }, evaluation.reason).toEqual({
        verdict,
        finds: example.finds ?? [],
      });
    });
  }
}

const more = await nearMisses();

for (const gate of gates) {
  describe(gate.name, () => {
    judges(gate, gate.examples);
    judges(gate, more.get(gate.name) ?? {});

    test('shows a state that passes, and one that fails for each of its rules', () => {
      expect(gate.examples.pass.length).toBeGreaterThan(0);
      const shown = gate.examples.fail.flatMap(({ finds = [] }) => finds.map((find) => find.split(' ')[0]));
      const rules = Object.keys(gate.rules).map((rule) => rule.split(':')[0]);
      expect(rules.filter((rule) => !shown.includes(rule))).toEqual([]);
    });

    test('notices that nothing is there', async () => {
      const { verdict, reason } = await evaluate(gate, { title: 'nothing', files: {} });
      const allowed = PASSES_ON_NOTHING.includes(gate.name) ? ['pass'] : gate.own ? ['skip'] : ['fail', 'blind'];
      expect(allowed, reason).toContain(verdict);
    });
  });
}

test.each(['catalog-freshness-lock', 'ha-ssot-baseline-freshness', 'ssot-freshness-lock'])(
  '%s passes until a date is too old, and need not be asked before',
  async (name) => {
    const gate = byName.get(name);
    const at = (example: Example, now: number) => ({ ...example, now: new Date(now).toISOString() });
    let dated = 0;
    for (const example of gate?.examples.pass ?? []) {
      if (!gate) return;
      const { flipsAt } = (await evaluate(gate, example)).trace;
      if (flipsAt === null) continue;
      dated += 1;
      expect((await evaluate(gate, at(example, flipsAt - 1))).verdict).toBe('pass');
      expect((await evaluate(gate, at(example, flipsAt))).verdict).toBe('fail');
    }
    expect(dated).toBeGreaterThan(0);
  },
);
