import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditDeclared, gateInWords } from '../declared/declared-repo.ts';
import { REPOS } from './repos.ts';

const RECIPES = join(import.meta.dirname, '../../docs/recipes');

async function gateFileOf(recipe: string): Promise<string> {
  const text = await readFile(join(RECIPES, `${recipe}.md`), 'utf8');
  return /```yaml\n(.*?)```/s.exec(text)?.[1] ?? '';
}

test('every recipe has a repo of its own, and the page lists each', async () => {
  const pages = (await readdir(RECIPES)).filter((name) => name !== 'README.md').map((name) => name.replace('.md', ''));
  expect(pages.toSorted()).toEqual(Object.keys(REPOS).toSorted());
  const index = await readFile(join(RECIPES, 'README.md'), 'utf8');
  expect(pages.filter((page) => !index.includes(`(${page}.md)`))).toEqual([]);
});

describe.each(Object.entries(REPOS))('%s', (recipe, { files, breaks }) => {
  test('is green on a sound repo', async () => {
    const { report } = await auditDeclared({ ...files, 'lanekeeper.yaml': await gateFileOf(recipe) });
    expect(report.problems).toBeUndefined();
    expect(report.gates.map(gateInWords)).toEqual(report.gates.map(({ number }) => `${number} pass`));
    expect(report.gates.map(({ number }) => number).toSorted()).toEqual(Object.keys(breaks).toSorted());
  });

  test.each(Object.entries(breaks))('%s notices', async (gate, { path, from, to }) => {
    const before = files[path] ?? '';
    expect(before).toContain(from);
    const broken = { ...files, [path]: before.replace(from, () => to) };
    const { report } = await auditDeclared({ ...broken, 'lanekeeper.yaml': await gateFileOf(recipe) });
    const found = report.gates.find(({ number }) => number === gate);
    expect(found?.verdict, found && gateInWords(found)).toBe('fail');
    expect(found?.findings.every(({ path: place }) => place !== null)).toBe(true);
  });
});
