import { CAPABILITIES } from '../../src/gates/lib/spine/known-files.ts';
import gate from '../../src/gates/spine/process-hygiene/capability-map-lock.ts';
import { nearMisses } from './near-misses.ts';

const MAP = 'ops/bindings/capability_map.yaml';

export default nearMisses(gate, {
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
});
