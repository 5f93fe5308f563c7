import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Parser } from 'yaml';
import { runAudit } from '../../src/audit/run.ts';
import type { Gate } from '../../src/core/gate.ts';
import type { Repo } from '../../src/core/repo.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';
import { governanceFiles, NOW } from './governed-repo.ts';

const MERGES = `base: &a\n${Array.from({ length: 3000 }, (_, n) => `  k${n}: 1\n`).join('')}vms:\n  <<: [${Array(3000).fill('*a').join(', ')}]\n`;
const DISTINCT = `${Array.from({ length: 2500 }, (_, n) => `a${n}: &a${n} { <<: ${n ? `[*a${n - 1}]` : '[]'}, k${n}: 1 }\n`).join('')}vms: *a2499\n`;

const LAUGHS = `l0: &l0 [x]\n${Array.from({ length: 60 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]\n`).join('')}vms: *l60\n`;

/** Each with what the gate that reads it says in the end. */
const BOMBS: readonly (readonly [string, string, RegExp])[] = [
  ['one map merged again and again', MERGES, /^pass/],
  ['a chain of merges', DISTINCT, /^crashed more than 200 merge keys/],
  ['aliases that multiply', LAUGHS, /^pass/],
  ['nothing but comments', '#\n'.repeat(1_450_000), /^blind bomb\.yaml:300001 could not be read: it has more than/],
  ['nothing but blank lines', `vms: 1\n${'\n'.repeat(2_900_000)}`, /^blind bomb\.yaml:\d+ could not be read/],
  ['a list without end', `vms: [${'1,'.repeat(1_400_000)}]`, /^blind bomb\.yaml:1 could not be read/],
  ['a list of maps', `vms:\n${'- {x: 1}\n'.repeat(60_000)}`, /^blind bomb\.yaml:54547 could not be read/],
  ['documents without end', '---\n'.repeat(700_000), /^blind bomb\.yaml:\d+ could not be read/],
  ['many documents', '---\n'.repeat(250_000), /^blind bomb\.yaml:5001 could not be read: .* 5,000 documents/],
  ['brackets without end', '['.repeat(100_000), /^fail .*nested more than 256 levels deep/],
  ['keys in keys', Array.from({ length: 2000 }, (_, n) => `${' '.repeat(n)}a:\n`).join(''), /^fail .*256 levels deep/],
  ['one line of three megabytes', `vms: ${'x'.repeat(2_900_000)}`, /^pass/],
  ['a number of a million digits', `vms: ${'9'.repeat(1_000_000)}`, /^pass/],
  ['escapes that mean nothing', `vms: "${'\\q'.repeat(700_000)}"`, /^fail bomb\.yaml:1 .*Invalid escape sequence \\q$/],
  ['mistakes without end', `vms: [${'"a" "b",'.repeat(70_000)}]`, /^fail .*Missing , or : between/],
  ['brackets that close nothing', `vms: [\n${'}\n'.repeat(200_000)}`, /^fail bomb\.yaml:2 /],
  ['tags without end', `vms: [${'!<tag:x> a,'.repeat(60_000)}]`, /^pass/],
];

/** Pieces of YAML that were parsed, of all files together. */
let parsed = 0;
const { next } = Parser.prototype;
beforeEach(() => {
  parsed = 0;
  Parser.prototype.next = function* (piece) {
    parsed++;
    yield* next.call(this, piece);
  };
});
afterEach(() => {
  Parser.prototype.next = next;
});

function gate(name: string, read: (repo: Repo) => unknown): Gate {
  const check: Gate['check'] = ({ repo }) => {
    read(repo);
    return [];
  };
  return { name, mirrors: [], why: '', fix: '', reads: [], rules: {}, check, examples: { pass: [], fail: [] } };
}

function looksAt(repo: Repo): void {
  const vms = repo.yaml('bomb.yaml').get('vms');
  for (const item of vms.items) if (item.kind === 'map') item.get('x');
}

const SCRIPT = 'check.sh';
const registry = `gates: [${['bomb', 'calm'].map((name) => `{ id: D${name.length}-${name}, name: ${name}, check_script: ${SCRIPT} }`)}]\n`;
const topology =
  'gate_assignments: [{ gate_id: D4-bomb, primary_domain: aof }, { gate_id: D4-calm, primary_domain: aof }]\n';
const REQUEST = { siblings: {}, now: NOW, defaultRegistry: { gates: [], lanes: [] } };

async function audit(bomb: string, read: (repo: Repo) => unknown = looksAt) {
  const files = { ...governanceFiles({ registry, topology }), [SCRIPT]: '', 'bomb.yaml': bomb };
  const target = memorySnapshot({ files, modes: { [SCRIPT]: '100755' } });
  const gates = [gate('bomb', read), gate('calm', (repo) => repo.isFile(SCRIPT))];
  const before = process.cpuUsage();
  const { report } = await runAudit({ ...REQUEST, target, gates });
  const { user, system } = process.cpuUsage(before);
  const [first, second] = report.gates.map(({ verdict, reason = '', findings }) =>
    [verdict, [reason, ...findings.map(({ path, line, message }) => `${path}:${line} ${message}`)].join('')].join(' '),
  );
  return { first, second, seconds: (user + system) / 1_000_000 };
}

test.each(BOMBS)('%s ends as one gate, soon, and the others go on', { timeout: 60_000 }, async (_, bomb, expected) => {
  const { first, second, seconds } = await audit(bomb);
  expect(first).toMatch(expected);
  expect(second).toBe('pass ');
  expect(parsed, 'what is refused is not even parsed').toBeLessThan(
    /could not be read/.test(first ?? '') ? 20_000 : 600_000,
  );
  // Less than a second of an idle machine; a busy one takes longer to do the same.
  expect(seconds).toBeLessThan(4);
});

test('a gate that never stops reading is ended by its budget', { timeout: 60_000 }, async () => {
  const endless = (repo: Repo) => {
    for (;;) for (const item of repo.yaml('bomb.yaml').get('vms').items) item.get('x');
  };
  const { first, second } = await audit(`vms: [${'{ x: 1 }, '.repeat(1000)}]`, endless);
  expect(first).toMatch(/^crashed reading bomb\.yaml:\d+ takes more than 5,000,000 steps/);
  expect(second).toBe('pass ');
});

describe('the same in a governance file', () => {
  test.each([
    ['a chain of merges', DISTINCT.replace('vms: *a2499', 'gates: { <<: *a2499 }'), 'more than 200 merge keys'],
    ['comments', `gates: []\n${'#\n'.repeat(1_400_000)}`, 'it has more than the 600,000'],
  ])('%s: could not audit, with file and remedy', { timeout: 60_000 }, async (_, text, expected) => {
    const files = governanceFiles({ topology, registry: text });
    const auditing = runAudit({ ...REQUEST, target: memorySnapshot({ files }), gates: [] });
    await expect(auditing).rejects.toMatchObject({ name: 'CouldNotAudit' });
    await expect(auditing).rejects.toThrow(expected);
    await expect(auditing).rejects.toThrow(/^ops\/bindings\/gate\.registry\.yaml:\d+.*othing was audited\.$/);
  });
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'names from the repo are names: a gate, an id and a domain called %s',
  async (name) => {
    const files = {
      ...governanceFiles({
        topology: `gate_assignments: [{ gate_id: ${name}, primary_domain: ${name} }, { gate_id: D1, primary_domain: ${name} }]\n`,
        registry: `gates: [{ id: D1, name: ${name}, check_script: ${SCRIPT} }]\n`,
      }),
      [SCRIPT]: '',
    };
    const target = memorySnapshot({ files, modes: { [SCRIPT]: '100755' } });
    const { report } = await runAudit({ ...REQUEST, target, gates: [] });
    expect(report.lanes.map(({ id, total }) => `${id} ${total}`)).toEqual([`${name} 2`]);
    expect(report.gates.map(({ number, verdict }) => `${number} ${verdict}`).toSorted()).toEqual(
      [`${name} fail`, 'D1 skip'].toSorted(),
    );
  },
);
