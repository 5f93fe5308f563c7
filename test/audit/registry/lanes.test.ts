import { describe, expect, it, test } from 'vitest';
import { SnapshotReader } from '../../../src/audit/read/reader.ts';
import { untilRead } from '../../../src/audit/read/until-all-read.ts';
import { viewOf } from '../../../src/audit/read/view.ts';
import { type Governance, readGovernance } from '../../../src/audit/registry/governance.ts';
import {
  byNaturalOrder,
  domainGates,
  lanesTouched,
  normalizeDomain,
  resolveLanes,
} from '../../../src/audit/registry/lanes.ts';
import { selectGoverned } from '../../../src/audit/registry/select.ts';
import { runAudit } from '../../../src/audit/run.ts';
import { createClock } from '../../../src/core/clock.ts';
import { gateFinding } from '../../../src/core/finding.ts';
import type { Gate } from '../../../src/core/gate.ts';
import { createTrace } from '../../../src/core/trace.ts';
import { directorySnapshot } from '../../../src/snapshot/clone/directory.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';
import { type GovernanceTexts, governanceFiles, governanceOf, NOW } from '../governed-repo.ts';

// Every fact here is one of docs/lanes.md.

const NOTHING_GOVERNED: Governance = {
  coreGates: [],
  assignments: [],
  domains: [],
  releaseSequence: [],
  profiles: new Map(),
  gates: new Map(),
  bypass: undefined,
  unusable: [],
};

const governed = (texts: GovernanceTexts, now?: number) => governanceOf(governanceFiles(texts), now);

async function lanesOf(texts: GovernanceTexts) {
  const lanes = resolveLanes(await governed(texts));
  return Object.fromEntries(lanes.map(({ id, gates }) => [id, gates.join(' ')]));
}

describe('1: names of domains', () => {
  test.each([
    ['loop-gap', 'loop_gap'],
    ['home-automation', 'home'],
    ['finance-ops', 'finance'],
    ['automation', 'n8n'],
    ['photos', 'immich'],
    ['identity', 'ms-graph'],
    ['email', 'ms-graph'],
    ['calendar', 'ms-graph'],
    ['graph', 'ms-graph'],
    ['ms_graph', 'ms-graph'],
    ['msgraph', 'ms-graph'],
  ])('%s is %s', (alias, domain) => expect(normalizeDomain(alias)).toBe(domain));

  test.each(['Photos', 'infra', 'ms-graph', 'core', 'constructor', ''])('%j stays', (name) =>
    expect(normalizeDomain(name)).toBe(name),
  );
});

describe('2: gate sets', () => {
  test('the core lane keeps the order of the file; profile and limit have no say', async () => {
    const lanes = await lanesOf({
      topology: 'core_mode: { core_gate_ids: [D63, "", D3, D63, D121], core_count_limit: 1 }\ngate_assignments: []\n',
      domains: 'domains: { core: { gate_ids: [D1, D2] } }\n',
    });
    expect(lanes).toEqual({ core: 'D63 D3 D121', 'core-domain': 'D1 D2' });
  });

  test('a domain has the gates assigned to it first or second, in natural order, each once', async () => {
    const topology = `gate_assignments:
  - { gate_id: D100, primary_domain: infra }
  - { gate_id: D3, primary_domain: core, secondary_domains: [infra] }
  - { gate_id: D18, primary_domain: infra, secondary_domains: [infra, home] }
  - { gate_id: D18, primary_domain: infra }
  - { primary_domain: infra }
`;
    expect(await lanesOf({ topology })).toEqual({ 'core-domain': 'D3', home: 'D18', infra: 'D3 D18 D100' });
  });

  test('one assignment is enough to switch a profile off; there is no union', async () => {
    const domains = 'domains: { infra: { gate_ids: [D18, D3, D3] }, mint: { gate_ids: [D22, D18] } }\n';
    const topology = 'gate_assignments: [{ gate_id: D86, primary_domain: infra }]\n';
    expect(await lanesOf({ topology, domains })).toEqual({ infra: 'D86', mint: 'D18 D22' });
  });

  test('a domain without gates has no lane', async () => {
    const governance = await governed({
      topology: 'domain_metadata: [{ domain_id: rag }]\ngate_assignments: [{ gate_id: D3, primary_domain: aof }]\n',
    });
    expect(resolveLanes(governance).map(({ id }) => id)).toEqual(['aof']);
  });

  test('neither registry nor domain_metadata decide who belongs to a lane', async () => {
    expect(await lanesOf({ topology: 'gate_assignments: [{ gate_id: D999, primary_domain: nowhere }]\n' })).toEqual({
      nowhere: 'D999',
    });
  });

  test('a row without a primary domain takes its secondary one, but two of them are one name that nothing answers to', async () => {
    const topology = `gate_assignments:
  - { gate_id: D1, primary_domain: "", secondary_domains: [home] }
  - { gate_id: D2, secondary_domains: [home, media] }
  - { gate_id: D3, primary_domain: core, secondary_domains: ["home,media"] }
`;
    expect(await lanesOf({ topology })).toEqual({ 'core-domain': 'D3', home: 'D1 D3', media: 'D3' });
  });

  test('aliases are resolved in what one asks for, not in what rows say', async () => {
    const governance = await governed({
      topology:
        'gate_assignments: [{ gate_id: D1, primary_domain: photos }, { gate_id: D2, primary_domain: immich }]\n',
    });
    expect(domainGates(governance, normalizeDomain('photos'))).toEqual(['D2']);
  });

  test.each([
    ['D3', 'D18'],
    ['D18', 'D100'],
    ['D9', 'D9a'],
    ['D9a', 'D10'],
    ['C10', 'D9'],
  ])('%s comes before %s', (one, other) => {
    expect(byNaturalOrder(one, other)).toBeLessThan(0);
    expect(byNaturalOrder(other, one)).toBeGreaterThan(0);
  });
});

