import type { Repo } from '../../../core/repo.ts';
import { defineGate } from '../../lib/define.ts';
import { type Members, membersBeyond, membersOf } from '../../lib/files/members.ts';
import { file } from '../../lib/needs.ts';
import { CAPABILITIES } from '../../lib/spine/known-files.ts';

const MAP = 'ops/bindings/capability_map.yaml';

/** The capabilities of each document up to the first one that has none. */
function capabilitiesOf(repo: Repo, path: string): Members {
  if (!repo.isYaml(path)) return [];
  const documents = repo.yamlDocuments(path).map((document) => membersOf(document.get('capabilities')));
  const end = documents.findIndex((members) => members.length === 0);
  return documents.slice(0, end < 0 ? undefined : end).flat();
}

export default defineGate({
  name: 'capability-map-lock',
  mirrors: ['e7f2fb16b44e0754a5d5851b31d2527a163dd122'],
  why: 'Agents find capabilities through the map. A capability that it lacks is never used; one that only the map has fails when it is called.',
  fix: 'Add the missing ids to capability_map.yaml and remove those that capabilities.yaml does not define.',
  limits: 'Only ids are compared.',
  needs: { registry: file(CAPABILITIES), map: file(MAP) },

  rules: {
    'lists-capabilities': '{path} lists no capability under `capabilities`.',
    'capability-is-mapped': '`{capability}` is missing from {map}.',
    'mapped-capability-exists': '`{capability}` is not defined in {registry}.',
  },

  *check({ registry, map }, report, { repo }) {
    const registered = capabilitiesOf(repo, CAPABILITIES);
    if (registered.length === 0) {
      return yield report('lists-capabilities', CAPABILITIES, registry, { path: CAPABILITIES });
    }
    const mapped = capabilitiesOf(repo, MAP);
    if (mapped.length === 0) return yield report('lists-capabilities', MAP, map, { path: MAP });

    for (const [capability, at] of membersBeyond(registered, mapped)) {
      yield report('capability-is-mapped', `capability:${capability}`, at, { capability, map: MAP });
    }
    for (const [capability, at] of membersBeyond(mapped, registered)) {
      const values = { capability, registry: CAPABILITIES };
      yield report('mapped-capability-exists', `capability:${capability}`, at, values);
    }
  },

  examples: {
    pass: [
      {
        title: 'the same ids in any order',
        files: { [CAPABILITIES]: 'capabilities: { a: {}, b: {} }\n', [MAP]: 'capabilities: { b: {}, a: {} }\n' },
      },
    ],
    fail: [
      {
        title: 'no capability',
        files: { [CAPABILITIES]: 'capabilities: {}\n', [MAP]: '' },
        finds: [`lists-capabilities ${CAPABILITIES}`],
      },
      {
        title: 'renamed in the map',
        files: { [CAPABILITIES]: 'capabilities: { a: {}, b: {} }\n', [MAP]: 'capabilities: { A: {}, b: {} }\n' },
        finds: ['capability-is-mapped capability:a', 'mapped-capability-exists capability:A'],
      },
    ],
  },
});
