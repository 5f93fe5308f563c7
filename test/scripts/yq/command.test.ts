import { describe, expect, test } from 'vitest';
import { yq } from '../../../src/scripts/yq/yq.ts';
import { UTC } from '../../../src/scripts/zone.ts';
import { answer, ask } from './ask.ts';

const files = {
  'a.yaml': '# about a\n---\nname: one\nkeep: true\n',
  'b.yaml': 'name: two\n---\nname: three\n',
  'empty.yaml': '',
  'comment.yaml': '# nothing yet\n',
  'broken.yaml': 'a: [1\nb: 2\n',
  'data.json': '{"name": "json", "list": [1, 2.50], "none": null}\n',
};

/** Arguments, and what comes of them: standard output, and the exit status where it is not 0. */
const CALLS: readonly (readonly [args: string, stdout: string, status?: number])[] = [
  ['.name a.yaml', 'one\n'],
  ['e .name a.yaml', 'one\n'],
  ['-r .name a.yaml', 'one\n'],
  ['eval -r .name a.yaml', 'one\n'],
  ['.name -r a.yaml', 'one\n'],
  ['--unwrapScalar=false .name a.yaml', 'one\n'],
  ['a.yaml', '# about a\n---\nname: one\nkeep: true\n'],
  ['-N . a.yaml', '# about a\nname: one\nkeep: true\n'],
  ['.name b.yaml', 'two\n---\nthree\n'],
  ['-N .name b.yaml', 'two\nthree\n'],
  ['.name a.yaml b.yaml', 'one\n---\ntwo\n---\nthree\n'],
  ['.name|document_index b.yaml', '0\n---\n1\n'],
  ['. empty.yaml', '\n'],
  ['.name empty.yaml', 'null\n'],
  // Without blanks, the operator is part of the name.
  ['.name//"none" a.yaml', 'null\n'],
  ['. comment.yaml', '# nothing yet\n'],
  ['.missing a.yaml', 'null\n'],
  ['-e .keep a.yaml', 'true\n'],
  ['-e .missing a.yaml', 'null\n', 1],
  ['-e .missing[] a.yaml', '', 1],
  ['-e .keep|not a.yaml', 'false\n', 1],
  ['-e .name broken.yaml', '', 1],
  ['.name nowhere.yaml', '', 1],
  ['.[ a.yaml', '', 1],
  ['-o=json . a.yaml', '{\n  "name": "one",\n  "keep": true\n}\n'],
  ['-o json -I0 . a.yaml', '{"name":"one","keep":true}\n'],
  ['-o=json .name a.yaml', '"one"\n'],
  ['-r -o=json .name a.yaml', 'one\n'],
  ['-o=json -I=0 .list data.json', '[1,2.5]\n'],
  ['.name data.json', '"json"\n'],
  ['-r .name data.json', 'json\n'],
  ['-n 1+1', '2\n'],
  ['-n [1,2]|length', '2\n'],
  ['-o=tsv [.name,.keep] a.yaml', 'one\ttrue\n'],
  ['ea [.name] a.yaml b.yaml', '- one\n- two\n- three\n'],
  ['eval-all select(fileIndex==0)|.name a.yaml b.yaml', 'one\n'],
  ['eval-all [.[]|tag]|unique a.yaml', "- '!!str'\n- '!!bool'\n"],
  ['-P . a.yaml', '# about a\n---\nname: one\nkeep: true\n'],
  ['--version', 'yq (https://github.com/mikefarah/yq/) version v4.44.1\n'],
  ['--no-such-flag . a.yaml', '', 1],
  ['--expression=.name a.yaml', 'one\n'],
];

const calls = CALLS.map(([line, stdout, status = 0]) => ({ line, stdout, status }));

test.each(calls)('yq $line', async ({ line, stdout, status }) => {
  const asked = await ask(line.split(' '), { files });
  expect(asked).toMatchObject({ stdout, exitCode: status, needs: [] });
  expect(asked.stderr === '').toBe(status === 0);
});

