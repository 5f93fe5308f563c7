import gate from '../../src/gates/spine/process-hygiene/output-vocabulary-lock.ts';
import { nearMisses } from './near-misses.ts';

const FOLDER = 'surfaces/verify';

export default nearMisses(gate, {
  pass: [
    ...[
      ['a comment', 'd140-x.sh', '# echo "D140 PASS"'],
      ['part of a word, and a longer number', 'd13-x.sh', 'fingerprint D130'],
      ['zeros belong to the number', 'd0140-x.sh', 'printf D0140'],
      ['a dot in the name is any character', 'd1.2-x.sh', 'echo D1x2'],
      ['no gate: underscore', 'd141_new.sh', ''],
      ['no gate: no number', 'dx-new.sh', ''],
      ['no gate: upper case', 'D141-new.sh', ''],
      ['no gate: in a subfolder', 'tests/d141-t.sh', ''],
      ['no gate: a folder', 'd142-t.sh/readme', ''],
    ].map(([title, name, text]) => ({ title: String(title), files: { [`${FOLDER}/${name}`]: String(text) } })),
  ],
  fail: [
    ...[
      ['the number comes first, or on the next line', 'd140-x.sh', 'G=D140; echo ok\necho \\\n  D140'],
      ['lower case', 'd140-x.sh', 'echo d140'],
      ['zeros missing', 'd0140-x.sh', 'echo D140'],
      ['letter missing', 'd3a-x.sh', 'echo D3'],
      ['empty', 'd9-x.sh', ''],
    ].map(([title, name, text]) => ({
      title: String(title),
      files: { [`${FOLDER}/${name}`]: String(text), [`${FOLDER}/d1-ok.sh`]: 'echo D1' },
      finds: [`gate-names-itself ${FOLDER}/${name}`],
    })),
  ],
});
