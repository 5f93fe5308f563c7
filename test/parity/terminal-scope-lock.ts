import gate from '../../src/gates/spine/process-hygiene/terminal-scope-lock.ts';
import { nearMisses } from './near-misses.ts';

const STABILIZATION = 'ops/bindings/stabilization.mode.yaml';
const STATUS = 'ops/plugins/session/bin/terminal-scope-status';
const FOLDER = 'mailroom/state/terminal-heartbeats';

function window(end: string): string {
  return `enabled: "true"\nwindow_start: 2026-02-16T18:30:00Z\nwindow_end: ${end}\n`;
}

function world(stabilization: string, ...heartbeats: readonly string[]) {
  const files: Record<string, string> = { [STABILIZATION]: stabilization, [STATUS]: '' };
  for (const [index, fields] of heartbeats.entries()) {
    const usual = `terminal_id: A-B-0${index}\nrepo_root: /a\nexpires_at: 2026-02-17T20:00:00Z\n`;
    files[`${FOLDER}/${index}.yaml`] = `${usual}${fields}\n`;
  }
  return { files, executable: [STATUS] };
}

export default nearMisses(gate, {
  pass: [
    {
      title: 'a pattern that repeats a group',
      ...world("terminal_contract: { naming_pattern: '^[A-Z]+(-[0-9]+)*$' }\n", 'terminal_id: A-1-22'),
    },
    { title: 'no terminal', ...world('enabled: false\n') },
    { title: 'the last second of the window', ...world(window('2026-02-17T20:00:00Z'), 'scope: "*"', 'scope: "*"') },
    { title: 'a window without a readable end is open', ...world(window('soon'), '', '') },
    {
      title: 'other folders, other repos',
      ...world('', 'scope: ops/plugins/, bin/', 'scope: docs/,surfaces/', 'scope: bin/\nrepo_root: /b'),
    },
    { title: 'two heartbeats of one terminal', ...world('', 'terminal_id: A-B-09', 'terminal_id: A-B-09') },
    {
      title: 'expired, without a date, ended or unreadable heartbeats',
      ...world('', 'expires_at: 2026-02-17T19:59:59Z', 'expires_at: later', 'status: closed', 'expires_at: ['),
    },
    {
      title: 'the contract relaxes the names',
      ...world("terminal_contract: { naming_pattern: '^[[:lower:]]+-' }\n", 'terminal_id: shop-desk'),
    },
  ],
  fail: [
    {
      title: 'a pattern and a name that would keep a backtracking matcher busy for years',
      ...world("terminal_contract: { naming_pattern: '^.*.*.*.*.*.*.*.*.*=$' }\n", `terminal_id: ${'a'.repeat(5_000)}`),
      finds: ['terminals-are-named-by-pattern naming_pattern'],
    },
    { title: 'no stabilization file', files: {}, finds: [`file-exists ${STABILIZATION}`] },
    {
      title: 'the status program has to run even inside the window',
      files: world(window('2030-01-01')).files,
      finds: [`program-can-run ${STATUS}`],
    },
    { title: 'not YAML', ...world('enabled: [\n'), finds: [`unreadable ${STABILIZATION}`] },
    {
      title: 'a second after the window; prefixes end anywhere',
      ...world(window('2026-02-17T19:59:59Z'), 'scope: bin, ops/plug', 'scope: ops/plugins/ha'),
      finds: ['scopes-are-disjoint terminals:A-B-00,A-B-01'],
    },
    {
      title: 'no scope is one scope, and collisions hide bad names',
      ...world('', '', '', 'terminal_id: c'),
      finds: ['A-B-00,A-B-01', 'A-B-00,c', 'A-B-01,c'].map((pair) => `scopes-are-disjoint terminals:${pair}`),
    },
    {
      title: 'two bad names are one finding',
      ...world('', 'terminal_id: a-b-01\nscope: a', 'terminal_id: A-B-1\nscope: b'),
      finds: ['terminals-are-named-by-pattern naming_pattern'],
    },
  ],
});
