import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { absent } from '../../lib/files/files.ts';
import { variationsOf } from '../../lib/variations.ts';

const RULES = 'ops/bindings/lifecycle.rules.yaml';
const SCHEMA = 'ops/bindings/lifecycle.rules.schema.yaml';
const GAPS = 'ops/bindings/operational.gaps.yaml';
const POLICY_LIBRARY = 'ops/lib/resolve-policy.sh';
const SCOPES = 'mailroom/state/loop-scopes/*.scope.md';

const CRITICAL_DAYS = 'rules.aging.thresholds.critical_days';
const DEFAULTS = ['rules.gap_quick.default_type', 'rules.gap_quick.default_severity'];
const REQUIRED = ['version', 'updated', 'owner', ...DEFAULTS, 'rules.aging.thresholds.warning_days', CRITICAL_DAYS];

const LOOP = 'mailroom/state/loop-scopes/LOOP-A.scope.md';
const SOUND = {
  [POLICY_LIBRARY]: '#!/bin/bash\n',
  [SCHEMA]: '',
  [RULES]: `version: 0
updated: some day
owner: false
rules:
  gap_quick: { default_type: banana, default_severity: 0 }
  aging: { thresholds: { warning_days: 20, critical_days: 14 } }
`,
  [LOOP]: '---\nloop_id: LOOP-A\nstatus: active\n---\nstatus: closed\n',
  [GAPS]: `gaps:
  - { id: GAP-1, status: open, parent_loop: LOOP-A, discovered_at: 2025-01-01 }
  - { id: GAP-2, status: fixed, discovered_at: 20250101 }
  - { id: GAP-3, status: open, discovered_at: last week }
`,
};
const changed = variationsOf(SOUND);

export default defineGate({
  name: 'lifecycle-hygiene',
  mirrors: ['0ab4e5d2b792ef6eb3d9c2f66294378ec9a92055'],
  why: 'An open gap whose loop is closed has nobody left to close it, and without lifecycle defaults no tool can file a gap. The age of open gaps only draws a warning there, and what the defaults say is not examined.',
  fix: 'Reopen or reassign the gap, or close it; restore the missing default in lifecycle.rules.yaml.',
  reads: [RULES, GAPS, SCOPES],

  *check({ repo }) {
    if (!repo.isFile(POLICY_LIBRARY)) {
      throw new Abort(`${POLICY_LIBRARY} does not exist`, repo.at(POLICY_LIBRARY));
    }
    if (!repo.isFile(RULES)) return yield absent(repo, RULES);
    const rules = repo.yamlOrEmpty(RULES);
    for (const field of REQUIRED) {
      const value = rules.get(...field.split('.'));
      if (value.isBlank) yield problem('default-is-set', field, value, `\`${field}\` says nothing.`);
    }
    if (!repo.isFile(SCHEMA)) yield absent(repo, SCHEMA);

    const gaps = readGaps(repo).filter((gap) => gap.get('status').is('open'));
    yield* openGapsHaveOpenLoops(gaps, closedLoops(repo));

    const days = rules.get(...CRITICAL_DAYS.split('.'));
    if (repo.isYaml(RULES) && !/^-?\d+$/.test(days.raw)) {
      throw new Abort(`\`${CRITICAL_DAYS}\` is not a whole number`, days, CRITICAL_DAYS);
    }
    const undatable = gaps.map((gap) => gap.get('discovered_at')).find(stopsTheDateReader);
    if (undatable) throw new Abort('`discovered_at` is not a text', undatable, 'discovered_at');
  },

  examples: {
    pass: [
      { title: 'odd defaults, an old open gap, a loop that is active', files: SOUND },
      changed('single quotes, a capital or a comment hide that a loop is closed', { active: "'closed'" }),
      changed('gaps that are not YAML', { 'gaps:': 'gaps: [', active: 'closed' }),
      changed('a closed loop with a gap in progress', { active: 'closed', open: 'in-progress' }),
    ],
    fail: [
      { title: 'no policy library', files: { [RULES]: '' }, finds: [`unreadable ${POLICY_LIBRARY}`] },
      { title: 'no rules', files: { [POLICY_LIBRARY]: '' }, finds: [`file-exists ${RULES}`] },
      {
        title: 'rules that are not YAML, and no schema',
        files: { [POLICY_LIBRARY]: '', [RULES]: 'rules: [' },
        finds: [...REQUIRED.map((field) => `default-is-set ${field}`), `file-exists ${SCHEMA}`],
      },
      changed('an owner in name only', { false: '"null"' }, 'default-is-set owner'),
      changed('a closed loop, double quotes or not', { active: '"closed"' }, `open-gap-has-open-loop ${GAPS}`),
      changed('front matter without an end', { 'active\n---': 'closed' }, `open-gap-has-open-loop ${GAPS}`),
      changed('a gap in a list of loops', { active: 'closed', 'p: LOOP-A': 'p: [a]' }, 'unreadable parent_loop'),
      { title: 'a file of gaps that is empty', files: { ...SOUND, [GAPS]: '' }, finds: [`unreadable ${GAPS}`] },
      { title: 'a list of gaps that is null', files: { ...SOUND, [GAPS]: 'gaps:\n' }, finds: ['unreadable gaps'] },
      changed('days with a unit', { '14': '14d' }, `unreadable ${CRITICAL_DAYS}`),
      changed('a date that is a number', { 'last week': '20250101' }, 'unreadable discovered_at'),
    ],
  },
});

