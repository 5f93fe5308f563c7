import { describe, expect, test } from 'vitest';
import { evaluateGates } from '../src/audit/evaluate.ts';
import { SnapshotReader } from '../src/audit/reader.ts';
import type { Example, Gate, Verdict } from '../src/core/gate.ts';
import { gates } from '../src/gates/index.ts';
import { memorySnapshot } from '../src/snapshot/memory.ts';

const NOW = '2026-02-17T20:00:00Z';
const byName = new Map(gates.map((gate) => [gate.name, gate]));

async function evaluate(gate: Gate, example: Example) {
  const modes = Object.fromEntries(
    (example.executable ?? []).map((path) => [path, '100755' as const]),
  );
  const { files, uncommitted = [], history } = example;
  const siblings = Object.entries(example.siblings ?? {}).map(
    ([name, siblingFiles]) =>
      [name, new SnapshotReader(name, memorySnapshot({ files: siblingFiles }))] as const,
  );
  const target = new SnapshotReader(
    'target',
    memorySnapshot({ files, modes, uncommitted, history }),
  );
  const now = Date.parse(example.now ?? NOW);
  const [evaluation] = await evaluateGates(
    { target, siblings: new Map(siblings), now, gates: byName },
    [gate],
  );
  return evaluation;
}

for (const gate of gates) {
  describe(gate.name, () => {
    const cases = Object.entries(gate.examples) as [Verdict, readonly Example[]][];
    for (const [verdict, examples] of cases) {
      test.each(examples.map((example) => [example.title, example] as const))(
        `${verdict}: %s`,
        async (_, example) => {
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
        },
      );
    }

    test('has examples of both verdicts and survives an empty repo', async () => {
      expect(gate.examples.pass.length).toBeGreaterThan(0);
      const empty = await evaluate(gate, { title: 'empty', files: {} });
      expect(['pass', 'fail', 'blind', 'skip']).toContain(empty?.verdict);
    });
  });
}
