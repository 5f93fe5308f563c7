import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileMode, Snapshot, TreeEntry } from '../../src/core/snapshot.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

interface Replacement {
  readonly op: 'replace';
  readonly path: string;
  readonly find: string;
  readonly with: string;
  readonly count?: number;
}

interface Substitution {
  readonly op: 'resub';
  readonly path: string;
  readonly pattern: string;
  readonly with: string;
  readonly count?: number;
}

interface Writing {
  readonly op: 'write' | 'append';
  readonly path: string;
  readonly text: string;
}

/** One change to a repo, as the conformance cases write it. */
export type Edit =
  | Replacement
  | Substitution
  | Writing
  | { readonly op: 'delete'; readonly path: string }
  | { readonly op: 'chmod'; readonly path: string; readonly mode: string }
  | { readonly op: 'rename'; readonly path: string; readonly to: string };

/** A state of a repo with the verdict that a gate's own script gives. */
export interface Case {
  readonly id: string;
  readonly gate: string;
  readonly base: string;
  readonly now?: string;
  readonly verdict: 'pass' | 'fail';
  readonly note?: string;
  /** On top of the base, before the edits. */
  readonly commits?: readonly { readonly message: string; readonly edits: readonly Edit[] }[];
  readonly edits?: readonly Edit[];
  readonly workbench_files?: Readonly<Record<string, string>>;
  readonly workbench_modes?: Readonly<Record<string, string>>;
}

/** The cases of files, and of the `.json` files in folders. */
export function readCases(places: readonly string[]): readonly Case[] {
  const files = places.flatMap((place) =>
    statSync(place).isDirectory()
      ? readdirSync(place)
          .filter((name) => name.endsWith('.json'))
          .map((name) => join(place, name))
      : [place],
  );
  return files.flatMap((file): Case[] => JSON.parse(readFileSync(file, 'utf8')));
}

/** The same snapshot, its contents read once. */
export async function inMemory(snapshot: Snapshot): Promise<Snapshot> {
  const files = [...snapshot.entries].filter(([, { mode }]) => mode !== '160000').map(([path]) => path);
  const contents = await snapshot.read(files);
  return {
    ...snapshot,
    read: async (paths) => new Map(paths.map((path) => [path, contents.get(path) ?? { unavailable: 'not read' }])),
  };
}

/** What a case's edits make of a snapshot: a work tree with changes that nobody committed. Throws where one does not apply. */
export async function edited(base: Snapshot, edits: readonly Edit[]): Promise<Snapshot> {
  const entries = new Map(base.entries);
  const texts = new Map<string, Uint8Array>();
  const changed = new Set(edits.flatMap((edit) => ('to' in edit ? [edit.path, edit.to] : [edit.path])));
  const bytesAt = async (path: string) => {
    const known = texts.get(path) ?? (await base.read([path])).get(path);
    if (known instanceof Uint8Array) return known;
    return known && 'bytes' in known ? known.bytes : null;
  };
  const put = (path: string, bytes: Uint8Array, mode: FileMode) => {
    const sha = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    texts.set(path, bytes);
    entries.set(path, { mode, sha, size: bytes.length });
  };
  for (const edit of edits) {
    const { path } = edit;
    const known = entries.get(path);
    if (edit.op === 'delete') {
      remove(entries, path);
    } else if (edit.op === 'rename') {
      rename(entries, texts, path, edit.to, await contentsBelow(entries, path, bytesAt));
    } else if (edit.op === 'chmod') {
      if (!known) throw new Error(`${path} is not there`);
      entries.set(path, { ...known, mode: edit.mode.endsWith('755') ? '100755' : '100644' });
    } else {
      const before = known ? new TextDecoder().decode((await bytesAt(path)) ?? new Uint8Array()) : null;
      put(path, new TextEncoder().encode(textAfter(edit, before)), known?.mode ?? '100644');
    }
  }
  return {
    ...base,
    entries,
    uncommitted: async () => [...changed].sort(),
    async read(paths) {
      const kept = await base.read(paths.filter((path) => !texts.has(path)));
      const own = paths.flatMap((path) => {
        const bytes = texts.get(path);
        return bytes ? [[path, { bytes }] as const] : [];
      });
      return new Map([...kept, ...own]);
    },
  };
}

function remove(entries: Map<string, TreeEntry>, path: string): void {
  for (const known of [...entries.keys()]) if (known === path || known.startsWith(`${path}/`)) entries.delete(known);
}

