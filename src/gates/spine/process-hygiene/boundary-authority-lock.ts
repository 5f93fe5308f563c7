import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import { filesExist, unparsable } from '../../lib/files/files.ts';
import { OPS_ROOT } from '../../lib/spine/host-paths.ts';
import { variationsOf } from '../../lib/variations.ts';

const BASELINE = 'ops/bindings/spine.boundary.baseline.yaml';
const MAILROOM = 'ops/bindings/mailroom.runtime.contract.yaml';
const README = 'README.md';

const HEADING = /^Spine owns:/;
const ITEM = /^\s*- /;
/** How far below the heading the script looks, whatever stands there. */
const REACH = 10;

const SOUND = {
  [BASELINE]: `authoritative_surfaces: [bin/**, ops/, receipts/**, tools/**]
rules:
  runtime_only: [{ destination: /runtime/mailroom-old/ }, { id: no-destination }]
`,
  [MAILROOM]: `tracked_contract_root: ${OPS_ROOT}/mailroom\nruntime_root: /runtime/mailroom\n`,
  [README]: `Spine owns:

- governed entrypoints (\`bin/\`, \`ops/\`)
  - receipts

Spine never owns:

- domain tools
three lines
further down,
the eleventh:
- dashboards
`,
};
const changed = variationsOf(SOUND);

export default defineGate({
  name: 'boundary-authority-lock',
  mirrors: ['20d031a3ec68c53f9c0c3808c3bd059efe0f3e9e'],
  why: 'Baseline, README and mailroom contract each say what this repo owns; where they disagree, live data lands in tracked folders or owned files are cleaned away. The README is in effect searched for words, even in the list of what is not owned.',
  fix: 'Name the surface in the "Spine owns:" list of README.md, and keep `tracked_contract_root` and every `runtime_only` destination on the roots of the mailroom contract.',
  reads: [BASELINE, MAILROOM, README],

  *check({ repo }) {
    const [missing] = filesExist(repo, BASELINE, MAILROOM, README);
    if (missing) return yield missing;
    for (const path of [BASELINE, MAILROOM]) if (!repo.isYaml(path)) return yield unparsable(repo, path);
    const baseline = repo.yaml(BASELINE);
    const mailroom = repo.yaml(MAILROOM);

    const surfaces = baseline.get('authoritative_surfaces');
    if (surfaces.items.length === 0) {
      return yield problem('has-surfaces', 'authoritative_surfaces', surfaces, 'The baseline lists no surface.');
    }
    const owned = ownedItems(repo.lines(README)).map(bareSurface);
    for (const surface of surfaces.items) {
      const name = bareSurface(surface.raw);
      if (owned.some((item) => name.startsWith(item) || item.includes(name))) continue;
      const message = `README.md does not name \`${surface.raw}\` among what the spine owns.`;
      return yield problem('surface-is-in-readme', `surface:${surface.raw}`, surface, message);
    }

    const contractRoot = mailroom.get('tracked_contract_root');
    if (contractRoot.or('') !== `${OPS_ROOT}/mailroom`) {
      const message = `The tracked mailroom is at \`${contractRoot.or('')}\` instead of \`${OPS_ROOT}/mailroom\`.`;
      return yield problem('mailroom-is-in-the-repo', 'tracked_contract_root', contractRoot, message);
    }
    const runtimeRoot = mailroom.get('runtime_root');
    if (runtimeRoot.or('') === '') {
      return yield problem(
        'mailroom-has-runtime-root',
        'runtime_root',
        runtimeRoot,
        'The contract has no runtime root.',
      );
    }
    for (const entry of baseline.get('rules', 'runtime_only').items) {
      const destination = entry.get('destination').or('');
      if (destination === '' || destination.startsWith(runtimeRoot.raw)) continue;
      const message = `\`${destination}\` is not below the runtime root \`${runtimeRoot.raw}\`.`;
      return yield problem(
        'destination-is-in-runtime-root',
        `destination:${destination}`,
        entry.get('destination'),
        message,
      );
    }
  },

  examples: {
    pass: [
      {
        title: 'any word of an item counts, also below the next heading, and so does a longer folder name',
        files: SOUND,
      },
      changed('an empty item covers everything', { '- domain tools': '- ', 'tools/**': 'fixtures/**' }),
      changed('nothing goes to the runtime', { 'runtime_only:': 'archive:' }),
    ],
    fail: [
      { title: 'no baseline', files: {}, finds: [`file-exists ${BASELINE}`] },
      changed('a contract that is not YAML', { 'runtime_root: ': 'runtime_root: [' }, `file-is-yaml ${MAILROOM}`),
      changed('no surfaces', { authoritative_surfaces: 'surfaces' }, 'has-surfaces authoritative_surfaces'),
      changed(
        'a word on the eleventh line',
        { 'tools/**': 'dashboards/**' },
        'surface-is-in-readme surface:dashboards/**',
      ),
      changed('a heading of Markdown', { 'Spine owns:': '## Spine owns:' }, 'surface-is-in-readme surface:bin/**'),
      changed('another case', { '`ops/`': '`Ops/`' }, 'surface-is-in-readme surface:ops/'),
      changed('another bullet', { '  - receipts': '* receipts' }, 'surface-is-in-readme surface:receipts/**'),
      changed('a slash too many', { '/mailroom\n': '/mailroom/\n' }, 'mailroom-is-in-the-repo tracked_contract_root'),
      changed('no runtime root', { 'runtime_root: /': 'root: /' }, 'mailroom-has-runtime-root runtime_root'),
      changed(
        'a destination elsewhere',
        { '/runtime/mailroom-old': '/a' },
        'destination-is-in-runtime-root destination:/a/',
      ),
    ],
  },
});

/** What the list under the heading names, and whatever other list items follow within reach. */
function ownedItems(lines: readonly TextLine[]): readonly string[] {
  let heading = Number.NEGATIVE_INFINITY;
  const near = lines.filter(({ text, number }) => {
    if (HEADING.test(text)) heading = number;
    return number <= heading + REACH;
  });
  return near.filter(({ text }) => ITEM.test(text)).map(({ text }) => text.replace(ITEM, '').replaceAll('`', ''));
}

function bareSurface(surface: string): string {
  return surface.replace('/**', '').replace(/\/$/, '');
}
