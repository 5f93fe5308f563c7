/** What grows with what the audited repo holds grows in proportion: eight times as much takes nowhere near sixty-four times as long. */
import { expect, test } from 'vitest';
import { cpuOf, manyFindings } from '../../scripts/bench/growth.ts';
import { runAudit } from '../../src/audit/run.ts';
import type { Gate } from '../../src/core/gate.ts';
import { redactText } from '../../src/core/text/redact.ts';
import { parseSource } from '../../src/core/yaml/source.ts';
import { summarizeAudit } from '../../src/formats/summary.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { kvStore } from '../../src/store/kv.ts';
import { memoryKeyValue } from '../../src/store/memory.ts';
import { governanceFiles } from '../audit/governed-repo.ts';
import { audits } from '../web/fixture.ts';

const TIMES = 8;
/** Between what is linear (8) and what is quadratic (64), since other work on the machine is measured, too. */
const MOST = 28;

function lanes(count: number): () => Promise<unknown> {
  const gates = Array.from({ length: count }, (_, index): Gate => {
    return {
      name: `gate-${index}`,
      mirrors: [],
      why: '',
      fix: '',
      reads: [],
      rules: {},
      *check() {},
      examples: { pass: [], fail: [] },
    };
  });
  const assigned = gates.map(
    (_, index) => `{ gate_id: D${index}, primary_domain: d${index}, secondary_domains: [all] }`,
  );
  const registered = gates.map(({ name }, index) => `{ id: D${index}, name: ${name}, check_script: check.sh }`);
  const files = governanceFiles({
    topology: `gate_assignments: [${assigned}]\n`,
    registry: `gates: [${registered}]\n`,
  });
  const target = memorySnapshot({ files: { ...files, 'check.sh': '' }, modes: { 'check.sh': '100755' } });
  return () => runAudit({ target, siblings: {}, now: 0, gates, defaultRegistry: { gates: [], lanes: [] } });
}

/** One gate that finds each line of a file. */
function findings(count: number): () => Promise<unknown> {
  const { target, gate } = manyFindings(count);
  const request = { target, siblings: {}, now: 0, gates: [gate] };
  return () => runAudit({ ...request, defaultRegistry: { gates: [], lanes: [] }, lanes: ['basics'], detailed: true });
}

/** An audit with so many lanes, of which the metadata of KV takes few. */
function stored(count: number): () => Promise<unknown> {
  const last = audits().at(-1);
  if (!last) throw new Error('no audit');
  const many = Array.from({ length: count }, (_, index) => ({ ...last.report.lanes[0], id: `lane-${index}` }));
  const audit = { ...last, report: { ...last.report, lanes: many } } as typeof last;
  const summary = summarizeAudit('you/homelab', audit, null);
  return () => kvStore(memoryKeyValue()).save('you/homelab', audit, summary);
}

const secrets = (length: number) => 'token: abc, --password x https://a:b@c/ '.repeat(length / 40);

test.each<[what: string, size: number, work: (size: number) => () => unknown]>([
  ['a YAML file of comment lines', 6_000, (size) => () => parseSource('#\n'.repeat(size), 'target', 'a.yaml')],
  [
    'a YAML file of blank lines',
    6_000,
    (size) => () => parseSource(`a: 1${'\n'.repeat(size)}b: 1`, 'target', 'a.yaml'),
  ],
  ['a list in YAML', 1_500, (size) => () => parseSource('- { a: 1, b: 2 }\n'.repeat(size), 'target', 'a.yaml')],
  ['masking a long sentence', 12_000, (size) => () => redactText(secrets(size))],
  ['masking a long word', 40_000, (size) => () => redactText('aB3'.repeat(size / 3))],
  ['lanes that share gates', 60, lanes],
  ['metadata that does not fit', 500, stored],
  ['findings that are quoted', 500, findings],
])('%s', { timeout: 60_000 }, async (_, size, work) => {
  const [one, many] = [work(size), work(size * TIMES)];
  await one();
  expect((await cpuOf(many)) / Math.max(1, await cpuOf(one))).toBeLessThan(MOST);
});
