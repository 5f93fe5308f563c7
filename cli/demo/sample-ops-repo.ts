import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { DAY } from '../../src/core/durations.ts';

/** A built sample: the ops repo, its workbench beside it, and the commit that `main` points to. */
export interface SampleOpsRepo {
  /** Work tree of the ops repo. */
  dir: string;
  gitDir: string;
  head: string;
  /** Work tree of the workbench, the sibling that some gates read through. */
  workbenchDir: string;
}

export interface SampleOptions {
  /** The moment to which the sample's dates are relative. Equal moments give equal commits. */
  now: Date;
  /** `healthy`: D86 alone fails, with 13 findings. `messy`: one more commit, after which every gate that a tree can break fails. */
  state?: 'healthy' | 'messy';
}

const BINDINGS = join(import.meta.dirname, '../../bindings');
const TEMPLATE = join(BINDINGS, 'sample-ops-repo');
const WORKBENCH = join(BINDINGS, 'sample-workbench');

const Target = { path: z.string(), breaks: z.array(z.string()).optional() };
const Edit = z.union([
  z.strictObject({ ...Target, replace: z.string().min(1), with: z.string() }),
  z.strictObject({ ...Target, write: z.string() }),
  z.strictObject({ ...Target, append: z.string() }),
  z.strictObject({ ...Target, delete: z.literal(true) }),
  z.strictObject({ ...Target, mode: z.enum(['644', '755']) }),
]);
const Change = z.strictObject({
  author: z.enum(['tove', 'nils']),
  message: z.string(),
  edits: z.array(Edit).default([]),
});
const Step = Change.extend({
  /** Days before `now`, and the time of day. */
  at: z.string().regex(/^-\d+d \d\d:\d\d$/),
  /** Template files whose path starts so take their final form, before the edits. */
  paths: z.array(z.string()).default([]),
  /** D128 counts from this commit. */
  boundary: z.literal(true).optional(),
});
const History = z.strictObject({
  history: z.array(Step),
  nights: z.strictObject({ breakage: Change, repair: Change }),
});

type Edit = z.infer<typeof Edit>;
type Change = z.infer<typeof Change>;
type Fill = (text: string) => string;

const AUTHORS = {
  tove: ['Tove Lind', 'tove@juniper.example'],
  nils: ['Nils Aker', 'nils@juniper.example'],
} as const;

/**
 * Builds the sample ops repo as `<dir>/ops-repo` and its workbench as `<dir>/workbench`, both real git repositories on
 * branch main whose history ends before `now`. The text comes from `bindings/sample-ops-repo`, with these placeholders:
 * `{{date-3d}}` and `{{datetime+1d}}` (UTC, relative to `now`), `{{boundary-sha}}` (D128's boundary commit).
 */
export async function buildSampleOpsRepo(
  dir: string,
  { now, state = 'healthy' }: SampleOptions,
): Promise<SampleOpsRepo> {
  const repo = join(dir, 'ops-repo');
  const workbench = join(dir, 'workbench');
  const { history } = await readData('sample-ops-repo-history.yaml', History);
  const template = await readTree(TEMPLATE);
  let boundary = '';
  const fill = (text: string) => fillPlaceholders(text, now, boundary);

  await initRepository(repo);
  for (const step of history) {
    const written = template.filter((file) => step.paths.some((start) => file.path.startsWith(start)));
    for (const file of written) await put(join(repo, file.path), fill(file.text), file.mode);
    const sha = await applyAndCommit(repo, step, timeOf(step.at, now), fill);
    if (step.boundary) boundary = sha;
  }
  await assertEquals(repo, template, fill);
  if (state === 'messy') {
    const messy = await readData('sample-ops-repo-messy.yaml', Change);
    await applyAndCommit(repo, messy, new Date(now.getTime() - DAY / 24), fill);
  }

  await initRepository(workbench);
  for (const file of await readTree(WORKBENCH)) {
    await put(join(workbench, file.path), fill(file.text), file.mode);
  }
  const arrival: Change = { author: 'tove', message: 'Bring the workbench along', edits: [] };
  await applyAndCommit(workbench, arrival, timeOf('-45d 19:02', now), fill);

  return {
    dir: repo,
    gitDir: join(repo, '.git'),
    head: await git(repo, ['rev-parse', 'HEAD']),
    workbenchDir: workbench,
  };
}

