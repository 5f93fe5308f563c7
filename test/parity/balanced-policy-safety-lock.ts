import { BOUNDARY } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/process-hygiene/balanced-policy-safety-lock.ts';
import { nearMisses } from './near-misses.ts';

const PROFILE = 'ops/bindings/tenant.profile.yaml';
const RESOLVER = 'ops/lib/resolve-policy.sh';
const RUNNER = 'ops/commands/cap.sh';
const KNOB = 'multi_agent_writes_when_multi_session';
const EXPORT = 'RESOLVED_MULTI_AGENT_WRITES_WHEN_MULTI_SESSION';
const SOUND = {
  [BOUNDARY]: `balanced_policy: { required_preset: balanced, required_${KNOB}: proposal-only }\n`,
  [PROFILE]: `policy: { preset: balanced, overrides: { ${KNOB}: proposal-only } }\n`,
  [RESOLVER]: `echo ${KNOB}\n`,
  [RUNNER]: `echo "$${EXPORT}"\n`,
};

export default nearMisses(gate, {
  pass: [
    { title: 'a contract without the section demands the safe values', files: { ...SOUND, [BOUNDARY]: '' } },
    {
      title: 'contract and profile agree on a preset and a rule that nobody defined',
      files: {
        ...SOUND,
        [BOUNDARY]: `balanced_policy: { required_preset: cautious, required_${KNOB}: direct }\n`,
        [PROFILE]: `policy: { preset: "cautious", overrides: { ${KNOB}: direct } }\n`,
      },
    },
    { title: 'a comment is enough in the runner', files: { ...SOUND, [RUNNER]: `# ${EXPORT}\n` } },
    { title: 'a second document without the keys', files: { ...SOUND, [PROFILE]: `${SOUND[PROFILE]}---\nx: 1\n` } },
  ],
  fail: [
    { title: 'nothing is there', files: {}, finds: [`file-exists ${BOUNDARY}`] },
    { title: 'an unreadable profile', files: { ...SOUND, [PROFILE]: '{' }, finds: [`file-is-yaml ${PROFILE}`] },
    {
      title: 'an empty demand is never met',
      files: { ...SOUND, [BOUNDARY]: 'balanced_policy: { required_preset: "" }\n' },
      finds: ['preset-is-the-required-one policy.preset'],
    },
    {
      title: 'a second document repeats the preset',
      files: { ...SOUND, [PROFILE]: `${SOUND[PROFILE]}---\npolicy: { preset: balanced }\n` },
      finds: ['preset-is-the-required-one policy.preset'],
    },
    {
      title: 'the runner forgot the setting',
      files: { ...SOUND, [RUNNER]: `echo ${KNOB}\n` },
      finds: [`mentions-setting ${RUNNER}`],
    },
  ],
});
