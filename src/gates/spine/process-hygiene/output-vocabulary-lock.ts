import { extendedRegExp } from '../../lib/bash/extended-regexp.ts';
import { defineGate } from '../../lib/define.ts';
import { hasLine } from '../../lib/files/lines.ts';

const FOLDER = 'surfaces/verify';
const GATE_FILE = /^d([0-9][^-]*)-.*\.sh$/;

/** `D139` for `d139-some-name.sh`; undefined for what is not a gate script. */
function gateNumber(path: string): string | undefined {
  const number = GATE_FILE.exec(path.slice(FOLDER.length + 1))?.[1];
  return number === undefined ? undefined : `D${number}`;
}

export default defineGate({
  name: 'output-vocabulary-lock',
  mirrors: ['8acf3612a8b4817444ac5c905cddd0270271d19c'],
  why: 'In a long run, a failing line that does not name its gate makes somebody search through a hundred scripts.',
  fix: 'Print the number as the file spells it, on the line of the `echo`: `echo "D139 FAIL: …"`.',
  limits:
    'One line with an output word before the number is enough, be it a comment, `fingerprint`, or a longer number.',
  needs: {},
  alsoReads: [`${FOLDER}/d[0-9]*-*.sh`],

  rules: {
    'gate-names-itself': 'No output line of the script names `{number}`.',
  },

  *check(_, report, { repo }) {
    const paths = repo.names(FOLDER).map((name) => `${FOLDER}/${name}`);
    repo.prefetch(paths.filter((path) => gateNumber(path) !== undefined));
    for (const path of paths) {
      const number = gateNumber(path);
      if (number === undefined || !repo.isFile(path)) continue;
      const output = extendedRegExp(`(echo|printf|print).*${number}`);
      if (!hasLine(repo, path, output)) yield report('gate-names-itself', path, repo.at(path), { number });
    }
  },

  examples: {
    pass: [{ title: 'it names itself', files: { [`${FOLDER}/d140-x.sh`]: 'echo "D140 FAIL: no lock"\n' } }],
    fail: [
      {
        title: 'it prints only its result',
        files: { [`${FOLDER}/d140-x.sh`]: 'echo FAIL\n' },
        finds: [`gate-names-itself ${FOLDER}/d140-x.sh`],
      },
    ],
  },
});