describe('3: outcomes', () => {
  const SCRIPT = 'surfaces/verify/ok.sh';
  const gate = (name: string, mirrors: readonly string[], finds: readonly string[] = []): Gate => ({
    name,
    mirrors,
    why: '',
    fix: '',
    reads: [],
    rules: {},
    *check() {
      for (const subject of finds) yield gateFinding('is-well', subject, undefined, 'not well');
    },
    examples: { pass: [], fail: [] },
  });

  async function audit(registry: string, topology = 'core_mode: { core_gate_ids: [D1] }\ngate_assignments: []\n') {
    const files = {
      ...governanceFiles({ topology, registry }),
      [SCRIPT]: '',
      'surfaces/verify/plain.sh': '',
      'surfaces/verify/dir/x': '',
    };
    const target = memorySnapshot({ files, modes: { [SCRIPT]: '100755' } });
    const gates = [gate('good', []), gate('bad', [], ['a', 'b'])];
    return (await runAudit({ target, siblings: {}, now: NOW, gates, defaultRegistry: { gates: [], lanes: [] } }))
      .report;
  }

  test.each([
    ['not registered', '[]', 'fail has-check-script'],
    ['no script', '[{ id: D1, name: good }]', 'fail has-check-script'],
    ['a null script', '[{ id: D1, name: good, check_script: ~ }]', 'fail has-check-script'],
    ['a script that is false', '[{ id: D1, name: good, check_script: false }]', 'fail has-check-script'],
    ['an empty script', '[{ id: D1, name: good, check_script: "" }]', 'fail has-check-script'],
    ['retired, but first of all without a script', '[{ id: D1, retired: true }]', 'fail has-check-script'],
    ['retired', `[{ id: D1, name: bad, check_script: ${SCRIPT}, retired: true, inline: true }]`, 'skip retired'],
    ['retired in quotes', `[{ id: D1, name: bad, check_script: none.sh, retired: "true" }]`, 'skip retired'],
    ['retired, misspelt', `[{ id: D1, name: good, check_script: ${SCRIPT}, retired: True }]`, 'pass'],
    ['inline', `[{ id: D1, name: bad, check_script: none.sh, inline: true }]`, 'skip inline'],
    ['a script that is not there', '[{ id: D1, name: good, check_script: none.sh }]', 'fail script-is-executable'],
    [
      'a script that is not executable',
      '[{ id: D1, name: good, check_script: surfaces/verify/plain.sh }]',
      'fail script-is-executable',
    ],
    ['a folder', '[{ id: D1, name: good, check_script: surfaces/verify/dir }]', 'fail script-is-executable'],
    [
      'an id that stands twice',
      `[{ id: D1, name: good, check_script: ${SCRIPT} }, { id: D1, name: good, check_script: ${SCRIPT} }]`,
      'fail script-is-executable',
    ],
    ['a pass', `[{ id: D1, name: good, check_script: ${SCRIPT}, warn_only: true }]`, 'pass'],
    [
      'a fail, whatever warn_only and severity say',
      `[{ id: D1, name: bad, check_script: ${SCRIPT}, warn_only: true, severity: low }]`,
      'fail is-well',
    ],
    ['not ours yet', `[{ id: D1, name: other, check_script: ${SCRIPT} }]`, 'skip not'],
  ])('%s', async (_, gates, expected) => {
    const [report] = (await audit(`gates: ${gates}\n`)).gates;
    const [rule = ''] = (report?.reason ?? report?.findings[0]?.rule ?? '').split(/[ :]/);
    expect(`${report?.verdict} ${rule}`.trim()).toBe(expected);
  });

  test('a missing script is reported where the registry names it', async () => {
    const report = await audit('gates:\n  - id: D1\n    name: good\n    check_script: none.sh\n');
    expect(report.gates[0]?.findings[0]).toMatchObject({
      path: 'ops/bindings/gate.registry.yaml',
      line: 4,
      subject: 'D1',
    });
  });

  test('every gate counts once in each of its lanes, a skip is not a pass', async () => {
    const report = await audit(
      `gates:
  - { id: D1, name: good, check_script: ${SCRIPT} }
  - { id: D2, name: bad, check_script: ${SCRIPT} }
  - { id: D3, name: good, check_script: ${SCRIPT}, inline: true }
  - { id: D4, name: good, check_script: ${SCRIPT}, retired: true }
`,
      `core_mode: { core_gate_ids: [D2, D1] }
gate_assignments: [${['D1', 'D2', 'D3', 'D4', 'D5'].map((id) => `{ gate_id: ${id}, primary_domain: core }`)}]
`,
    );
    expect(report.lanes).toEqual([
      { id: 'core', total: 2, pass: 1, fail: 1, blind: 0, crashed: 0, skip: 0, gates: ['D2', 'D1'] },
      {
        id: 'core-domain',
        total: 5,
        pass: 1,
        fail: 2,
        blind: 0,
        crashed: 0,
        skip: 2,
        gates: ['D1', 'D2', 'D3', 'D4', 'D5'],
      },
    ]);
    expect(report.gates.map(({ number, lanes }) => [number, ...lanes].join(' '))).toEqual([
      'D1 core core-domain',
      'D2 core core-domain',
      'D3 core-domain',
      'D4 core-domain',
      'D5 core-domain',
    ]);
  });

  test('where the registry points a name at the script of another gate, that other gate runs', async () => {
    const [one, other] = [gate('one', ['aaa']), gate('other', ['bbb'])];
    const entry = {
      id: 'D1',
      name: 'one',
      category: '',
      severity: '',
      fixHint: '',
      script: SCRIPT,
      isRetired: false,
      isInline: false,
    };
    const stand = (sha: string | null, more = {}) => {
      const snapshot = memorySnapshot({ files: { [SCRIPT]: '' }, modes: { [SCRIPT]: '100755' } });
      const entries = new Map([[SCRIPT, { mode: '100755', sha, size: 0 } as const]]);
      const governance = { ...NOTHING_GOVERNED, coreGates: ['D1'], gates: new Map([['D1', { ...entry, ...more }]]) };
      const repo = viewOf(new SnapshotReader('target', snapshot), createTrace());
      const { gates } = selectGoverned({ gates: [one, other] }, governance, repo, entries);
      return `${gates[0]?.gate?.name} ${gates[0]?.scriptChanged}`;
    };
    expect([stand('aaa'), stand('bbb'), stand('ccc'), stand(null)]).toEqual([
      'one false',
      'other false',
      'one true',
      'one false',
    ]);
    // A script that only names its gate has nothing to compare.
    expect(stand('ccc', { isLeftToUs: true })).toBe('one false');
  });

  test('lanes can be asked for by id or alias, each once; an unknown one is an error', async () => {
    const files = governanceFiles({ topology: 'gate_assignments: [{ gate_id: D1, primary_domain: immich }]\n' });
    const request = {
      target: memorySnapshot({ files }),
      siblings: {},
      now: NOW,
      gates: [],
      defaultRegistry: { gates: [], lanes: [] },
    };
    const { report } = await runAudit({ ...request, lanes: ['photos', 'immich'] });
    expect(report.lanes.map(({ id }) => id)).toEqual(['immich']);
    await expect(runAudit({ ...request, lanes: ['core'] })).rejects.toThrow('no lane `core`');
  });
});