function readGaps(repo: Repo): readonly YamlValue[] {
  if (!repo.isFile(GAPS) || !repo.isYaml(GAPS)) return [];
  const file = repo.yaml(GAPS);
  if (file.kind !== 'map') throw new Abort(`${GAPS} is not a map`, file);
  if (!file.has('gaps')) return [];
  const gaps = file.get('gaps');
  const isListOfMaps = gaps.kind === 'list' && gaps.items.every((gap) => gap.target.kind === 'map');
  if (!isListOfMaps) throw new Abort('`gaps` is not a list of maps', gaps, 'gaps');
  return gaps.items;
}

/** Ids of the closed loops. Front matter is read line by line: only double quotes are taken off. */
function closedLoops(repo: Repo): ReadonlySet<string> {
  const paths = repo.glob(SCOPES);
  repo.prefetch(paths);
  const loops = paths.map((path) => frontMatter(repo, path)).filter((fieldOf) => fieldOf('status') === 'closed');
  return new Set(loops.map((fieldOf) => fieldOf('loop_id')).filter((id) => id !== ''));
}

function frontMatter(repo: Repo, path: string): (key: string) => string {
  const lines = repo.lines(path).map(({ text }) => text);
  const start = lines.indexOf('---');
  const end = lines.indexOf('---', start + 1);
  const block = start < 0 ? [] : lines.slice(start + 1, end < 0 ? undefined : end);
  return (key) => {
    const line = block.find((candidate) => candidate.startsWith(`${key}:`)) ?? '';
    return line
      .slice(key.length + 1)
      .replace(/^ +/, '')
      .replaceAll('"', '');
  };
}

function* openGapsHaveOpenLoops(gaps: readonly YamlValue[], closed: ReadonlySet<string>): Generator<Problem> {
  if (closed.size === 0) return;
  const loops = gaps.map((gap) => gap.get('parent_loop'));
  const odd = loops.find((loop) => loop.kind === 'list' || loop.kind === 'map');
  if (odd) throw new Abort('`parent_loop` names no single loop', odd, 'parent_loop');
  const orphans = gaps.filter((gap) => closed.has(gap.get('parent_loop').raw));
  if (orphans.length === 0) return;
  const names = orphans.map((gap) => `\`${gap.get('id').raw}\``).join(', ');
  const message = `Open gaps whose loop is closed (${orphans.length}): ${names}.`;
  yield problem('open-gap-has-open-loop', GAPS, orphans[0], message);
}

/** Numbers other than 0, true, lists and maps; 0, false and nothing are passed over. */
function stopsTheDateReader(date: YamlValue): boolean {
  if (date.kind === 'list' || date.kind === 'map') return date.length > 0;
  return date.kind === 'scalar' && !date.isText && date.or('') !== '' && Number(date.raw) !== 0;
}
