import { INVOLVED_PATTERNS } from '../../lib/bash/basic-regexp.ts';
import { fromRoot } from '../../lib/files/files.ts';
import { quotedAfter, textAfter } from '../../lib/files/lines.ts';
import { contractGate } from '../../lib/spine/contract-gate.ts';
import { isDeclared, underKeys } from '../../lib/spine/contract-text.ts';

export default contractGate({
  name: 'version-compat-matrix-lock',
  mirrors: ['4d9beece9b617ffa932c1678f2774dd9d6277f15'],
  why: 'Upgrades are judged by this matrix. Where a component, its source or a dependency is wrong, it vouches for something that does not exist.',
  fix: 'Declare the component in version.compat.matrix.yaml with a version and a double-quoted source that exists, and name only declared components, unquoted, as dependencies.',
  limits: 'Versions themselves are never compared.',
  deviates: [INVOLVED_PATTERNS],
  contract: 'ops/bindings/version.compat.matrix.yaml',
  doc: 'docs/product/AOF_VERSION_COMPATIBILITY.md',
  keys: { first: ['version'], last: ['enforcement'] },
  sections: {
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
  },

  rules: {
    'source-is-a-file': 'The source of `{component}`, `{source}`, is not a file in double quotes.',
    'dependency-is-declared': '`{component}` depends on `{needed}`, which the matrix does not declare.',
  },

  *more({ lines }, report, { repo }) {
    for (const [component, line] of underKeys(lines)) {
      if (!line.text.includes('    source:')) continue;
      const source = quotedAfter(line, 'source:');
      if (source === '' || repo.isFile(fromRoot(source))) continue;
      yield report('source-is-a-file', `component:${component}#source`, line, { component, source });
    }
    for (const [component, line] of underKeys(lines)) {
      if (!line.text.includes('      - component:')) continue;
      const needed = textAfter(line, 'component: *').replaceAll(' ', '');
      if (needed === '' || isDeclared(lines, needed)) continue;
      yield report('dependency-is-declared', `component:${component}#${needed}`, line, { component, needed });
    }
    return false;
  },

  shown: {
    body: '    version: "1"\n    source: "bin/cap"\n',
    files: { 'bin/cap': '' },
    fail: (world) => [
      world(
        'a source that is gone, and a dependency on nothing',
        { 'cap-runner': '    version: "1"\n    source: "bin/lost"\n      - component: cap-walker\n' },
        'source-is-a-file component:cap-runner#source',
        'dependency-is-declared component:cap-runner#cap-walker',
      ),
    ],
  },
});
