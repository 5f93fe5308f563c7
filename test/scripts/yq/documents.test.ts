import { expect, test } from 'vitest';
import { ask } from './ask.ts';
import RECORDED from './comments.json' with { type: 'json' };

/** What yq 4.44.1 prints for a document: arguments that begin with the expression, the document, the text. */
const PRINTED: readonly (readonly [args: readonly string[], document: string, printed: string])[] = [
  // The line break at the end of a folded text is doubled, like each one in it.
  [['.'], 'a: >\n  one\n  two\nb: 1\n', 'a: >\n  one two\n\nb: 1\n'],
  [['.'], 'a: >-\n  one\n\n  two\nb: 1\n', 'a: >-\n  one\n\n  two\nb: 1\n'],
  [['.[]'], '- >\n  one\n', 'one\n\n'],
  [['.a'], 'a: &x\n  b: 1\nc: *x\n', '&x\nb: 1\n'],
  [['.'], 'a: !!str 12\nb: !!int "3"\nc: !mine {x: 1}\n', 'a: !!str 12\nb: !!int "3"\nc: !mine {x: 1}\n'],
  [['-P', '.'], 'a: !!str 12\n', 'a: "12"\n'],
  [['.a |= "x"'], 'a: !!str 12\n', 'a: !!str x\n'],
  [['-I', '4', '.'], 'a:\n- b:\n  - c\n', 'a:\n    - b:\n        - c\n'],
  [['-I', '4', '.'], 'a:\n- |\n  x\n- b: |\n    y\n', 'a:\n    - |\n      x\n    - b: |\n        y\n'],
  [['.'], '- |+\n\n- |+\n\n  x\n', '- |2+\n- |2\n  x\n'],
  [['.'], 'a: |\n  x\ty\n', 'a: |\n  x\ty\n'],
  [['.'], 'a: |\n  x', 'a: |-\n  x\n'],
  [['.'], "a: 'one\n\n    two'\n", "a: 'one\n\n  two'\n"],
  [['.'], 'a: 1\n# x\n#\n# y\nb: 1\n', 'a: 1\n# x\n#\n# y\nb: 1\n'],
  [['del(.a[])'], 'a:\n  5: five\n  b: 1\n', 'a:\n  5: five\n'],
  [['-o=tsv', '.'], "- ''\n", '\n'],
  [['.[0] * .[1]'], '- a: 1\n- {b: {c: [1, {d: 2}]}}\n', '{a: 1, b: {c: [1, {d: 2}]}}\n'],
  [['{"a": .a, "b": .b}'], 'a: 1\nb: {c: {d: [1]}}\n', 'a: 1\nb:\n  c:\n    d: [1]\n'],
  [['-I', '0', '.'], 'a:\n b: 1\n', 'a:\n    b: 1\n'],
  [['-I', '4', '.a | to_string'], 'a:\n b:\n  c: 1\n', 'b:\n    c: 1\n'],
  [['-o=json', '-r=false', '.a | to_yaml'], 'a: "x"\n', '"\\"x\\"\\n"\n'],
  [['[.] | del(.[0])'], 'a: {b: 1}\n', '[]\n'],
  [['.a | @csv'], 'a: |\n  x\n', 'x\n'],
  [['.[] + 1'], '- [!x a]\n- [{b: 1}]\n', '[!x a, !!int 1]\n[{b: 1}, 1]\n'],
  [['.[0] * .[1]'], '- &x {a: 1}\n- {b: 2}\n', '{a: 1, b: 2}\n'],
  [['.a | parent | .[] | kind'], '', 'scalar\n'],
  [['.. | .[] | kind'], '- e: ~\n', 'map\nseq\n'],
  [['.'], '\n日', '\n日\n'],
  [['.a |= map(.)'], 'a: !!seq [1]\n', 'a: !!seq [1]\n'],
  [['.a *= {"b": 1} | .c += 1'], 'a: &x\nc: &y 1\n', 'a:\n  b: 1\nc: &y 2\n'],
  [['.a | .[1:]'], 'a: true\n', '!!bool []\n'],
  [['.a | alias'], 'a: x\n', 'x\n'],
  // What is changed through an alias is changed where it is anchored.
  [['del(.b[0]) | .a'], 'a: &x [1, 2]\nb: *x\n', '&x [2]\n'],
];

