import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { filesExist } from '../../lib/files/files.ts';
import { type Members, membersBeyond, membersOf } from '../../lib/files/members.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const MAP = 'ops/bindings/capability_map.yaml';

export default defineGate({
  name: 'capability-map-lock',
  mirrors: ['e7f2fb16b44e0754a5d5851b31d2527a163dd122'],
  why: 'Agents find capabilities through the map. One that it lacks is never used; one that only the map knows fails when it is called. Only ids are compared, not what stands behind them.',
  fix: 'Add the missing ids to capability_map.yaml and remove those that capabilities.yaml does not define.',
  reads: [CAPABILITIES, MAP],

  *check({ repo }) {
    const [missing] = filesExist(repo, CAPABILITIES, MAP);
    if (missing) return yield missing;
    const registered = capabilitiesOf(repo, CAPABILITIES);
    if (registered.length === 0) return yield problem('lists-capabilities', CAPABILITIES, repo.at(CAPABILITIES), NONE);
    const mapped = capabilitiesOf(repo, MAP);
    if (mapped.length === 0) return yield problem('lists-capabilities', MAP, repo.at(MAP), NONE);

    for (const [id, capability] of membersBeyond(registered, mapped)) {
      yield problem('capability-is-mapped', `capability:${id}`, capability, `\`${id}\` is missing from ${MAP}.`);
    }
    for (const [id, entry] of membersBeyond(mapped, registered)) {
      yield problem(
        'mapped-capability-exists',
        `capability:${id}`,
        entry,
        `\`${id}\` is not defined in ${CAPABILITIES}.`,
      );
    }
  },

  examples: {
    pass: [
      {
        title: 'the same ids in any order, spelling and detail',
        files: {
          [CAPABILITIES]: 'capabilities:\n  a.b: { command: x }\n  "c" : null\n',
          [MAP]: "capabilities: { c: { command: y }, 'a.b': }\n",
        },
      },
      {
        title: 'ids may be repeated, and of two lists the last one counts',
        files: {
          [CAPABILITIES]: 'capabilities: { x: }\ncapabilities:\n  a: 1\n  a: 2\n',
          [MAP]: 'capabilities: { a: 3 }\n',
        },
      },
      {
        title: 'a second document adds its ids, and what comes after one without any is not read',
        files: {
          [CAPABILITIES]: 'capabilities: { a: }\n---\ncapabilities: { b: }\n---\nx: 1\n---\ncapabilities: { c: }\n',
          [MAP]: 'capabilities: { a: , b: }\n',
        },
      },
      {
        title: 'a list counts as its indices',
        files: { [CAPABILITIES]: 'capabilities: [a, b]\n', [MAP]: 'capabilities: { 0: a, 1: a }\n' },
      },
    ],
    fail: [
      { title: 'no registry', files: { [MAP]: '' }, finds: [`file-exists ${CAPABILITIES}`] },
      { title: 'no map', files: { [CAPABILITIES]: '' }, finds: [`file-exists ${MAP}`] },
      {
        title: 'a registry that is no YAML lists nothing',
        files: { [CAPABILITIES]: 'capabilities: {', [MAP]: 'capabilities: { a: }\n' },
        finds: [`lists-capabilities ${CAPABILITIES}`],
      },
      {
        title: 'nor does a map without entries',
        files: { [CAPABILITIES]: 'capabilities: { a: }\n', [MAP]: 'capabilities: soon\n' },
        finds: [`lists-capabilities ${MAP}`],
      },
      {
        title: 'renamed in the map, down to its capitals',
        files: { [CAPABILITIES]: 'capabilities: { a: , b: }\n', [MAP]: 'capabilities: { A: , b: }\n' },
        finds: ['capability-is-mapped capability:a', 'mapped-capability-exists capability:A'],
      },
      {
        title: 'each repetition of an unknown id, and a merge counts as an id too',
        files: {
          [CAPABILITIES]: 'capabilities: { a: }\n',
          [MAP]: 'base: &base { a: }\ncapabilities:\n  <<: *base\n  x:\n  x:\n  a:\n',
        },
        finds: ['<<', 'x', 'x'].map((id) => `mapped-capability-exists capability:${id}`),
      },
    ],
  },
});

const NONE = 'No capability is listed under `capabilities`.';

/** The capabilities of each document up to the first one that has none. */
function capabilitiesOf(repo: Repo, path: string): Members {
  if (!repo.isYaml(path)) return [];
  const documents = repo.yamlDocuments(path).map((document) => membersOf(document.get('capabilities')));
  const end = documents.findIndex((members) => members.length === 0);
  return documents.slice(0, end < 0 ? undefined : end).flat();
}
