import { expect, test } from 'vitest';
import { followLinks, indexFolders } from '../../../src/audit/read/paths.ts';
import type { TreeEntry } from '../../../src/core/snapshot.ts';

const LINKS: Readonly<Record<string, string>> = {
  'to-file': 'bin/run',
  'to-folder': 'docs/deep',
  'bin/up': '../docs/deep',
  loop: 'loop',
  outside: '../other/file',
  absolute: '/etc/passwd',
  dangling: 'bin/lost',
};
const FILES = ['bin/run', 'docs/deep/page', 'docs/page'];

const entry = (mode: TreeEntry['mode']): TreeEntry => ({ mode, sha: null, size: null });
const entries = new Map([
  ...FILES.map((path) => [path, entry('100644')] as const),
  ...Object.keys(LINKS).map((path) => [path, entry('120000')] as const),
]);
const follow = (path: string) => followLinks(path, entries, indexFolders(entries.keys()), (link) => LINKS[link] ?? '');

test.each([
  ['bin/run', 'bin/run', 'a file'],
  ['./bin//run', 'bin/run', 'with dots and slashes to spare'],
  ['docs/', 'docs', 'a folder'],
  ['', '', 'the root'],
  ['docs/../bin/run', 'bin/run', 'up and down again'],
  ['to-file', 'bin/run', 'through a link'],
  ['bin/up/page', 'docs/deep/page', 'through a link in the middle'],
  ['to-folder/../page', 'docs/page', 'up from where a link leads, not from where it stands'],
])('%j is %j: %s', (path, found) => {
  expect(follow(path)).toBe(found);
});

test.each([
  ['bin/lost', 'no such file'],
  ['bin/run/', 'a file is no folder'],
  ['bin/run/.', 'nor has it a dot'],
  ['bin/run/../run', 'nor a parent'],
  ['lost/../bin/run', 'no way through a folder that is not there'],
  ['to-file/', 'a link to a file is no folder either'],
  ['/bin/run', 'absolute'],
  ['../repo/bin/run', 'out of the repo'],
  ['outside', 'out of the repo by a link'],
  ['absolute', 'an absolute link'],
  ['loop', 'in circles'],
  ['dangling', 'a link to nothing'],
])('%j leads nowhere: %s', (path) => {
  expect(follow(path)).toBeNull();
});