/** Comments in their usual places: right above an entry and as far in, and behind a value or a key. */
const COMMENTED: readonly (readonly [args: readonly string[], document: string, printed: string])[] = [
  [['.'], 'a: # of a\n  b: 1\n', 'a: # of a\n  b: 1\n'],
  [['.a'], 'a: # of a\n  b: 1 # of b\n', 'b: 1 # of b\n'],
  [['.'], 'a:\n# of b\nb: 1\n', 'a:\n# of b\nb: 1\n'],
  [['.'], '- a:\n  - b: x\n  # of c\n  c: 1\n', '- a:\n    - b: x\n  # of c\n  c: 1\n'],
  [['.'], 'a:\n  - x: 1\n\n  # banner\n\n\n  # of y\n\n  - y: 2\n', 'a:\n  - x: 1\n  # banner\n\n  # of y\n  - y: 2\n'],
  [['[.[]]'], 'a: # of a\n', '-\n'],
  [['.'], 'a:\n  # banner\n\n  # of b\n  b: 1\n', 'a:\n  # banner\n\n  # of b\n  b: 1\n'],
  [['.'], 'b:\n  c: 2\n  # below c\n\n\nd: 1\n', 'b:\n  c: 2\n  # below c\nd: 1\n'],
  [['.a'], 'a:\n  - 1\n  - 2\n  # below 2\nb: 1\n', '- 1\n- 2\n# below 2\n'],
  [['keys'], 'a: 1\n# below a\n\n# of b\nb: 2\n', '- a\n# below a\n\n# of b\n- b\n'],
  [['to_entries'], '- a\n# below a\n', '- key: 0\n  value: a\n  # below a\n'],
  [['.a = 2'], '# top\na: 1 # of a\n# of b\nb: 2\n', '# top\na: 2 # of a\n# of b\nb: 2\n'],
];

test.each(COMMENTED)('yq %j of the commented %j', async (args, document, printed) => {
  const asked = await ask([...args, 'x.yaml'], { files: { 'x.yaml': document } });
  expect(asked).toMatchObject({ stdout: printed, exitCode: 0, needs: [] });
});

/** What yq 4.44.1 printed for made documents with comments, more or less far in and with blank lines around. */
test.each(RECORDED as [document: string, printed: string][])(
  'the comments of %j go where yq puts them',
  async (document, printed) => {
    expect(await ask(['.', 'x.yaml'], { files: { 'x.yaml': document } })).toMatchObject({ stdout: printed, needs: [] });
  },
);

test.each([
  'a:\n  # of x\n  x\n',
  'a: [1, # of 1\n  2]\n',
  'a: | # of a\n  text\n',
  'a: &x # of x\n  b: 1\n',
  '-\n  # of b\n  b: 1\n',
  '- # of the item\n',
  '- [1]\n# right below brackets\n- 2\n- [1]\n# at the end\n',

  'a: 1\n--- # of the document\nb: 1\n',
  'a: 1\n---\n# of b\nb: 1\n',
  'a: 1\n---\n# at the end\n',
])('to print %j needs yq itself, to look into it does not', async (document) => {
  const files = { 'x.yaml': document };
  expect(await ask(['.', 'x.yaml'], { files })).toMatchObject({
    needs: ['yq YAML with a comment in an unusual place'],
  });
  expect(await ask(['-o=json', '.', 'x.yaml'], { files })).toMatchObject({ exitCode: 0, needs: [] });
});

test('to print nothing that is read needs no yq, whatever the comments', async () => {
  const files = { 'x.yaml': 'a: # of a\n  # of x\n  x\n' };
  expect(await ask(['.', 'x.yaml'], { files, isUnread: true })).toMatchObject({ exitCode: 0, needs: [] });
  const recoded = await ask(['to_yaml', 'x.yaml'], { files, isUnread: true });
  expect(recoded.needs).toHaveLength(1);
});

test('what has nothing to do with a comment in an unusual place is printed', async () => {
  const files = { 'x.yaml': 'a:\n  b:\n    c: 1\nd:\n  e: [1, # of 1\n    2]\nf: 2\n' };
  expect(await ask(['.a', 'x.yaml'], { files })).toMatchObject({ stdout: 'b:\n  c: 1\n', needs: [] });
  expect((await ask(['.d', 'x.yaml'], { files })).needs).toHaveLength(1);
});

/** yq answers for a document as soon as it has read it. */
test.each([
  ['a: 1\n---\nx: 1\na: [\n', '1\n'],
  ['a: 1\n---\na: 2\n---\nx: 1\na: b: c\n', '1\n---\n2\n'],
  ['a: [\n', ''],
])('of %j the documents before the mistake are answered for', async (document, printed) => {
  const files = { 'x.yaml': document };
  expect(await ask(['.a', 'x.yaml'], { files })).toMatchObject({ stdout: printed, exitCode: 1, needs: [] });
  expect(await ask(['ea', '.a', 'x.yaml'], { files })).toMatchObject({ stdout: '', exitCode: 1, needs: [] });
});

test.each([
  'a: [\n1\n]\n',
  'a: |\n   \n  x\n',
  'a: x\ry\n',
  'a: 1\n---\n`\n',
  'a: 1\n---\n# of b\nb: 1\nc: [\n',
  '  a: 1\nb: 2\n',
  ' \tx\n',
  'a: |\n  \tx\n',
  'a: ! x\n',
  '%TAG ! x\na: 1\n',
  'a: 1\n...\n',
  'a: 1\n\t\nb: 1\n',
  'a: >2\n    x\n',
  '>-\nx\n',
  '\ufeffa: 1\n',
  'a: |\r\n  x\r\n',
  'a: |2\n   ',
])('%j, which only yq reads, is a need', async (document) => {
  expect((await ask(['.a', 'x.yaml'], { files: { 'x.yaml': document } })).needs).toHaveLength(1);
});