describe('4: a stabilisation window', () => {
  const WINDOW = `enabled: true
window_start: "2026-02-16T18:30:00Z"
window_end: "2026-02-19T18:30:00Z"
verify_bypass: [domain, release, core]
`;
  const isOn = async (stabilization: string, now = '2026-02-17T20:00:00Z') =>
    (await governed({ stabilization }, Date.parse(now))).bypass !== undefined;

  test.each([
    ['2026-02-16T18:29:59.999Z', false],
    ['2026-02-16T18:30:00Z', true],
    ['2026-02-19T18:30:00.999Z', true],
    ['2026-02-19T18:30:01Z', false],
  ])('at %s: %s', async (now, expected) => expect(await isOn(WINDOW, now)).toBe(expected));

  test.each([
    ['in quotes', WINDOW.replace('true', '"true"'), true],
    ['misspelt', WINDOW.replace('true', 'True'), false],
    ['with an unreadable end', WINDOW.replace('2026-02-19', 'next week, '), true],
    ['without a start', WINDOW.replace('window_start', 'start'), true],
    ['in naive times, which are UTC', WINDOW.replaceAll('Z"', '"'), true],
    ['for nothing it could bypass', WINDOW.replace('domain, release, ', ''), false],
    ['that is not YAML', 'enabled: [', false],
    ['in a list', '- enabled: true\n', false],
  ])('%s', async (_, text, expected) => expect(await isOn(text)).toBe(expected));

  test('naive times are UTC on any machine', async () => {
    const naive = WINDOW.replaceAll('Z"', '"').replaceAll('T18', ' 18');
    expect(await isOn(naive, '2026-02-16T18:30:00Z')).toBe(true);
    expect(await isOn(naive, '2026-02-16T18:29:59Z')).toBe(false);
  });

  test('is told and changes nothing', async () => {
    const files = {
      ...governanceFiles({
        topology: 'gate_assignments: [{ gate_id: D1, primary_domain: aof }]\n',
        stabilization: WINDOW,
      }),
    };
    const { report } = await runAudit({
      target: memorySnapshot({ files }),
      siblings: {},
      now: NOW,
      gates: [],
      defaultRegistry: { gates: [], lanes: [] },
    });
    expect(report.bypass).toContain('domain and release runs are bypassed until 2026-02-19T18:30:00.000Z');
    expect(report.lanes).toMatchObject([{ id: 'aof', total: 1, fail: 1 }]);
  });
});

