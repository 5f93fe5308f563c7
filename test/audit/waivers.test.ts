import { describe, expect, test } from 'vitest';
import { SnapshotReader } from '../../src/audit/read/reader.ts';
import { untilRead } from '../../src/audit/read/until-all-read.ts';
import { viewOf } from '../../src/audit/read/view.ts';
import { readWaivers, WAIVERS_FILE } from '../../src/audit/waivers.ts';
import { createTrace } from '../../src/core/trace.ts';
import { type MemoryRepo, memorySnapshot } from '../../src/snapshot/memory.ts';
import { NOW } from './governed-repo.ts';

function waiversIn(source: MemoryRepo) {
  const snapshot = memorySnapshot(source);
  const world = { target: new SnapshotReader('target', snapshot), siblings: new Map(), now: NOW, gates: new Map() };
  return untilRead(world, ({ target }) =>
    readWaivers(
      viewOf(target, createTrace(), { severalDocuments: 'refused' }),
      NOW,
      snapshot.entries.get(WAIVERS_FILE)?.mode,
    ),
  );
}

const of = (text: string) => waiversIn({ files: { [WAIVERS_FILE]: text } });
const entry = (rest: string) => `waivers:\n  - { gate: alpha, reason: r, owner: o, expires: 2026-06-01${rest} }\n`;

test('a waiver that says everything is in force, for one subject or for the gate', async () => {
  expect(await of(entry(''))).toMatchObject({ active: [{ gate: 'alpha', subject: null }], problems: [] });
  expect(await of(entry(', subject: one'))).toMatchObject({ active: [{ subject: 'one' }], problems: [] });
  expect(await of('')).toMatchObject({ active: [], problems: [], isReadable: true });
  expect(await of('waivers:\n')).toMatchObject({ active: [], problems: [], isReadable: true });
});

test.each([
  ['an unknown key', entry(', subjects: one'), 'has no `subjects`'],
  ['a key in another case', entry(', Subject: one'), 'has no `Subject`'],
  ['an empty subject', entry(', subject: '), '`subject` is empty'],
  ['a subject that is null', entry(', subject: ~'), '`subject` is empty'],
  ['a subject in quotes that is empty', entry(', subject: " "'), '`subject` is empty'],
  ['a list of subjects', entry(', subject: [one]'), '`subject` is empty or no text'],
  ['a subject that stands twice', entry(', subject: one, subject: two'), '`subject` stands twice'],
  ['a merge key', `x: &x { a: 1 }\n${entry(', <<: *x')}`, 'has no `<<`'],
  ['a day that there is not', entry('').replace('06-01', '02-30'), 'is not a date'],
  ['a month that there is not', entry('').replace('06-01', '13-01'), 'is not a date'],
  ['a date with a time', entry('').replace('06-01', '06-01T00:00:00Z'), 'is not a date'],
  ['no owner', entry('').replace(' owner: o,', ''), 'has no owner'],
  ['a text', 'waivers:\n  - alpha\n', 'a waiver is a map'],
  ['a wrong top key', entry('').replace('waivers', 'waiver'), '`waiver` is not `waivers`'],
  ['a map of waivers', 'waivers: { alpha: { reason: r } }\n', '`waivers` is not a list'],
])('%s: not applied, and named with file and line', async (_, text, problem) => {
  const { active, problems, isReadable } = await of(text);
  expect(active).toEqual([]);
  expect(isReadable).toBe(true);
  expect(problems.join('\n')).toContain(problem);
  expect(problems[0]).toMatch(/^ops\/bindings\/audit\.waivers\.yaml:\d+: /);
});

test('the same waiver twice counts once, as its first entry says: a later day would prolong it unseen', async () => {
  const again = '  - { gate: alpha, reason: other, owner: o, expires: 2026-07-01 }\n';
  const { active, problems } = await of(`${entry('')}${again}${again.replace('alpha', 'alpha, subject: one')}`);
  expect(active.map(({ subject, expires }) => `${subject} ${expires}`)).toEqual(['null 2026-06-01', 'one 2026-07-01']);
  expect(problems).toEqual([expect.stringMatching(/^\S+yaml:3: the waiver for alpha stands there already/)]);
});

test('what is wrong with one entry does not touch the others', async () => {
  const { active, problems } = await of(`${entry('')}  - { gate: beta, reasn: r, owner: o, expires: 2026-06-01 }\n`);
  expect(active.map(({ gate }) => gate)).toEqual(['alpha']);
  expect(problems).toHaveLength(1);
});

describe('a file that is not what it should be waives nothing anew', () => {
  test.each<[string, MemoryRepo, string]>([
    [
      'a symbolic link',
      { files: { [WAIVERS_FILE]: '../../w.yaml', 'w.yaml': entry('') }, modes: { [WAIVERS_FILE]: '120000' } },
      'symbolic link',
    ],
    [
      'behind a linked folder',
      { files: { ops: 'real', 'real/bindings/audit.waivers.yaml': entry('') }, modes: { ops: '120000' } },
      'symbolic link',
    ],
    ['a folder', { files: { [`${WAIVERS_FILE}/x`]: '' } }, 'is a folder'],
    ['a submodule', { files: { [WAIVERS_FILE]: '' }, modes: { [WAIVERS_FILE]: '160000' } }, 'is a folder'],
    ['several documents', { files: { [WAIVERS_FILE]: `${entry('')}---\n${entry('')}` } }, '2 YAML documents'],
    ['two lists', { files: { [WAIVERS_FILE]: `${entry('')}${entry('')}` } }, 'more than once'],
    ['no YAML', { files: { [WAIVERS_FILE]: 'waivers: [' } }, 'not readable as YAML'],
    ['a list', { files: { [WAIVERS_FILE]: '- gate: D1\n' } }, 'a map with the key `waivers`'],
  ])('%s', async (_, source, problem) => {
    const waivers = await waiversIn(source);
    expect(waivers).toMatchObject({ active: [], isReadable: false });
    expect(waivers.problems.join()).toContain(problem);
  });
});