/** The second night of the demo: one commit after which D138 and D139 fail. Gives the new head. */
export async function commitBreakage(repo: SampleOpsRepo, now: Date): Promise<string> {
  const { nights } = await readData('sample-ops-repo-history.yaml', History);
  return applyAndCommit(repo.dir, nights.breakage, now, (text) => text);
}

/** The third night of the demo: one commit that fixes D138 and leaves D139 failing. Gives the new head. */
export async function commitRepair(repo: SampleOpsRepo, now: Date): Promise<string> {
  const { nights } = await readData('sample-ops-repo-history.yaml', History);
  return applyAndCommit(repo.dir, nights.repair, now, (text) => text);
}

interface TemplateFile {
  path: string;
  text: string;
  mode: number;
}

async function readTree(root: string): Promise<TemplateFile[]> {
  const found = await readdir(root, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async (entry) => {
      const file = join(entry.parentPath, entry.name);
      const { mode } = await stat(file);
      const path = file.slice(root.length + 1).replaceAll('\\', '/');
      return { path, text: await readFile(file, 'utf8'), mode: mode & 0o100 ? 0o755 : 0o644 };
    }),
  );
}

async function readData<T>(name: string, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(parse(await readFile(join(BINDINGS, name), 'utf8')));
}

async function put(file: string, text: string, mode: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, mode);
}

function fillPlaceholders(text: string, now: Date, boundary: string): string {
  const filled = text.replace(/\{\{(date|datetime)([+-]\d+)d\}\}/g, (_, form: string, days: string) => {
    const iso = new Date(now.getTime() + Number(days) * DAY).toISOString();
    return form === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z`;
  });
  if (!filled.includes('{{')) return filled;
  if (!boundary) throw new Error('{{boundary-sha}} is asked for before the boundary commit exists');
  const complete = filled.replaceAll('{{boundary-sha}}', boundary);
  const unknown = /\{\{.*/.exec(complete);
  if (unknown) throw new Error(`unknown placeholder: ${unknown[0]}`);
  return complete;
}

function timeOf(at: string, now: Date): Date {
  const [days = '', time = ''] = at.split(' ');
  const day = new Date(now.getTime() + Number.parseInt(days, 10) * DAY).toISOString().slice(0, 10);
  return new Date(`${day}T${time}:00Z`);
}

async function applyEdit(root: string, edit: Edit, fill: Fill): Promise<void> {
  const file = join(root, edit.path);
  if ('delete' in edit) return rm(file);
  if ('mode' in edit) return chmod(file, Number.parseInt(edit.mode, 8));
  if ('write' in edit) return put(file, fill(edit.write), 0o644);
  const text = await readFile(file, 'utf8');
  if ('append' in edit) return writeFile(file, text + fill(edit.append));
  const [before, after, ...more] = text.split(fill(edit.replace));
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`${edit.path} does not contain this text exactly once: ${edit.replace}`);
  }
  return writeFile(file, before + fill(edit.with) + after);
}

async function assertEquals(root: string, template: TemplateFile[], fill: Fill): Promise<void> {
  for (const file of template) {
    const text = await readFile(join(root, file.path), 'utf8').catch(() => undefined);
    if (text !== fill(file.text)) throw new Error(`history does not end in the template: ${file.path}`);
  }
}

async function initRepository(root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  if ((await readdir(root)).length > 0) throw new Error(`${root} is not empty`);
  await git(root, ['init', '--quiet', '--initial-branch=main', '--template=']);
}

async function applyAndCommit(root: string, change: Change, at: Date, fill: Fill): Promise<string> {
  for (const edit of change.edits) await applyEdit(root, edit, fill);
  const [name, email] = AUTHORS[change.author];
  const date = `${Math.floor(at.getTime() / 1000)} +0000`;
  await git(root, ['add', '--all']);
  await git(
    root,
    [
      ...['-c', `user.name=${name}`, '-c', `user.email=${email}`, '-c', 'commit.gpgsign=false'],
      ...['commit', '--quiet', '--message', change.message],
    ],
    { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  );
  return git(root, ['rev-parse', 'HEAD']);
}

/** Git without the user's configuration, so that the same moment gives the same commits everywhere. */
async function git(root: string, args: string[], extra: Record<string, string> = {}): Promise<string> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const env = {
    ...Object.fromEntries(inherited),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: '1',
    ...extra,
  };
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, env });
  return stdout.trim();
}
