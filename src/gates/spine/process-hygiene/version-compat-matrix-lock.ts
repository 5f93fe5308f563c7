import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { INVOLVED_PATTERNS } from '../../lib/bash/basic-regexp.ts';
import { absent, filesExist, fromRoot } from '../../lib/files/files.ts';
import { quotedAfter, textAfter } from '../../lib/files/lines.ts';
import { declaresSections, hasTopLevelKeys, isDeclared, underKeys } from '../../lib/spine/contract-text.ts';

const MATRIX = 'ops/bindings/version.compat.matrix.yaml';
const DOC = 'docs/product/AOF_VERSION_COMPATIBILITY.md';
const COMPONENTS = {
  kind: 'component',
  names: [
    'drift-gate-runtime',
    'gate-registry',
    'policy-presets',
    'resolve-policy',
    'cap-runner',
    'capabilities-registry',
    'capability-map',
    'tenant-profile-schema',
    'plugin-manifest',
  ],
  fields: ['version', 'source'],
  reach: 15,
};

export default defineGate({
  name: 'version-compat-matrix-lock',
  mirrors: ['4d9beece9b617ffa932c1678f2774dd9d6277f15'],
  why: 'An upgrade is judged by this matrix: where a component, its source or a dependency is wrong, it vouches for something that is not there. Versions themselves are never compared.',
  fix: 'Declare the component in version.compat.matrix.yaml with a version and a double-quoted source that exists, and name only declared components, unquoted, as dependencies.',
  reads: [MATRIX],
  deviates: [INVOLVED_PATTERNS],

  *check({ repo }) {
    if (!repo.isFile(MATRIX)) return yield absent(repo, MATRIX);
    const lines = repo.lines(MATRIX);
    yield* hasTopLevelKeys(repo, MATRIX, 'version');
    yield* declaresSections(repo, MATRIX, COMPONENTS);

    for (const [component, line] of underKeys(lines)) {
      if (!line.text.includes('    source:')) continue;
      const source = quotedAfter(line, 'source:');
      if (source === '' || repo.isFile(fromRoot(source))) continue;
      const message = `The source of \`${component}\` is no file in double quotes: \`${source}\`.`;
      yield problem('source-is-a-file', `component:${component}#source`, line, message);
    }
    for (const [component, line] of underKeys(lines)) {
      if (!line.text.includes('      - component:')) continue;
      const needed = textAfter(line, 'component: *').replaceAll(' ', '');
      if (needed === '' || isDeclared(lines, needed)) continue;
      const message = `\`${component}\` depends on \`${needed}\`, which the matrix does not declare.`;
      yield problem('dependency-is-declared', `component:${component}#${needed}`, line, message);
    }

    yield* hasTopLevelKeys(repo, MATRIX, 'enforcement');
    yield* filesExist(repo, DOC);
  },

  examples: {
    pass: [
      { title: 'all components with version and source', files: withMore('') },
      {
        title: 'a dependency on any key of that depth is declared, dots standing for any character',
        files: withMore('  extra:\n      - component: gate\n      - component:  cap.runner \n      - component:\n'),
      },
      {
        title: 'an empty source, and a dependency indented less, are not looked at',
        files: withMore('    source: ""\n    - component: lost\n'),
      },
      {
        title: 'a commented source is not looked at when the mark stands between',
        files: withMore('    # source: "lost"\n'),
      },
      {
        title: 'the version that a dependency needs passes for the version of the component',
        files: withMore('', '  cap-runner:\n        min_version: "1"\n    # source: later\n'),
      },
    ],
    fail: [
      { title: 'no matrix', files: {}, finds: [`file-exists ${MATRIX}`] },
      {
        title: 'nothing in the matrix',
        files: { [MATRIX]: '' },
        finds: [
          'has-top-level-key version',
          ...COMPONENTS.names.map((name) => `component-is-declared component:${name}`),
          'has-top-level-key enforcement',
          `file-exists ${DOC}`,
        ],
      },
      {
        title: 'a component with neither version nor source, in sight of 15 lines',
        files: withMore('', `  cap-runner:\n${'    # filler\n'.repeat(14)}    version: "1"\n    source: "bin/cap"\n`),
        finds: ['component-has-field component:cap-runner#version', 'component-has-field component:cap-runner#source'],
      },
      {
        title: 'a source that is unquoted, without a value, a folder, gone, or commented out in front',
        files: withMore(
          '  more:\n    source: bin/cap\n    source:\n    source: "bin"\n    source: "lost"\n#    source: "x"\n',
        ),
        finds: Array<string>(5).fill('source-is-a-file component:more#source'),
      },
      {
        title: 'a required component renamed misses once, and once per dependency on it',
        files: withMore('      - component: cap-runner\n', '  cap-walker:\n    version:\n    source: "bin/cap"\n'),
        finds: [
          'component-is-declared component:cap-runner',
          'dependency-is-declared component:plugin-manifest#cap-runner',
        ],
      },
      {
        title: 'quotes and comments become part of a dependency',
        files: withMore('      - component: "cap-runner"\n      - component: cap-runner # soon\n'),
        finds: [
          'dependency-is-declared component:plugin-manifest#"cap-runner"',
          'dependency-is-declared component:plugin-manifest#cap-runner#soon',
        ],
      },
    ],
  },
});

function withMore(lines: string, capRunner?: string): Readonly<Record<string, string>> {
  const components = COMPONENTS.names.map((name) =>
    name === 'cap-runner' && capRunner ? capRunner : `  ${name}:\n    version: "1"\n    source: "bin/cap"\n`,
  );
  return {
    [MATRIX]: `version: 1\ncomponents:\n${components.join('')}${lines}enforcement:\n  gate: D95\n`,
    [DOC]: '',
    'bin/cap': '',
  };
}
