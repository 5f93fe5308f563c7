import gate from '../../src/gates/spine/process-hygiene/lifecycle-hygiene.ts';
import { nearMisses, soundFiles, variationsOn } from './near-misses.ts';

const RULES = 'ops/bindings/lifecycle.rules.yaml';
const SCHEMA = 'ops/bindings/lifecycle.rules.schema.yaml';
const GAPS = 'ops/bindings/operational.gaps.yaml';
const POLICY_LIBRARY = 'ops/lib/resolve-policy.sh';
const CRITICAL_DAYS = 'rules.aging.thresholds.critical_days';
const DEFAULTS = ['rules.gap_quick.default_type', 'rules.gap_quick.default_severity'];
const REQUIRED = ['version', 'updated', 'owner', ...DEFAULTS, 'rules.aging.thresholds.warning_days', CRITICAL_DAYS];
const SOUND = soundFiles(gate);
const changed = variationsOn(gate);

export default nearMisses(gate, {
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
});
