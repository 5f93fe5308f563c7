import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { extendedRegExp } from '../../lib/bash/extended-regexp.ts';
import { hasLine } from '../../lib/files/lines.ts';

const FOLDER = 'surfaces/verify';
const GATE_FILE = /^d([0-9][^-]*)-.*\.sh$/;

export default defineGate({
  name: 'output-vocabulary-lock',
  mirrors: ['8acf3612a8b4817444ac5c905cddd0270271d19c'],
  why: 'In a long run, a failing line that does not name its gate sends somebody searching through a hundred scripts. One line with an output word before the number is enough, be it a comment, `fingerprint`, or a longer number.',
  fix: 'Print the number as the file spells it, on the line of the `echo`: `echo "D139 FAIL: …"`.',
  reads: [`${FOLDER}/d[0-9]*-*.sh`],

  *check({ repo }) {
    const paths = repo.names(FOLDER).map((name) => `${FOLDER}/${name}`);
    repo.prefetch(paths.filter((path) => gateNumber(path) !== undefined));
    for (const path of paths) {
      const number = gateNumber(path);
      if (number === undefined || !repo.isFile(path)) continue;
      const output = extendedRegExp(`(echo|printf|print).*${number}`);
      if (!hasLine(repo, path, output)) {
        yield problem('gate-names-itself', path, repo.at(path), `No output line of the script names \`${number}\`.`);
      }
    }
  },

  examples: {
    pass: [
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
    fail: [
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
  },
});

/** `D139` for `d139-some-name.sh`; undefined for what is no gate script. */
function gateNumber(path: string): string | undefined {
  const number = GATE_FILE.exec(path.slice(FOLDER.length + 1))?.[1];
  return number === undefined ? undefined : `D${number}`;
}
