import type { Repo } from '../../../core/repo.ts';
import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { defineGate } from '../../lib/define.ts';
import { absent } from '../../lib/files/files.ts';
import { quote } from '../../lib/message.ts';
import { closedLoops, LOOP_SCOPES } from '../../lib/spine/loop-scopes.ts';
import { variationsOf } from '../../lib/variations.ts';

const RULES = 'ops/bindings/lifecycle.rules.yaml';
const SCHEMA = 'ops/bindings/lifecycle.rules.schema.yaml';
const GAPS = 'ops/bindings/operational.gaps.yaml';
const POLICY_LIBRARY = 'ops/lib/resolve-policy.sh';
const LOOP = 'mailroom/state/loop-scopes/LOOP-A.scope.md';

const CRITICAL_DAYS = 'rules.aging.thresholds.critical_days';
const DEFAULTS = ['rules.gap_quick.default_type', 'rules.gap_quick.default_severity'];
const REQUIRED = ['version', 'updated', 'owner', ...DEFAULTS, 'rules.aging.thresholds.warning_days', CRITICAL_DAYS];

function readGaps(repo: Repo): readonly YamlValue[] {
  if (!repo.isFile(GAPS) || !repo.isYaml(GAPS)) return [];
  const file = repo.yaml(GAPS);
  if (file.kind !== 'map') throw new Abort(`${GAPS} must be a map.`, file);
  if (!file.has('gaps')) return [];
  const gaps = file.get('gaps');
  const isListOfMaps = gaps.kind === 'list' && gaps.items.every((gap) => gap.target.kind === 'map');
  if (!isListOfMaps) throw new Abort('`gaps` must be a list of maps.', gaps, 'gaps');
  return gaps.items;
}

/** Numbers other than 0, true, lists and maps; 0, false and nothing are passed over. */
function stopsTheDateReader(date: YamlValue): boolean {
  if (date.kind === 'list' || date.kind === 'map') return date.length > 0;
  return date.kind === 'scalar' && !date.isText && date.or('') !== '' && Number(date.raw) !== 0;
}

const changed = variationsOf({
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
});

export default defineGate({
  name: 'lifecycle-hygiene',
  mirrors: ['0ab4e5d2b792ef6eb3d9c2f66294378ec9a92055'],
  why: 'An open gap whose loop is closed has nobody left to close it, and without lifecycle defaults no tool can file a gap.',
  fix: 'Reopen or reassign the gap, or close it; restore the missing default in lifecycle.rules.yaml.',
  limits: 'The age of open gaps is not checked (the script only warns), and neither is what the defaults are.',
  needs: {},
  alsoReads: [RULES, GAPS, LOOP_SCOPES],

  rules: {
    'default-is-set': '`{field}` is empty.',
    'open-gap-has-open-loop': 'Open gaps whose loop is closed ({count}): {gaps}.',
  },

  *check(_, report, { repo }) {
    if (!repo.isFile(POLICY_LIBRARY)) throw new Abort(`${POLICY_LIBRARY} does not exist.`, repo.at(POLICY_LIBRARY));
    if (!repo.isFile(RULES)) return yield absent(repo, RULES);
    const rules = repo.yamlOrEmpty(RULES);
    for (const field of REQUIRED) {
      const value = rules.get(...field.split('.'));
      if (value.isBlank) yield report('default-is-set', field, value, { field });
    }
    if (!repo.isFile(SCHEMA)) yield absent(repo, SCHEMA);

    const open = readGaps(repo).filter((gap) => gap.get('status').is('open'));
    const closed = closedLoops(repo);
    const loops = closed.size > 0 ? open.map((gap) => gap.get('parent_loop')) : [];
    const odd = loops.find((loop) => loop.kind === 'list' || loop.kind === 'map');
    if (odd) throw new Abort('`parent_loop` must name a single loop.', odd, 'parent_loop');
    const orphans = open.filter((gap) => closed.has(gap.get('parent_loop').raw));
    if (orphans.length > 0) {
      const gaps = orphans.map((gap) => quote(gap.get('id'))).join(', ');
      yield report('open-gap-has-open-loop', GAPS, orphans[0], { count: orphans.length, gaps });
    }
    const days = rules.get(...CRITICAL_DAYS.split('.'));
    if (repo.isYaml(RULES) && !/^-?\d+$/.test(days.raw)) {
      throw new Abort(`\`${CRITICAL_DAYS}\` must be a whole number.`, days, CRITICAL_DAYS);
    }
    const undatable = open.map((gap) => gap.get('discovered_at')).find(stopsTheDateReader);
    if (undatable) throw new Abort('`discovered_at` must be a text.', undatable, 'discovered_at');
  },

  examples: {
    pass: [changed('an open gap of an active loop', {})],
    fail: [
      changed('a default that is null', { false: '"null"' }, 'default-is-set owner'),
      changed('the loop was closed', { active: 'closed' }, `open-gap-has-open-loop ${GAPS}`),
    ],
  },
});