describe('5: lanes that a change asks for', () => {
  const topology = `domain_metadata:
  - { domain_id: core, path_triggers: [surfaces/verify/, ops/capabilities.yaml], capability_prefixes: [verify.] }
  - { domain_id: aof, path_triggers: [ops/bindings/gate.execution.topology.yaml, surfaces/verify/d129-], capability_prefixes: [aof.] }
  - { domain_id: infra, path_triggers: [ops/bindings/vm.lifecycle.yaml, ops/bindings/vm.lifecycle.contract.yaml, ops/plugins/infra/], capability_prefixes: [infra., network.] }
  - { domain_id: home, path_triggers: ["ops/bindings/ha.*"], capability_prefixes: [ha.] }
  - { domain_id: finance, path_triggers: [ops/bindings/vm.lifecycle.yaml], capability_prefixes: [finance.] }
  - { domain_id: ms-graph, path_triggers: [ops/plugins/ms-graph/, ops/capabilities.yaml], capability_prefixes: [graph.mail.] }
  - { domain_id: proxmox-network, path_triggers: [ops/plugins/infra/, ops/bindings/startup.sequencing.yaml], capability_prefixes: [infra.proxmox., infra.maintenance., network.] }
  - { domain_id: rag, path_triggers: ["ops/plugins/rag/,docs/rag/"], capability_prefixes: [rag.] }
  - { domain_id: photos, path_triggers: [], capability_prefixes: [immich., "photo,album"] }
gate_assignments: []
`;
  test.each([
    ['ops/plugins/infra/x', 'infra proxmox-network'],
    ['ops/bindings/startup.sequencing.yaml', 'proxmox-network'],
    ['ops/bindings/vm.lifecycle.yaml', 'finance infra'],
    ['ops/bindings/vm.lifecycle.contract.yaml', 'infra'],
    ['ops/capabilities.yaml', 'core ms-graph'],
    ['surfaces/verify/d138-site-parity-maintenance-order.sh', 'core'],
    ['surfaces/verify/d129-spine-schema-conventions-lock.sh', 'aof core'],
    ['ops/bindings/gate.execution.topology.yaml', 'aof'],
    ['ops/bindings/gate.registry.yaml', 'core'],
    ['README.md', 'core'],
    ['ops/bindings/ha.areas.yaml', 'core'],
    ['ops/bindings/HA.*', 'core'],
    ['docs/ops/bindings/ha.*.md', 'home'],
    ['xx/ops/plugins/rag/y', 'rag'],
    ['docs/rag/y', 'rag'],
    ['docs/immich.md', 'photos'],
    ['some/album', 'photos'],
  ])('%s: %s', async (path, lanes) => expect(lanesTouched(await governed({ topology }), [path]).join(' ')).toBe(lanes));

  test('several changes ask for all of theirs, nothing for core', async () => {
    const governance = await governed({ topology });
    expect(lanesTouched(governance, ['README.md', 'ops/plugins/rag/x'])).toEqual(['rag']);
    expect(lanesTouched(governance, [])).toEqual(['core']);
  });
});