test('standard input is read where no file is named', async () => {
  for (const args of [['.a'], ['.a', '-'], ['eval', '.a', '-']]) {
    expect(await ask(args, { stdin: 'a: 1\n' })).toMatchObject({ stdout: '1\n', exitCode: 0 });
  }
});

test('standard input is left alone where a file is named', async () => {
  const io = {
    cwd: '/',
    env: new Map(),
    get stdin(): string {
      throw new Error('it was read');
    },
    now: () => 0,
    localZone: () => UTC,
    readFile: async (path: string) => (path === '/x.yaml' ? 'a: 1\n' : null),
    needs() {},
  };
  expect(await yq(['.a', 'x.yaml'], io)).toMatchObject({ stdout: '1\n' });
  await expect(yq(['.a'], io)).rejects.toThrow('it was read');
});

test('the environment is read by strenv and env', async () => {
  const question = { files, env: { WHO: 'one', LIST: '[1, 2]' } };
  expect(await ask(['.name == strenv(WHO)', 'a.yaml'], question)).toMatchObject({ stdout: 'true\n' });
  expect(await ask(['env(LIST) | length', 'a.yaml'], question)).toMatchObject({ stdout: '2\n' });
  expect(await ask(['env(NO)', 'a.yaml'], question)).toMatchObject({ exitCode: 1, needs: [] });
});

describe('messages', () => {
  test.each([
    ['if .a then 1 else 2 end', `Error: 1:1: invalid input text "if .a then 1 els..."\n`],
    ['.a | empty', `Error: 1:6: invalid input text "empty"\n`],
    ['.[] | select(', /missing close bracket/],
    ['.a , ', `Error: ',' expects 2 args but there is 1\n`],
    ['select', `Error: 'select' expects 1 arg but received none\n`],
    ['.a | keys', 'Error: Cannot get keys of !!int, keys only works for maps and arrays\n'],
    ['.b.x', `Error: cannot index array with 'x' (strconv.ParseInt: parsing "x": invalid syntax)\n`],
    ['.b[-3]', 'Error: index [-3] out of range, array size is 1\n'],
    ['.a | test("x")', /cannot match with !!int, can only match strings/],
    ['.a + .b', 'Error: !!seq (b) cannot be added to a !!int (a)\n'],
    ['.a | to_entries', 'Error: !!int has no keys\n'],
    ['."a b"', /invalid input text/],
  ])('%s', async (expression, message) => {
    expect(await answer(expression, 'a: 1\nb: [2]\n')).toMatch(message);
  });
});

describe('what lies beyond is a need, whatever the exit status says', () => {
  test.each([
    '.a style="double"',
    'now',
    'load("x.yaml")',
    '.a | @sh',
    '.a tag = "!!str"',
    '. *n .b',
    '.a | with_dtf("x"; .)',
    '.a[1:]',
  ])('%s', async (expression) => {
    const { exitCode, needs } = await ask([expression, 'a.yaml'], { files });
    expect(exitCode).not.toBe(0);
    expect(needs).toHaveLength(1);
  });

  test.each([
    '-i .a=1 a.yaml',
    '-o=xml . a.yaml',
    '-p=toml . a.yaml',
    '-s .a . a.yaml',
    '. x.toml',
    '-o=yaml . data.json',
  ])('yq %s', async (line) => {
    const { exitCode, needs } = await ask(line.split(' '), { files });
    expect(exitCode).not.toBe(0);
    expect(needs).toHaveLength(1);
  });
});

test('a document is not changed for the next call by what an expression assigns', async () => {
  await ask(['.name = "other" | .name', 'a.yaml'], { files });
  await ask(['.new.key, .', 'a.yaml'], { files });
  expect(await ask(['.name, (keys | length)', 'a.yaml'], { files })).toMatchObject({ stdout: 'one\n2\n' });
});

test('a text within a text is no expression here, and may be one to the other yq', async () => {
  const asked = await ask(['-r', '"\\(.a // "none")"', 'a.yaml'], { files: { 'a.yaml': 'a: 1\n' } });
  expect(asked.exitCode).not.toBe(0);
  expect(asked.needs).toHaveLength(1);
});
