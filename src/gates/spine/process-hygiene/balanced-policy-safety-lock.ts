import { problem } from '../../../core/finding.ts';
import { defineGate, type Remark } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { filesExist, unparsable } from '../../lib/files/files.ts';
import { first } from '../../lib/files/first.ts';
import { BOUNDARY } from '../../lib/spine/known-files.ts';

const PROFILE = 'ops/bindings/tenant.profile.yaml';
const RESOLVER = 'ops/lib/resolve-policy.sh';
const RUNNER = 'ops/commands/cap.sh';
const FILES = [BOUNDARY, PROFILE, RESOLVER, RUNNER];

const KNOB = 'multi_agent_writes_when_multi_session';
const EXPORT = 'RESOLVED_MULTI_AGENT_WRITES_WHEN_MULTI_SESSION';
const SAFE = 'proposal-only';

const SOUND = {
  [BOUNDARY]: `balanced_policy: { required_preset: balanced, required_${KNOB}: proposal-only }\n`,
  [PROFILE]: `policy: { preset: balanced, overrides: { ${KNOB}: proposal-only } }\n`,
  [RESOLVER]: `echo ${KNOB}\n`,
  [RUNNER]: `echo "$${EXPORT}"\n`,
};

export default defineGate({
  name: 'balanced-policy-safety-lock',
  mirrors: ['30d5296a7fdf60b4fc577b84e65054c4b555d57d'],
  why: 'Two agent sessions at once must hand in proposals instead of editing the same tree. A tenant profile with another preset, or without that override, lets them write over each other. Whether resolver and runner obey the setting is in effect a text search: a comment satisfies it.',
  fix: 'Set policy.preset and policy.overrides in tenant.profile.yaml to what balanced_policy in fabric.boundary.contract.yaml demands, and keep the setting in resolve-policy.sh and cap.sh.',
  reads: FILES,

  check: ({ repo }) => first(remarks(repo)),

  examples: {
    pass: [
      { title: 'the profile says what the contract demands', files: SOUND },
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
        title: 'the preset in another case',
        files: { ...SOUND, [PROFILE]: SOUND[PROFILE].replace('balanced', 'Balanced') },
        finds: ['preset-is-the-required-one policy.preset'],
      },
      {
        title: 'an empty demand is never met',
        files: { ...SOUND, [BOUNDARY]: 'balanced_policy: { required_preset: "" }\n' },
        finds: ['preset-is-the-required-one policy.preset'],
      },
      {
        title: 'falling back to balanced is not naming it',
        files: { ...SOUND, [PROFILE]: `policy: { overrides: { ${KNOB}: proposal-only } }\n` },
        finds: ['profile-names-preset policy.preset'],
      },
      {
        title: 'the preset alone, without the override',
        files: { ...SOUND, [PROFILE]: 'policy: { preset: balanced }\n' },
        finds: [`override-is-the-required-one policy.overrides.${KNOB}`],
      },
      {
        title: 'a second document repeats the preset',
        files: { ...SOUND, [PROFILE]: `${SOUND[PROFILE]}---\npolicy: { preset: balanced }\n` },
        finds: ['preset-is-the-required-one policy.preset'],
      },
      {
        title: 'the resolver mentions only the name it exports',
        files: { ...SOUND, [RESOLVER]: `export ${EXPORT}\n` },
        finds: [`mentions-setting ${RESOLVER}`],
      },
      {
        title: 'the runner forgot the setting',
        files: { ...SOUND, [RUNNER]: `echo ${KNOB}\n` },
        finds: [`mentions-setting ${RUNNER}`],
      },
    ],
  },
});

function* remarks(repo: Repo): Generator<Remark> {
  yield* filesExist(repo, ...FILES);
  for (const path of [BOUNDARY, PROFILE]) if (!repo.isYaml(path)) yield unparsable(repo, path);

  const required = stated(repo.yamlDocuments(BOUNDARY), ['balanced_policy', 'required_preset'], 'balanced');
  const writes = stated(repo.yamlDocuments(BOUNDARY), ['balanced_policy', `required_${KNOB}`], SAFE);
  const profile = repo.yamlDocuments(PROFILE);
  const preset = stated(profile, ['policy', 'preset'], '');
  const override = stated(profile, ['policy', 'overrides', KNOB], '');

  const demand = `the contract demands \`${required.text}\`.`;
  if ((preset.text || 'balanced') !== required.text) {
    const message = `The tenant runs under \`${preset.text || 'balanced'}\`; ${demand}`;
    yield problem('preset-is-the-required-one', 'policy.preset', preset.at, message);
  }
  if (preset.text !== required.text) {
    yield problem('profile-names-preset', 'policy.preset', preset.at, `The profile names no preset; ${demand}`);
  }
  if (override.text !== writes.text) {
    const message = `With several sessions the profile says \`${override.text}\`; the contract demands \`${writes.text}\`.`;
    yield problem('override-is-the-required-one', `policy.overrides.${KNOB}`, override.at, message);
  }
  for (const [path, word] of [
    [RESOLVER, KNOB],
    [RUNNER, EXPORT],
  ] as const) {
    if (repo.text(path).includes(word)) continue;
    yield problem('mentions-setting', path, repo.at(path), `${path} does not mention \`${word}\`.`);
  }
  if (writes.text !== SAFE) yield { unverified: 'whether several sessions are at work, which may then write directly' };
}

/** What a setting says, read from every document of its file: said twice, it is a text of two lines that equals nothing. */
function stated([main, ...others]: readonly YamlValue[], path: readonly string[], fallback: string) {
  const at = main?.get(...path);
  const texts = [at?.or(fallback) ?? fallback, ...others.map((document) => document.get(...path).or(''))];
  return { at, text: texts.join('\n').replace(/\n+$/, '') };
}
