import gate from '../../src/gates/spine/process-hygiene/boundary-authority-lock.ts';
import { nearMisses, soundFiles, variationsOn } from './near-misses.ts';

const BASELINE = 'ops/bindings/spine.boundary.baseline.yaml';
const MAILROOM = 'ops/bindings/mailroom.runtime.contract.yaml';
const SOUND = soundFiles(gate);
const changed = variationsOn(gate);

export default nearMisses(gate, {
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
});
