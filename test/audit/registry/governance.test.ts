import { describe, expect, test } from 'vitest';
import { CouldNotAudit } from '../../../src/audit/registry/could-not-audit.ts';
import { GOVERNANCE_FILES } from '../../../src/audit/registry/governance.ts';
import { resolveLanes } from '../../../src/audit/registry/lanes.ts';
import { runAudit } from '../../../src/audit/run.ts';
import { Unavailable } from '../../../src/core/signals.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { summarize } from '../../../src/inbox/plan/summary.ts';
import { EMPTY_INBOX } from '../../../src/inbox/state.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';
import { governanceFiles, governanceOf, NOW } from '../governed-repo.ts';

const { topology, registry, domains } = GOVERNANCE_FILES;
const SECTIONS = [
  [topology, 'gate_assignments'],
  [registry, 'gates'],
  [domains, 'domains'],
] as const;

const SOUND = governanceFiles({
  topology: 'gate_assignments: [{ gate_id: D1, primary_domain: aof }]\n',
  registry: 'gates: [{ id: D1, check_script: x.sh, inline: true }]\n',
});

/** What an audit of these files ends with, as one line: an error's name and message, or the lanes. */
async function audit(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  return auditOf(memorySnapshot({ files }));
}

async function auditOf(target: Snapshot): Promise<string> {
  const request = {
    target,
    siblings: {},
    now: NOW,
    gates: [],
    defaultRegistry: { gates: [], lanes: [] },
  };
  try {
    const { report } = await runAudit(request);
    return `lanes ${report.lanes.map(({ id }) => id).join(' ')}`;
  } catch (error) {
    return error instanceof Error ? `${error.name} ${error.message}` : String(error);
  }
}

describe('a link that leads nowhere in the repository is no repository without governance', () => {
  test.each([
    ['a file', registry, '/srv/ops/gate.registry.yaml'],
    ['a file that is itself', registry, 'gate.registry.yaml'],
    ['the folder', 'ops/bindings', '/srv/ops/bindings'],
    ['a folder above it', 'ops', '../shared'],
  ])('%s', async (_, path, target) => {
    const snapshot = memorySnapshot({ files: { 'a.yaml': 'a: 1\n', [path]: target }, modes: { [path]: '120000' } });
    expect(await auditOf(snapshot)).toMatch(new RegExp(`^CouldNotAudit ${path}: this symbolic link leads nowhere`));
  });

  test('one that leads to a folder without them is', async () => {
    const snapshot = memorySnapshot({ files: { 'a/b.yaml': 'a: 1\n', ops: 'a' }, modes: { ops: '120000' } });
    expect(await auditOf(snapshot)).toBe('lanes ');
  });
});

test('sound files give lanes', async () => expect(await audit(SOUND)).toBe('lanes aof'));

describe.each(SECTIONS)('%s', (path, section) => {
  test('missing', async () => {
    const { [path]: _, ...others } = SOUND;
    const outcome = await audit(others);
    expect(outcome).toMatch(new RegExp(`^CouldNotAudit ${path}: this governance file is missing.*lanekeeper.yaml`));
  });

  test.each([
    ['a folder', '', 'x', '100644'],
    ['a submodule', '', '', '160000'],
  ] as const)('%s in its place', async (_, text, name, mode) => {
    const place = name === '' ? path : `${path}/${name}`;
    const { [path]: _file, ...others } = SOUND;
    const target = memorySnapshot({ files: { ...others, [place]: text }, modes: { [place]: mode } });
    expect(await auditOf(target)).toMatch(
      new RegExp(`^CouldNotAudit ${path}: this governance file is a folder or a submodule in place of a file`),
    );
  });

  test('a link that leads nowhere in its place', async () => {
    const target = memorySnapshot({ files: { ...SOUND, [path]: 'gone.yaml' }, modes: { [path]: '120000' } });
    expect(await auditOf(target)).toMatch(new RegExp(`^CouldNotAudit ${path}: this symbolic link leads nowhere`));
  });

  test.each([
    ['not YAML', `version: 1\n${section}: [\n`, 'not readable as YAML.* Correct the YAML'],
    ['not text', `${section}:\n\u0000\u0001`, 'not readable as YAML.* Correct the YAML'],
    ['a list', `\n- ${section}\n`, `cannot look up .${section}. in a list. Correct the YAML`],
    ['a bare text', 'version\n', `.${section}. is missing or empty. Restore it`],
    ['empty', '', `.${section}. is missing or empty. Restore it`],
    ['without its section', 'version: 1\nother: []\n', `.${section}. is missing or empty. Restore it`],
    ['with a null for its section', `version: 1\n${section}:\n`, `.${section}. is missing or empty. Restore it`],
    ['with a bare text for its section', `version: 1\n${section}: none\n`, `.${section}. is a bare text. Restore it`],
  ])('%s', async (_, text, expected) => {
    expect(await audit({ ...SOUND, [path]: text })).toMatch(new RegExp(`^CouldNotAudit ${path}:\\d+: ${expected}`));
  });

  test('that cannot be had now is no fault of the repo', async () => {
    const target = memorySnapshot({ files: SOUND, unavailable: { [path]: 'the API said 502' } });
    const auditing = runAudit({ target, siblings: {}, now: NOW, gates: [], defaultRegistry: { gates: [], lanes: [] } });
    await expect(auditing).rejects.toThrow(Unavailable);
  });
});

