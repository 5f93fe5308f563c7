import { defineGate } from '../../lib/define.ts';
import { dictionaryIn } from '../../lib/files/property-list.ts';
import { lines } from '../../lib/needs.ts';
import { needsWorkbench, OPS_ROOT } from '../../lib/spine/host-paths.ts';

const ENGINE = 'ops/engine/run.sh';
const WATCHER = 'ops/runtime/inbox/hot-folder-watcher.sh';
const PLIST = 'dotfiles/macbook/launchd/com.ronny.agent-inbox.plist';

const ENGINE_DEFAULT = `provider="\${SPINE_ENGINE_PROVIDER:-zai}"`;
const ENGINE_FALLBACK = 'OpenAI provider failed; falling back to Anthropic';
const WATCHER_DEFAULTS = [
  `WATCHER_PROVIDER="\${SPINE_WATCHER_PROVIDER:-zai}"`,
  `WATCHER_ALLOW_ANTHROPIC="\${SPINE_WATCHER_ALLOW_ANTHROPIC:-0}"`,
  'provider=anthropic is blocked by default',
];
const WATCHER_KEY = 'security find-generic-password -a "$USER" -s "anthropic-api-key" -w';
const ENVIRONMENT: readonly (readonly [name: string, value: string])[] = [
  ['SPINE_WATCHER_PROVIDER', 'zai'],
  ['SPINE_ENGINE_PROVIDER', 'zai'],
  ['SPINE_REPO', OPS_ROOT],
  ['SPINE_INBOX', `${OPS_ROOT}/mailroom/inbox`],
  ['SPINE_OUTBOX', `${OPS_ROOT}/mailroom/outbox`],
  ['SPINE_STATE', `${OPS_ROOT}/mailroom/state`],
  ['SPINE_LOGS', `${OPS_ROOT}/mailroom/logs`],
  ['ZAI_MODEL', 'glm-5'],
];

const SOUND = { [ENGINE]: `${ENGINE_DEFAULT}\n`, [WATCHER]: `${WATCHER_DEFAULTS.join('\n')}\n` };
const SOUND_PLIST = `<plist version="1.0"><dict><key>EnvironmentVariables</key><dict>
${ENVIRONMENT.map(([name, value]) => `<key>${name}</key><string>${value}</string>`).join('\n')}
</dict></dict></plist>`;

function withPlist(text: string) {
  return { files: SOUND, siblings: { workbench: { [PLIST]: text } } };
}

export default defineGate({
  name: 'billing-provider-lane-lock',
  mirrors: ['f1e4b5a7ae35e529858e10ad4899ecbedba3c3e7'],
  why: 'Background jobs use the provider with a flat rate. One that falls back to a metered one runs up a bill that nobody sees until it arrives.',
  fix: 'Restore the default provider in the named script, or the value in the launch agent of the workbench.',
  limits: 'Texts are looked for, comments included; what the programs do with them is not tried.',
  needs: { engine: lines(ENGINE), watcher: lines(WATCHER) },
  siblingReads: { workbench: [PLIST] },

  rules: {
    'launch-agent-exists': 'The workbench has no {path}.',
    'script-has-default': '{path} has no line with `{text}`.',
    'script-has-no-way-round': '{path} contains `{text}`, which leads to the metered provider.',
    'launch-agent-uses-small-letters': 'The launch agent names a path with a capital letter below the home folder.',
    'launch-agent-is-readable': '{path} is not a property list with a dictionary of `EnvironmentVariables`.',
    'launch-agent-sets-variable': 'The launch agent does not set `{name}` to `{value}`.',
  },

  *check({ engine, watcher }, report, { repo, sibling }) {
    const workbench = sibling('workbench');
    const place = workbench?.at(PLIST);
    if (workbench && !workbench.isFile(PLIST))
      return yield report('launch-agent-exists', PLIST, place, { path: PLIST });
    const has = (texts: typeof engine, word: string) => texts.some(({ text }) => text.includes(word));
    const mistakes = [
      [ENGINE, ENGINE_DEFAULT, 'script-has-default', !has(engine, ENGINE_DEFAULT)],
      [ENGINE, ENGINE_FALLBACK, 'script-has-no-way-round', has(engine, ENGINE_FALLBACK)],
      ...WATCHER_DEFAULTS.map((text) => [WATCHER, text, 'script-has-default', !has(watcher, text)] as const),
      [WATCHER, WATCHER_KEY, 'script-has-no-way-round', has(watcher, WATCHER_KEY)],
    ] as const;
    const first = mistakes.find(([, , , isWrong]) => isWrong);
    if (first) {
      const [path, text, rule] = first;
      return yield report(rule, `${path} ${text}`, repo.at(path), { path, text });
    }
    if (!workbench) return yield needsWorkbench('the launch agent');
    if (workbench.lines(PLIST).some(({ text }) => /\/Users\/ronnyworks\/[A-Z]/.test(text)))
      return yield report('launch-agent-uses-small-letters', PLIST, place);
    const environment = dictionaryIn(workbench.text(PLIST), 'EnvironmentVariables');
    if (!environment) return yield report('launch-agent-is-readable', PLIST, place, { path: PLIST });
    const unset = ENVIRONMENT.find(([name, value]) => environment.get(name) !== value);
    if (unset) yield report('launch-agent-sets-variable', unset[0], place, { name: unset[0], value: unset[1] });
  },

  examples: {
    pass: [{ title: 'everything at the flat rate', ...withPlist(SOUND_PLIST) }],
    fail: [
      { title: 'no launch agent', files: SOUND, siblings: { workbench: {} }, finds: [`launch-agent-exists ${PLIST}`] },
      {
        title: 'another default',
        files: { ...SOUND, [ENGINE]: 'provider=anthropic\n' },
        finds: [`script-has-default ${ENGINE} ${ENGINE_DEFAULT}`],
      },
      {
        title: 'a way round',
        files: { ...SOUND, [ENGINE]: `${ENGINE_DEFAULT}\necho "${ENGINE_FALLBACK}"\n` },
        finds: [`script-has-no-way-round ${ENGINE} ${ENGINE_FALLBACK}`],
      },
      {
        title: 'a capital letter',
        ...withPlist(SOUND_PLIST.replace('</plist>', '<!-- /Users/ronnyworks/Library --></plist>')),
        finds: [`launch-agent-uses-small-letters ${PLIST}`],
      },
      { title: 'not a property list', ...withPlist('<plist><dict>'), finds: [`launch-agent-is-readable ${PLIST}`] },
      {
        title: 'another model',
        ...withPlist(SOUND_PLIST.replace('glm-5', 'glm-4')),
        finds: ['launch-agent-sets-variable ZAI_MODEL'],
      },
    ],
    blind: [{ title: 'no workbench', files: SOUND }],
  },
});
