import { expect, test } from 'vitest';
import { ask } from './ask.ts';

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
  // A blank line keeps a comment below an entry from the next entry only where both stand equally far in.
  [['.'], 'b:\n  c: 2\n  # below c\n\nd: 1\n', 'b:\n  c: 2\n  # below c\nd: 1\n'],
  [['.'], 'a: 1\n# x\n#\n# y\nb: 1\n', 'a: 1\n# x\n#\n# y\nb: 1\n'],
  [['del(.a[])'], 'a:\n  5: five\n  b: 1\n', 'a:\n  5: five\n'],
  [['.a | .[1:]'], 'a: true\n', '!!bool []\n'],
  [['.a | alias'], 'a: x\n', 'x\n'],
  // What is changed through an alias is changed where it is anchored.
  [['del(.b[0]) | .a'], 'a: &x [1, 2]\nb: *x\n', '&x [2]\n'],
];

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

test.each(['.b < "c"', '.b + .a', '.b | test("x")', '.missing | map_values(. + 1)'])(
  '%s is a need',
  async (expression) => {
    const asked = await ask([expression, 'x.yaml'], { files: { 'x.yaml': 'a: &x [1]\nb: *x\n' } });
    expect(asked.needs).toHaveLength(1);
  },
);