test.each([
  [topology, 'gate_assignments: []\ncore_mode:\n  - D3\n', 2],
  [topology, 'gate_assignments:\n  - { gate_id: D1 }\n  - [D1, aof]\n', 3],
  [topology, 'gate_assignments: []\ndomain_metadata:\n\n  - [aof]\n', 4],
  [registry, 'gates:\n  - id: D1\n  - [D2]\n', 3],
  [domains, 'domains:\n  - aof\n', 1],
  [domains, 'domains:\n  aof: {}\n  rag: [D1]\n', 3],
])('%s with a list where a map belongs: %j is refused at line %i', async (path, text, line) => {
  expect(await audit({ ...SOUND, [path]: text })).toMatch(
    new RegExp(`^CouldNotAudit ${path}:${line}: .* Correct the YAML`),
  );
});

test('without a gate in any lane there is nothing to be green about', async () => {
  const expected = `CouldNotAudit ${topology}: no lane has a gate. Assign gates to domains under \`gate_assignments\`.`;
  expect(await audit(governanceFiles())).toBe(expected);
});

test('lists that are written as empty are fine', async () => {
  const files = governanceFiles({ domains: 'domains: { rag: { gate_ids: [D1] } }\n' });
  expect(await audit(files)).toBe('lanes rag');
});

test('odd entries are passed over', async () => {
  const files = governanceFiles({
    topology: 'gate_assignments: [~, D1, { gate_id: D2, primary_domain: aof }]\ndomain_metadata: [aof, ~, {}]\n',
    registry: 'gates: [D1, ~, { name: nameless }, { id: D2 }]\n',
  });
  const governance = await governanceOf(files);
  expect(resolveLanes(governance)).toEqual([{ id: 'aof', gates: ['D2'] }]);
  expect([...governance.gates.keys()]).toEqual(['D2']);
  expect(governance.domains).toEqual([]);
});

test('entries without a usable name are named, in the report and in the Gap inbox', async () => {
  const files = governanceFiles({
    topology: [
      'core_mode: { core_gate_ids: [D2, ~, ""] }',
      'gate_assignments:',
      '  - ~',
      '  - { primary_domain: aof }',
      '  - { gate_id: "", primary_domain: aof }',
      '  - { gate_id: false, primary_domain: aof }',
      '  - { gate_id: [D2], primary_domain: aof }',
      '  - { gate_id: 2, primary_domain: aof }',
      'domain_metadata: [{ path_triggers: [ops/] }]',
      'release_sequence: [~]',
      '',
    ].join('\n'),
    registry: 'gates:\n  - { name: nameless }\n  - D1\n  - { id: D2, name: ~, check_script: x.sh, inline: true }\n',
    domains: 'domains: { rag: { gate_ids: [~] } }\n',
  });
  const request = { siblings: {}, now: NOW, gates: [], defaultRegistry: { gates: [], lanes: [] } };
  const { report } = await runAudit({ ...request, target: memorySnapshot({ files }) });
  const inLane = 'so it puts no gate into a lane';
  expect(report.unusable).toEqual([
    `${topology}:1: this entry is empty, ${inLane}.`,
    `${topology}:1: this entry is empty, ${inLane}.`,
    `${topology}:3: this entry has no \`gate_id\`, ${inLane}.`,
    `${topology}:4: this entry has no \`gate_id\`, ${inLane}.`,
    `${topology}:5: this entry has no \`gate_id\`, ${inLane}.`,
    `${topology}:6: this entry has no \`gate_id\`, ${inLane}.`,
    `${topology}:7: this entry has a list for a name, ${inLane}.`,
    `${topology}:9: this entry has no \`domain_id\`, so it makes no lane.`,
    `${topology}:10: this entry is empty, so it orders no lane.`,
    `${domains}:1: this entry is empty, ${inLane}.`,
    '2 more entries have no usable name.',
  ]);
  // They are no reason to call an audit incomplete: the repo's own tools pass over them too.
  expect(report.complete).toBe(true);
  const { errors } = summarize(report, { active: [], problems: [], isReadable: true }, EMPTY_INBOX);
  expect(errors).toEqual(expect.arrayContaining([...(report.unusable ?? [])]));
  expect(errors).toContain('D2 is in a lane, and the gate registry has no name for it, so it cannot have an issue.');
});

test('the place of a fault is there for whoever wants to link to it', async () => {
  const reading = governanceOf({ ...SOUND, [registry]: 'gates:\n  - id: [\n' });
  await expect(reading).rejects.toThrow(CouldNotAudit);
  await expect(reading).rejects.toMatchObject({ place: { repo: 'target', path: registry, line: 3 } });
});

test.each(['- gate: D1\n', 'waivers: ['])('waivers that cannot be read are told and stop nothing: %j', async (text) => {
  const target = memorySnapshot({ files: { ...SOUND, 'ops/bindings/audit.waivers.yaml': text } });
  const { report, waivers } = await runAudit({
    target,
    siblings: {},
    now: NOW,
    gates: [],
    defaultRegistry: { gates: [], lanes: [] },
  });
  expect(report.lanes).toHaveLength(1);
  expect(waivers).toMatchObject({ active: [], isReadable: false });
  expect(waivers.problems).toHaveLength(1);
});

test('a gate by itself needs no governance file', async () => {
  const defaultRegistry = {
    lanes: [],
    gates: [
      { id: 'D1', name: 'x', category: '', severity: '', fixHint: '', script: '', isRetired: false, isInline: false },
    ],
  };
  const request = { target: memorySnapshot({ files: {} }), siblings: {}, now: NOW, gates: [], defaultRegistry };
  const { report } = await runAudit({ ...request, only: ['D1'] });
  expect(report.gates).toMatchObject([{ number: 'D1', verdict: 'skip' }]);
  await expect(runAudit({ ...request, only: ['D999'] })).rejects.toThrow('there is no gate `D999`');
});