async function contentsBelow(
  entries: ReadonlyMap<string, TreeEntry>,
  path: string,
  bytesAt: (path: string) => Promise<Uint8Array | null>,
): Promise<ReadonlyMap<string, readonly [TreeEntry, Uint8Array | null]>> {
  const found = new Map<string, readonly [TreeEntry, Uint8Array | null]>();
  for (const [known, entry] of entries) {
    if (known === path || known.startsWith(`${path}/`)) found.set(known, [entry, await bytesAt(known)]);
  }
  return found;
}

function rename(
  entries: Map<string, TreeEntry>,
  texts: Map<string, Uint8Array>,
  from: string,
  to: string,
  contents: ReadonlyMap<string, readonly [TreeEntry, Uint8Array | null]>,
): void {
  remove(entries, from);
  for (const [path, [entry, bytes]] of contents) {
    const target = to + path.slice(from.length);
    entries.set(target, entry);
    if (bytes) texts.set(target, bytes);
  }
}

function textAfter(edit: Replacement | Substitution | Writing, before: string | null): string {
  if ('text' in edit) return edit.op === 'write' ? edit.text : (before ?? '') + edit.text;
  if (before === null) throw new Error(`${edit.path} is not there`);
  const after = edit.op === 'resub' ? substituted(before, edit) : replaced(before, edit);
  if (after === null) throw new Error(`what to replace is not in ${edit.path}`);
  return after;
}

function replaced(text: string, edit: Replacement): string | null {
  const pieces = text.split(edit.find);
  if (pieces.length === 1) return null;
  const many = edit.count === 0 ? pieces.length - 1 : (edit.count ?? 1);
  return (
    pieces.slice(0, many + 1).join(edit.with) +
    pieces
      .slice(many + 1)
      .map((piece) => edit.find + piece)
      .join('')
  );
}

/** Python's `re.sub`, in lines. */
function substituted(text: string, edit: Substitution): string | null {
  const flags = edit.pattern.startsWith('(?s)') ? 'gms' : 'gm';
  const source = edit.pattern
    .replace(/^\(\?s\)/, '')
    .replace(/\(\?P</g, '(?<')
    .replace(/\\Z/g, '(?![\\s\\S])');
  let hits = 0;
  const most = edit.count || Number.POSITIVE_INFINITY;
  const after = text.replace(new RegExp(source, flags), (...match) => {
    if (hits >= most) return match[0];
    hits++;
    return edit.with.replace(/\\g<(\d+)>|\\(\d)|\\n/g, (whole, long?: string, short?: string) =>
      whole === '\\n' ? '\n' : (match[Number(long ?? short)] ?? ''),
    );
  });
  return hits === 0 ? null : after;
}

/** The files of a sibling, as a commit. */
export function siblingOf({ workbench_files: files, workbench_modes: modes = {} }: Case): Snapshot | undefined {
  if (!files) return undefined;
  const executable = Object.entries(modes).filter(([, mode]) => String(mode).endsWith('755'));
  const asModes = Object.fromEntries(executable.map(([path]): [string, FileMode] => [path, '100755']));
  return memorySnapshot({ repo: 'workbench', sha: 'b'.repeat(40), files, modes: asModes });
}

/** Makes the commits of a case in a clone of its own below `scratch`, and says where. */
export function commitAll(reference: string, scratch: string, { id, base, now, commits = [] }: Case): string {
  const directory = join(scratch, id);
  const date = now ?? '2026-02-17T20:00:00Z';
  const run = (...args: readonly string[]) =>
    execFileSync('git', ['-C', directory, '-c', 'user.name=case', '-c', 'user.email=case@example.invalid', ...args], {
      env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  execFileSync('git', ['clone', '-q', '--shared', '--no-checkout', reference, directory]);
  run('checkout', '-q', '-f', '-B', 'main', base);
  for (const { message, edits } of commits) {
    for (const edit of edits) onDisk(directory, edit);
    run('add', '-A');
    run('commit', '-q', '--allow-empty', '--cleanup=verbatim', '-m', message);
  }
  return directory;
}

function onDisk(directory: string, edit: Edit): void {
  const path = join(directory, edit.path);
  if (edit.op === 'rename' || edit.op === 'chmod') throw new Error(`${edit.op} in a commit is not known`);
  if (edit.op === 'delete') {
    rmSync(path, { recursive: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, textAfter(edit, existsSync(path) ? readFileSync(path, 'utf8') : null));
}