test.each(PRINTED)('yq %j', async (args, document, printed) => {
  const asked = await ask([...args, 'x.yaml'], { files: { 'x.yaml': document } });
  expect(asked).toMatchObject({ stdout: printed, exitCode: 0, needs: [] });
});

const MERGED = 'base: &b {image: x, port: 1}\none:\n  <<: *b\n  image: y\ntwo:\n  image: z\n  <<: *b\nthree: *b\n';

/** One line of JSON for a document. */
const JSON_LINES: readonly (readonly [expression: string, document: string, printed: string])[] = [
  ['.one', MERGED, '{"port":1,"image":"y"}'],
  ['.two', MERGED, '{"image":"x","port":1}'],
  ['.three', MERGED, '{"image":"x","port":1}'],
  ['.', 'a: 1\na: 2\n', '{"a":1,"a":2}'],
  ['.', 'commit: 5e7123456\n', '{"commit":"5e7123456"}'],
  ['.', 'a: 0.0000001\nb: 1e25\n', '{"a":1e-07,"b":1e+25}'],
];

test.each(JSON_LINES)('yq -o=json %s of %j', async (expression, document, printed) => {
  const asked = await ask(['-o=json', '-I=0', expression, 'x.yaml'], { files: { 'x.yaml': document } });
  expect(asked).toMatchObject({ stdout: `${printed}\n`, needs: [] });
});

test('an alias is set in as far as what it stands for would be', async () => {
  const asked = await ask(['-o=json', '.three', 'x.yaml'], { files: { 'x.yaml': MERGED } });
  expect(asked.stdout).toBe('{\n  "image": "x",\n  "port": 1\n}\n');
});

test('what is changed through an alias is not changed for the next call', async () => {
  const files = { 'x.yaml': 'a: &x [1, 2]\nb: *x\n' };
  await ask(['del(.b[0])', 'x.yaml'], { files });
  expect(await ask(['.a | length', 'x.yaml'], { files })).toMatchObject({ stdout: '2\n' });
});

test('numbers of a JSON file are doubles', async () => {
  const files = { 'x.json': '{"list": [1.50, 100, 1e2, -0.0, 12345678901234567890, 0.0000001, 1e25]}' };
  const asked = await ask(['-r', '.list[]', 'x.json'], { files });
  expect(asked).toMatchObject({ stdout: '1.5\n100\n100\n0\n1.2345678901234567e+19\n1e-07\n1e+25\n', needs: [] });
});

test.each(['a: 1', '{"a": 1} {"a": 2}', '{"a": 1,}', ''])('%j in a JSON file is a need', async (text) => {
  const asked = await ask(['.a', 'x.json'], { files: { 'x.json': text } });
  expect(asked.exitCode).not.toBe(0);
  expect(asked.needs).toHaveLength(1);
});

test('an empty text is no YAML to from_yaml', async () => {
  const asked = await ask(['.a | from_yaml', 'x.yaml'], { files: { 'x.yaml': 'a: ""\n' } });
  expect(asked).toMatchObject({ exitCode: 1, stderr: 'Error: EOF\n', needs: [] });
});

test('in a list of what all documents give together nothing is made up', async () => {
  const files = { 'x.yaml': 'a: 1\n' };
  expect(await ask(['ea', '[.b]', 'x.yaml'], { files })).toMatchObject({ stdout: '[]\n', needs: [] });
});

test.each(['to_yaml', '.list | from_entries'])(
  '%s of a document that begins with a mark is a need',
  async (expression) => {
    const files = { 'x.yaml': '---\nlist: [[x]]\nnumbers: [1_000, 1]\nlist: [[x]]\n' };
    expect((await ask([expression, 'x.yaml'], { files })).needs).toHaveLength(1);
  },
);

test.each([
  [['...'], 'a: 1\na: 2\n'],
  [['-P', '.'], 'a: 1\na: 2\n'],
  [['-P', '.'], 'a: [1] # of a\n'],
  [['.a / 2'], 'a: 1_000\n'],
  [['-o=csv', '.'], '- &x [1]\n- *x\n'],
  [['.[1:]'], '    # c\n- 1\n- 2\n'],
  [['to_entries'], '- 1\n# of 2\n- [2]\n'],
  [['.b | from_yaml'], 'a: 1\n'],
  [['-r=false', '.a | alias'], 'a: <<\n'],
])('yq %j of %j is a need', async (args, document) => {
  expect((await ask([...args, 'x.yaml'], { files: { 'x.yaml': document } })).needs).toHaveLength(1);
});

test.each(['.b < "c"', '.b + .a', '.b | test("x")', '.missing | map_values(. + 1)'])(
  '%s is a need',
  async (expression) => {
    const asked = await ask([expression, 'x.yaml'], { files: { 'x.yaml': 'a: &x [1]\nb: *x\n' } });
    expect(asked.needs).toHaveLength(1);
  },
);
