import { describe, expect, test } from 'vitest';
import { exampleWorld } from '../../scripts/example-world.ts';
import { evaluateGates } from '../../src/audit/evaluate.ts';
import type { Example, Gate, Verdict } from '../../src/core/gate.ts';
import { gates } from '../../src/gates/index.ts';

const byName = new Map(gates.map((gate) => [gate.name, gate]));

async function evaluate(gate: Gate, example: Example) {
  const [evaluation] = await evaluateGates(exampleWorld(example, byName), [gate]);
  return evaluation;
}

for (const gate of gates) {
  describe(gate.name, () => {
    const cases = Object.entries(gate.examples) as [Verdict, readonly Example[]][];
    for (const [verdict, examples] of cases) {
      test.each(examples.map((example) => [example.title, example] as const))(`${verdict}: %s`, async (_, example) => {
        const evaluation = await evaluate(gate, example);
        const finds = evaluation?.findings.map(({ rule, subject }) => `${rule} ${subject}`) ?? [];
        expect({
          verdict: evaluation?.verdict,
          finds,
          reason: verdict === 'crashed' ? undefined : evaluation?.reason,
        }).toEqual({
          verdict,
          finds: example.finds ?? [],
          reason: evaluation?.reason,
        });
      });
    }

    test('has examples of both verdicts and survives an empty repo', async () => {
      expect(gate.examples.pass.length).toBeGreaterThan(0);
      const empty = await evaluate(gate, { title: 'empty', files: {} });
      expect(['pass', 'fail', 'blind', 'skip']).toContain(empty?.verdict);
    });
  });
}
