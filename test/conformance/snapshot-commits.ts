/** The repository that every snapshot adapter is held against. */
import type { FixtureCommit, FixtureFile } from './git-fixture.ts';

function plain(content: string | Uint8Array): FixtureFile {
  return { mode: '100644', content };
}

/** A text of exactly so many bytes, not all of them ASCII. */
function lines(bytes: number): string {
  const start = '# ä\n';
  return `${start}${'- { name: vm-104, site: shop, role: backups }\n'.repeat(bytes / 40)}`.slice(0, bytes - 1);
}

const SUBMODULE_SHA = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Every file of `main` by path, but those that its history changes. */
export const UNCHANGED_FILES: Readonly<Record<string, FixtureFile>> = {
  'ops/bindings/vms.yaml': plain('vms:\n  - id: 104\n'),
  'ops/bindings/copy-of-vms.yaml': plain('vms:\n  - id: 104\n'),
  'ops/bin/run.sh': { mode: '100755', content: '#!/bin/sh\nexit 0\n' },
  'empty.yaml': plain(''),
  'crlf.txt': plain('one\r\ntwo\r\n\r\nfour'),
  'no-final-newline.txt': plain('the last line'),
  'bom.yaml': plain('\uFEFFkey: value\n'),
  'astral.md': plain('# The 🏠 lab, “shop” & café\u2028\u0085\u0001end\n'),
  'escapes.json': plain('{"a":"\\u0041\\n\\\\","big":12345678901234567890,"marker":"123n"}\t\u001b\n'),
  'latin-1.txt': plain(Buffer.from('na\xefve caf\xe9\n', 'latin1')),
  'late-invalid.txt': plain(Buffer.concat([Buffer.from(lines(20_000)), Buffer.from([0xff, 0xfe, 0x0a])])),
  'replacement.txt': plain('a real \uFFFD character\n'),
  'nul.bin': plain(Buffer.from([0x50, 0x4b, 0, 1, 0xff, 0, 0x0a])),
  'late-nul.txt': plain(`${lines(9_000)}\0\n`),
  'big/499999.yaml': plain(lines(499_999)),
  'big/600-kB.yaml': plain(lines(600_000)),
  'big/1200-kB.yaml': plain(lines(1_200_000)),
  'big/600-kB.bin': plain(Buffer.alloc(600_000, Buffer.from([0, 1, 2, 0xff, 0xc3]))),
  'link-to-file': { mode: '120000', content: 'ops/bindings/vms.yaml' },
  'link-to-folder': { mode: '120000', content: 'ops/bindings' },
  'link-outside': { mode: '120000', content: '../ünï code/nowhere' },
  'vendor/module': { mode: '160000', content: SUBMODULE_SHA },
  '.hidden/.file': plain('hidden\n'),
  'a name with spaces.txt': plain('spaces\n'),
  ' leading and trailing ': plain('more spaces\n'),
  'quo"te\'s.txt': plain('quotes\n'),
  'back\\slash.txt': plain('backslash\n'),
  'new\nline.txt': plain('a newline in a name\n'),
  'tab\there.txt': plain('tab\n'),
  'ünï/日本/🏠.yaml': plain('unicode: yes\n'),
  'star*.[ab]?.txt': plain('pattern characters\n'),
  ':(top)colon': plain('pathspec magic\n'),
  '-dash': plain('an option?\n'),
  '$dollar{x}': plain('a template?\n'),
  'per%20cent.txt': plain('an escape?\n'),
};

/** With trailers, odd spaces and more line breaks at the end than one. */
export const MESSAGE = 'Ändere: "die" Tore\n\n  indented\ttext  \n\nGate-Mutation: registry\nGate-Run-Key: RK 1\n\n\n';

/** `main` ends with `head`; `side`, `joined` and the like are branches of their own. */
export const COMMITS: readonly FixtureCommit[] = [
  { name: 'base', files: { ...UNCHANGED_FILES, 'tracked.yaml': 'v: 0\n' } },
  { name: 'boundary', files: { 'tracked.yaml': 'v: 1\n', 'other.yaml': 'v: 1\n' } },
  { name: 'one', files: { 'tracked.yaml': 'v: 2\n' }, message: MESSAGE },
  { name: 'other', files: { 'other.yaml': 'v: 2\n' } },
  { name: 'both', files: { 'tracked.yaml': 'v: 3\n', 'other.yaml': 'v: 3\n' }, message: 'no line break' },
  { name: 'mode', files: { 'tracked.yaml': { mode: '100755', content: 'v: 3\n' } } },
  { name: 'break', files: { 'tracked.yaml': { mode: '100755', content: 'v: 4\n' } } },
  { name: 'revert', files: { 'tracked.yaml': { mode: '100755', content: 'v: 3\n' } }, message: 'Revert "break"\n' },
  { name: 'delete', files: { 'tracked.yaml': null } },
  { name: 'add again', files: { 'tracked.yaml': { mode: '100755', content: 'v: 3\n' } } },
  // A clock that went back an hour.
  { name: 'skewed', files: { 'tracked.yaml': 'v: 5\n', 'star-like.yaml': 'x\n' }, at: -3600 },
  { name: 'in a folder', files: { 'folder/deep/inner.yaml': 'v: 1\n' } },
  { name: 'odd name', files: { 'star*.yaml': 'v: 1\n' } },
  { name: 'head', files: { 'unrelated.md': '# unrelated\n' } },

  { name: 'aside', branch: 'side', from: 'boundary', files: { 'tracked.yaml': 'v: aside\n' } },
  { name: 'stranger', branch: 'stranger', from: null, files: { 'tracked.yaml': 'v: stranger\n' } },

  { name: 'left', branch: 'left', from: 'boundary', files: { 'tracked.yaml': 'v: left\n' } },
  { name: 'right', branch: 'right', from: 'boundary', files: { 'other.yaml': 'v: right\n' } },
  { name: 'joined', branch: 'joined', from: 'left', merge: 'right', files: { 'other.yaml': 'v: right\n' } },
  { name: 'taken', branch: 'taken', from: 'left', merge: 'aside', files: {} },
  { name: 'resolved', branch: 'resolved', from: 'left', merge: 'aside', files: { 'tracked.yaml': 'v: left, aside\n' } },
];
