import gate from '../../src/gates/spine/process-hygiene/version-compat-matrix-lock.ts';
import { nearMisses } from './near-misses.ts';

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

export default nearMisses(gate, {
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
});
