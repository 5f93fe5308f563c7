import { defineGate } from '../../lib/define.ts';
import { lines, yaml } from '../../lib/needs.ts';
import { OPS_ROOT } from '../../lib/spine/host-paths.ts';
import { ownership } from '../../lib/spine/owned-surfaces.ts';
import { variationsOf } from '../../lib/variations.ts';

const BASELINE = 'ops/bindings/spine.boundary.baseline.yaml';
const MAILROOM = 'ops/bindings/mailroom.runtime.contract.yaml';
const README = 'README.md';
const changed = variationsOf({
  [BASELINE]: `authoritative_surfaces: [bin/**, ops/, receipts/**, tools/**]
rules:
  runtime_only: [{ destination: /runtime/mailroom-old/ }, { id: no-destination }]
`,
  [MAILROOM]: `tracked_contract_root: ${OPS_ROOT}/mailroom\nruntime_root: /runtime/mailroom\n`,
  [README]: `Spine owns:\n
- governed entrypoints (\`bin/\`, \`ops/\`)
  - receipts\n
Spine never owns:\n
- domain tools
three lines
further down,
the eleventh:
- dashboards
`,
});

export default defineGate({
  name: 'boundary-authority-lock',
  mirrors: ['20d031a3ec68c53f9c0c3808c3bd059efe0f3e9e'],
  why: 'Baseline, README and mailroom contract each say what this repo owns. Where they disagree, live data lands in tracked folders, or owned files are cleaned away.',
  fix: 'Name the surface in the "Spine owns:" list of README.md, and keep `tracked_contract_root` and every `runtime_only` destination on the roots of the mailroom contract.',
  limits: 'The README is searched for words: the list of what is not owned counts too.',
  needs: { baseline: yaml(BASELINE), mailroom: yaml(MAILROOM), readme: lines(README) },
  stopsAtFirst: true,

  rules: {
    'has-surfaces': 'The baseline lists no surface.',
    'surface-is-in-readme': 'The "Spine owns:" list of README.md does not name `{surface}`.',
    'mailroom-is-in-the-repo': '`tracked_contract_root` is `{root}`; it must be `{wanted}`.',
    'mailroom-has-runtime-root': 'The mailroom contract has no runtime root.',
    'destination-is-in-runtime-root': '`{destination}` is not below the runtime root `{root}`.',
  },

  *check({ baseline, mailroom, readme }, report) {
    const surfaces = baseline.get('authoritative_surfaces');
    if (surfaces.items.length === 0) yield report('has-surfaces', 'authoritative_surfaces', surfaces);

    const isOwned = ownership(readme);
    const stranger = surfaces.items.find((surface) => !isOwned(surface.raw));
    if (stranger) yield report('surface-is-in-readme', `surface:${stranger.raw}`, stranger, { surface: stranger });
    const tracked = mailroom.get('tracked_contract_root');
    const wanted = `${OPS_ROOT}/mailroom`;
    if (tracked.or('') !== wanted) {
      yield report('mailroom-is-in-the-repo', 'tracked_contract_root', tracked, { root: tracked, wanted });
    }
    const root = mailroom.get('runtime_root');
    if (root.or('') === '') yield report('mailroom-has-runtime-root', 'runtime_root', root);
    for (const entry of baseline.get('rules', 'runtime_only').items) {
      const at = entry.get('destination');
      const destination = at.or('');
      if (destination === '' || destination.startsWith(root.raw)) continue;
      const values = { destination, root };
      yield report('destination-is-in-runtime-root', `destination:${destination}`, at, values);
    }
  },

  examples: {
    pass: [changed('all three agree', {})],
    fail: [
      changed('no surfaces', { authoritative_surfaces: 'surfaces' }, 'has-surfaces authoritative_surfaces'),
      changed('not in the README', { 'tools/**': 'shop/**' }, 'surface-is-in-readme surface:shop/**'),
      changed('a slash too many', { '/mailroom\n': '/mailroom/\n' }, 'mailroom-is-in-the-repo tracked_contract_root'),
      changed('no runtime root', { 'runtime_root: /': 'root: /' }, 'mailroom-has-runtime-root runtime_root'),
      changed('elsewhere', { '/runtime/mailroom-old': '/a' }, 'destination-is-in-runtime-root destination:/a/'),
    ],
  },
});
