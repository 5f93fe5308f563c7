import { expect, test } from 'vitest';
import { runAudit } from '../../src/audit/run.ts';
import { problemLine } from '../../src/core/declaration.ts';
import { readDeclaredGates } from '../../src/declared/declare.ts';
import { checkGates } from '../../src/reported/check-gates.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { auditDeclared } from './declared-repo.ts';

async function mistakesIn(text: string): Promise<readonly string[]> {
  const { report } = await auditDeclared({ 'lanekeeper.yaml': text });
  return (report.problems ?? []).map(problemLine);
}

test('a command is a gate that an audit leaves blind, with all that a gate says of itself', async () => {
  const text = `lane: infra
gates:
  - id: plan-is-empty
    run: bash scripts/plan.sh
    timeout: 300
    severity: critical
    why: Drift is found out in an outage.
    fix: Apply it.
    owner: "@tove"
    say: The plan is not empty.
`;
  const { report } = await auditDeclared({ 'lanekeeper.yaml': text });
  expect(report.gates).toMatchObject([
    {
      name: 'plan-is-empty',
      verdict: 'blind',
      reason: 'a run of `bash scripts/plan.sh` decides it, and an audit runs nothing',
      runs: 'bash scripts/plan.sh',
      severity: 'critical',
      lanes: ['infra'],
      fixHint: 'Apply it. Ask @tove.',
    },
  ]);
  expect([report.complete, report.lanes[0]?.blind]).toEqual([true, 1]);
});

test('every check that is named is a gate, each once, across all gate files', async () => {
  const files = {
    'lanekeeper.yaml': 'include: gates/*.yaml\nchecks: [pytest, Nightly / plan]\n',
    'gates/more.yaml': 'checks: pytest\n',
  };
  const { report } = await runAudit({
    target: memorySnapshot({ files }),
    siblings: {},
    now: Date.parse('2026-11-28T06:00:00Z'),
    gates: [],
    defaultRegistry: { gates: [], lanes: [] },
    declare: (repo, taken) => readDeclaredGates(repo, { taken }),
    checks: async (names) => checkGates(names, { unread: 'nobody asked' }),
  });
  expect(report.gates.map(({ number, name, verdict }) => `${number} ${name} ${verdict}`)).toEqual([
    'C1 check: pytest blind',
    'C2 check: Nightly / plan blind',
  ]);
});

test.each([
  [
    'a word that is nearly `run`',
    'gates:\n  - { id: g, ran: ls }\n',
    '2:14: `ran` means nothing here: did you mean `run`?',
  ],
  [
    'a word that is nearly `timeout`',
    'gates:\n  - { id: g, run: ls, timeut: 3 }\n',
    '2:23: `timeut` means nothing here: did you mean `timeout`?',
  ],
  ['a timeout without an end', 'gates:\n  - { id: g, run: ls, timeout: 99999 }\n', /^lanekeeper.yaml:2:32: `timeout` /],
  ['a list of commands', 'gates:\n  - { id: g, run: [ls] }\n', '2:19: `run` is not a text'],
  ['a minimum', 'gates:\n  - { id: g, run: ls, min: 1 }\n', /:2:23: `min` does not go with `run`$/],
  [
    'a rule beside it',
    'gates:\n  - { id: g, run: ls, unique: a.b }\n',
    '2:14: `run` does not go with `unique`: a gate says one thing',
  ],
  ['a word that is nearly `checks`', 'check: [pytest]\n', '1:1: `check` means nothing here: did you mean `checks`?'],
  ['checks that are no names', 'checks: { pytest: true }\n', '1:9: `checks` is not a text or a list of texts'],
])('%s is a mistake with its place', async (_, text, mistake) => {
  const [found] = await mistakesIn(text);
  expect(found).toEqual(
    typeof mistake === 'string' ? expect.stringContaining(mistake) : expect.stringMatching(mistake),
  );
});