describe('6 and 7: order and ids', () => {
  test('core, the release sequence with its core as core-domain, then the rest bytewise', async () => {
    const assigned = ['zeta', 'core', 'rag', 'Alpha', 'aof', 'loop_gap', 'loop-b'];
    const topology = `core_mode: { core_gate_ids: [D1] }
release_sequence: [rag, core, aof, empty]
gate_assignments: [${assigned.map((domain) => `{ gate_id: D1, primary_domain: ${domain} }`)}]
`;
    expect(Object.keys(await lanesOf({ topology }))).toEqual([
      'core',
      'rag',
      'core-domain',
      'aof',
      'Alpha',
      'loop-b',
      'loop_gap',
      'zeta',
    ]);
  });
});

const reference = process.env.LANEKEEPER_REFERENCE;

/** LANES.md 8, in order. Infra and proxmox-network have the same gates. */
const INFRA =
  'D14 D15 D18 D19 D22 D23 D24 D35 D37 D39 D50 D51 D52 D54 D57 D58 D59 D69 D86 D100 D115 D116 D137 D138 D139';
const TABLE = {
  core: 'D3 D48 D63 D67 D121 D124 D126 D127',
  'core-domain':
    'D1 D2 D3 D4 D5 D6 D7 D8 D9 D10 D11 D12 D16 D17 D26 D27 D28 D29 D30 D31 D32 D33 D36 D38 D40 D41 D42 D44 D45 D46 D47 D48 D49 D53 D56 D60 D62 D63 D64 D65 D66 D67 D71 D81 D82 D84 D85 D124',
  aof: 'D91 D93 D94 D95 D96 D97 D121 D122 D123 D127 D128 D129 D130 D131 D132 D133 D134 D135 D136',
  secrets: 'D13 D20 D25 D43 D55 D70 D112',
  infra: INFRA,
  'proxmox-network': INFRA,
  workbench: 'D72 D73 D74 D76 D77 D78 D79 D80 D103 D125 D126',
  loop_gap: 'D34 D61 D75 D83',
  home: 'D92 D98 D99 D101 D102 D104 D105 D113 D114 D117 D118 D119 D120 D138 D139',
  media: 'D106 D107 D108 D109 D110',
  immich: 'D79 D80 D125',
  n8n: 'D18 D22 D23 D73 D79 D80 D125',
  finance: 'D22 D23 D79 D80 D125',
  mint: 'D18 D22 D23 D79 D80 D125',
  'ms-graph': 'D63 D67 D125 D126',
  rag: 'D68 D87 D88 D89 D90 D111',
};

describe('8: the reference (LANEKEEPER_REFERENCE=<clone of hypnotizedent/agentic-spine>)', () => {
  it.runIf(reference)('has its 16 lanes, 11 inline gates, and asks for lanes as its own tool does', async () => {
    const snapshot = await directorySnapshot(reference ?? '', 'b9beb20e7f0522c2abbf39bd340c91d06d6b87a9');
    const { report } = await runAudit({
      target: snapshot,
      siblings: {},
      now: NOW,
      gates: [],
      defaultRegistry: { gates: [], lanes: [] },
    });
    expect(Object.entries(TABLE)).toEqual(report.lanes.map(({ id, gates }) => [id, gates.join(' ')]));
    const inline = report.gates.filter(({ reason }) => reason?.startsWith('inline'));
    expect(inline.map(({ number }) => number).join(' ')).toBe('D1 D2 D4 D5 D6 D7 D8 D9 D10 D11 D12');
    expect(report.gates.filter(({ verdict, reason }) => verdict === 'fail' || reason === 'retired')).toEqual([]);
    expect(report.bypass).toBeDefined();

    const world = { target: new SnapshotReader('target', snapshot), siblings: new Map(), now: NOW, gates: new Map() };
    const governance = await untilRead(world, ({ target }) =>
      readGovernance(viewOf(target, createTrace()), createClock(NOW)),
    );
    const asked = (path: string) => lanesTouched(governance, [path]).join(' ');
    expect(asked('ops/plugins/infra/x')).toBe('infra proxmox-network');
    expect(asked('ops/bindings/vm.lifecycle.yaml')).toBe('finance infra');
    expect(asked('ops/bindings/rag.workspace.yaml')).toBe('core');
  });
});
