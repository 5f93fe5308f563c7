import type { YamlValue } from '../../../core/yaml/value.ts';
import { defineGate } from '../../lib/define.ts';
import { file, yaml } from '../../lib/needs.ts';
import { BOUNDARY } from '../../lib/spine/known-files.ts';

const PROFILE = 'ops/bindings/tenant.profile.yaml';
const RESOLVER = 'ops/lib/resolve-policy.sh';
const RUNNER = 'ops/commands/cap.sh';
const KNOB = 'multi_agent_writes_when_multi_session';
const EXPORT = 'RESOLVED_MULTI_AGENT_WRITES_WHEN_MULTI_SESSION';
const OVERRIDE = `policy.overrides.${KNOB}`;
const SAFE = 'proposal-only';

const SOUND = {
  [BOUNDARY]: `balanced_policy: { required_preset: balanced, required_${KNOB}: proposal-only }\n`,
  [PROFILE]: `policy: { preset: balanced, overrides: { ${KNOB}: proposal-only } }\n`,
  [RESOLVER]: `echo ${KNOB}\n`,
  [RUNNER]: `echo "$${EXPORT}"\n`,
};

/** What a setting says, read from every document of its file: said twice, it is a text of two lines that equals nothing. */
function stated([main, ...others]: readonly YamlValue[], path: string, fallback: string) {
  const keys = path.split('.');
  const at = main?.get(...keys);
  const texts = [at?.or(fallback) ?? fallback, ...others.map((document) => document.get(...keys).or(''))];
  return { at, text: texts.join('\n').replace(/\n+$/, '') };
}

export default defineGate({
  name: 'balanced-policy-safety-lock',
  mirrors: ['30d5296a7fdf60b4fc577b84e65054c4b555d57d'],
  why: 'Two agent sessions at once must hand in proposals instead of editing the same tree. A tenant profile with another preset, or without that override, lets them overwrite each other.',
  fix: 'Set policy.preset and policy.overrides in tenant.profile.yaml to what balanced_policy in fabric.boundary.contract.yaml requires, and keep the setting in resolve-policy.sh and cap.sh.',
  limits: 'Whether the resolver and the runner obey the setting is a text search: a comment satisfies it.',
  needs: { boundary: yaml(BOUNDARY), profile: yaml(PROFILE), resolver: file(RESOLVER), runner: file(RUNNER) },
  stopsAtFirst: true,

  rules: {
    'preset-is-the-required-one': 'The tenant runs under the preset `{preset}`; the contract requires `{required}`.',
    'preset-is-the-required-one:unstated': 'The contract does not say which preset is required.',
    'profile-names-preset': 'The profile names no preset; the contract requires `{required}`.',
    'override-is-the-required-one': 'The profile sets {setting} to `{override}`; the contract requires `{required}`.',
    'mentions-setting': '{path} does not mention `{word}`.',
  },

  *check({ resolver, runner }, report, { repo }) {
    const [contract, profile] = [repo.yamlDocuments(BOUNDARY), repo.yamlDocuments(PROFILE)];
    const required = stated(contract, 'balanced_policy.required_preset', 'balanced').text;
    const writes = stated(contract, `balanced_policy.required_${KNOB}`, SAFE).text;
    const preset = stated(profile, 'policy.preset', '');
    const override = stated(profile, OVERRIDE, '');

    const inEffect = preset.text || 'balanced';
    if (inEffect !== required) {
      const rule = required === '' ? 'preset-is-the-required-one:unstated' : 'preset-is-the-required-one';
      yield report(rule, 'policy.preset', preset.at, { preset: inEffect, required });
    }
    if (preset.text !== required) yield report('profile-names-preset', 'policy.preset', preset.at, { required });
    if (override.text !== writes) {
      const values = { setting: KNOB, override: override.text, required: writes };
      yield report('override-is-the-required-one', OVERRIDE, override.at, values);
    }
    if (!repo.text(RESOLVER).includes(KNOB)) {
      yield report('mentions-setting', RESOLVER, resolver, { path: RESOLVER, word: KNOB });
    }
    if (!repo.text(RUNNER).includes(EXPORT)) {
      yield report('mentions-setting', RUNNER, runner, { path: RUNNER, word: EXPORT });
    }
    if (writes !== SAFE) yield { unverified: 'whether several sessions are at work, which may then write directly' };
  },

  examples: {
    pass: [{ title: 'the profile says what the contract demands', files: SOUND }],
    fail: [
      {
        title: 'the preset in another case',
        files: { ...SOUND, [PROFILE]: SOUND[PROFILE].replace('balanced', 'Balanced') },
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
        title: 'the resolver mentions only the name it exports',
        files: { ...SOUND, [RESOLVER]: `export ${EXPORT}\n` },
        finds: [`mentions-setting ${RESOLVER}`],
      },
    ],
  },
});
