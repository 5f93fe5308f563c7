import { defineGate } from '../../lib/define.ts';
import { isProgram } from '../../lib/files/files.ts';
import { file } from '../../lib/needs.ts';

const AREAS = 'ops/bindings/ha.areas.yaml';
const HELPER = 'ops/tools/infisical-agent.sh';

export default defineGate({
  name: 'ha-area-parity',
  mirrors: ['882fb391dfc59c2083cd43a83fa5dc0402546acf'],
  why: 'Devices are assigned to rooms of this list. A room that the hub does not know takes its devices out of every automation.',
  fix: "Put ops/bindings/ha.areas.yaml back, or write it anew from the hub's areas.",
  limits: 'Only whether the list is there can be checked without the hub.',
  needs: { areas: file(AREAS) },
  alsoReads: [HELPER],
  rules: {},

  *check(_needs, _report, { repo }) {
    // Without the helper the script has no token, and skips the comparison.
    if (isProgram(repo, HELPER)) yield { blind: 'the rooms of the live hub are needed for the comparison' };
  },

  examples: {
    pass: [{ title: 'nobody can ask the hub', files: { [AREAS]: 'areas: []\n' } }],
    fail: [{ title: 'no list', files: {}, finds: [`file-exists ${AREAS}`] }],
    blind: [{ title: 'the hub could be asked', files: { [AREAS]: 'areas: []\n', [HELPER]: '' }, executable: [HELPER] }],
  },
});
