import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Audit } from '../../src/audit/run.ts';
import { auditDeclared, gateInWords, postedBy } from '../declared/declared-repo.ts';
import { type Break, REPOS, type RecipeRepo } from './repos.ts';

const RECIPES = join(import.meta.dirname, '../../docs/recipes');

async function gateFileOf(recipe: string): Promise<string> {
  const text = await readFile(join(RECIPES, `${recipe}.md`), 'utf8');
  return /```yaml\n(.*?)```/s.exec(text)?.[1] ?? '';
}

async function audited(files: RecipeRepo['files'], recipe: string, facts: RecipeRepo['facts']): Promise<Audit> {
  const reported = facts ? { reported: postedBy({ pve: facts }) } : {};
  return auditDeclared({ ...files, 'lanekeeper.yaml': await gateFileOf(recipe) }, reported);
}

function broken(files: RecipeRepo['files'], fault: Break): RecipeRepo['files'] {
  if ('facts' in fault) return files;
  const before = files[fault.path] ?? '';
  expect(before).toContain(fault.from);
  return { ...files, [fault.path]: before.replace(fault.from, () => fault.to) };
}

test('every recipe has a repo of its own, and the page lists each', async () => {
  const pages = (await readdir(RECIPES)).filter((name) => name !== 'README.md').map((name) => name.replace('.md', ''));
  expect(pages.toSorted()).toEqual(Object.keys(REPOS).toSorted());
  const index = await readFile(join(RECIPES, 'README.md'), 'utf8');
  expect(pages.filter((page) => !index.includes(`(${page}.md)`))).toEqual([]);
});

describe.each(Object.entries(REPOS))('%s', (recipe, { files, facts, breaks }) => {
  test('is green on a sound repo', async () => {
    const { report } = await audited(files, recipe, facts);
    expect(report.problems).toBeUndefined();
    expect(report.gates.map(gateInWords)).toEqual(report.gates.map(({ number }) => `${number} pass`));
    expect(report.gates.map(({ number }) => number).toSorted()).toEqual(Object.keys(breaks).toSorted());
  });

  test.each(Object.entries(breaks))('%s notices', async (gate, fault) => {
    const { report } = await audited(broken(files, fault), recipe, 'facts' in fault ? fault.facts : facts);
    const found = report.gates.find(({ number }) => number === gate);
    expect(found?.verdict, found && gateInWords(found)).toBe('fail');
    expect(found?.findings.every(({ path: place }) => place !== null)).toBe(true);
  });
});

test('the example of the README', async () => {
  const readme = await readFile(join(RECIPES, '../../README.md'), 'utf8');
  const gates = /```yaml\n# lanekeeper\.yaml.*?\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const files = {
    'inventory/vms.yaml':
      'vms:\n  - { id: 200, name: files, state: active }\n  - { id: 201, name: names, state: off }\n',
    'backups/nightly.yaml': 'jobs:\n  - { vm: 200 }\n',
    'lanekeeper.yaml': gates,
  };
  const sound = await auditDeclared(files);
  expect(sound.report.gates.map(gateInWords)).toEqual(['every-vm-has-a-backup pass']);
  const { report } = await auditDeclared({ ...files, 'backups/nightly.yaml': 'jobs:\n  - { vm: 201 }\n' });
  expect(report.gates.map(({ findings }) => findings[0]?.message)).toEqual(['files has no backup.']);
});
