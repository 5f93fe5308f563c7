import { decodeContent } from '../../core/content.ts';
import type { Located, Place } from '../../core/finding.ts';
import type { TextLine } from '../../core/repo.ts';
import { Suspended, Unavailable } from '../../core/signals.ts';
import type { HistoryAnswer, HistoryQuery, Snapshot } from '../../core/snapshot.ts';
import type { YamlFault, YamlFile } from '../../core/yaml/source.ts';
import type { YamlValue } from '../../core/yaml/value.ts';
import type { FileCache } from './file-cache.ts';
import { TextFile } from './text-file.ts';
import { SnapshotTree } from './tree.ts';

/** A larger file is not read: a Worker has 128 MB, and a YAML tree takes some forty times its text. The reference's largest is 1.4 MB. */
export const LIMITS = { textBytes: 8_000_000, yamlBytes: 3_000_000 };

/** Why something cannot be read; `isLasting` where the commit itself says so, and asking again gives the same. */
interface Failure {
  readonly reason: string;
  readonly isLasting: boolean;
  readonly ciphertext?: string | undefined;
}

/**
 * Reads one snapshot synchronously for many gates, on the promise that what is missing is fetched later:
 * a read of unfetched content notes the path and throws `Suspended`; `fetchMissing` gets all noted paths in one batch.
 * Every file is fetched and decoded once, and parsed once unless it is let go of in between.
 */
export class SnapshotReader {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly tree: SnapshotTree;
  readonly #failures = new Map<string, Failure>();
  readonly #files = new Map<string, TextFile>();
  /** Paths of files of which more than the text may be held. */
  readonly #parsed = new Set<string>();
  readonly #history = new Map<string, HistoryAnswer>();
  readonly #missing = new Set<string>();
  readonly #missingHistory = new Map<string, HistoryQuery>();
  #uncommitted: readonly string[] | undefined;
  #wantsUncommitted = false;

  readonly #cache: FileCache | undefined;

  /** `name` is `target` or the sibling's name; `cache` knows files of other states of the same repository. */
  constructor(name: string, snapshot: Snapshot, cache?: FileCache) {
    this.name = name;
    this.#cache = cache;
    this.snapshot = snapshot;
    this.tree = new SnapshotTree(snapshot, (link) => this.#readLink(link));
  }

  /** Files that suspended reads wait for. */
  get missingFiles(): number {
    return this.#missing.size;
  }

  /** Requested content or history that could not be had and might be next time, by what it was. */
  get failures(): ReadonlyMap<string, string> {
    const passing = [...this.#failures].filter(([, { isLasting }]) => !isLasting);
    return new Map(passing.map(([what, { reason }]) => [what, reason]));
  }

  /** Asks for every file that matches one of the patterns before anybody reads it. Gives them, as far as links are known. */
  prefetch(patterns: readonly string[]): readonly string[] {
    const named: string[] = [];
    for (const pattern of patterns) {
      try {
        const found = this.tree.files(pattern);
        if ('beyond' in found) continue;
        for (const path of found) {
          const file = this.tree.find(path);
          if (file.kind !== 'file') continue;
          this.#note(file.path);
          named.push(file.path);
        }
      } catch (error) {
        if (!(error instanceof Suspended || error instanceof Unavailable)) throw error;
      }
    }
    return named;
  }

  /** Lets go of what was made of files' texts, except for those that are still needed. What a cache holds is bounded by the cache. */
  letGo(isNeeded: (path: string) => boolean): void {
    if (this.#cache) return;
    for (const path of this.#parsed) {
      if (isNeeded(path)) continue;
      this.#files.get(path)?.letGo();
      this.#parsed.delete(path);
    }
  }

  /** Fetches what suspended reads asked for. Throws `SnapshotError` when the repository cannot be read at all. */
  async fetchMissing(): Promise<void> {
    const paths = [...this.#missing];
    this.#missing.clear();
    if (paths.length > 0) await this.#fetchFiles(paths);
    for (const [key, query] of this.#missingHistory) {
      const answer = await this.snapshot.history(query);
      if ('unavailable' in answer) this.#fail('history', answer.unavailable, false);
      this.#history.set(key, answer);
    }
    this.#missingHistory.clear();
    if (this.#wantsUncommitted) this.#uncommitted = await this.snapshot.uncommitted();
    this.#wantsUncommitted = false;
  }

  async #fetchFiles(paths: readonly string[]): Promise<void> {
    const unread = paths.filter((path) => !this.#recall(path));
    if (unread.length === 0) return;
    const contents = await this.snapshot.read(unread);
    for (const path of unread) {
      const content = contents.get(path) ?? { unavailable: 'the source gave no answer for it' };
      if ('unavailable' in content) {
        this.#fail(path, content.unavailable, false);
        continue;
      }
      const decoded = decodeContent(content.bytes);
      if ('unreadable' in decoded) this.#fail(path, decoded.unreadable, true, decoded.ciphertext);
      else this.#keep(path, new TextFile(decoded, this.name, path));
    }
  }

  /** Whether the cache knew the file. */
  #recall(path: string): boolean {
    const known = this.#cache?.get(this.#idOf(path));
    if (known) this.#files.set(path, known);
    return known !== undefined;
  }

  #keep(path: string, file: TextFile): void {
    this.#files.set(path, file);
    this.#cache?.put(this.#idOf(path), file);
  }

  /** What tells a file from every other: its places are part of it. Null where nobody can tell. */
  #idOf(path: string): string | null {
    const sha = this.snapshot.entries.get(path)?.sha;
    return sha ? `${this.name} ${sha} ${path}` : null;
  }

  /** One line of a file that is already fetched; undefined otherwise. */
  lineOf(path: string, number: number): string | undefined {
    this.#parsed.add(path);
    return this.#files.get(path)?.line(number);
  }

  /** The documents of a YAML file that is already fetched; none where it is not YAML, or too large to be parsed. */
  documentsOf(path: string): readonly YamlValue[] {
    const file = this.#files.get(path);
    this.#parsed.add(path);
    return file?.isYaml && file.text.length <= LIMITS.yamlBytes ? file.documents : [];
  }

  /** Throws `Suspended`, or `Unavailable` when the history cannot be had. */
  history(query: HistoryQuery): Exclude<HistoryAnswer, { unavailable: string }> {
    const key = JSON.stringify(query);
    const answer = this.#history.get(key);
    if (!answer) {
      this.#missingHistory.set(key, query);
      throw new Suspended('history');
    }
    if ('unavailable' in answer) throw new Unavailable(`the commit history could not be read: ${answer.unavailable}`);
    return answer;
  }

  uncommitted(): readonly string[] {
    if (this.#uncommitted) return this.#uncommitted;
    this.#wantsUncommitted = true;
    throw new Suspended('uncommitted');
  }

  /** Notes that a file of the tree will be read. True while it is still to be fetched. */
  want(path: string): boolean {
    const found = this.tree.find(path);
    if (found.kind === 'file') this.#note(found.path);
    return found.kind === 'file' && this.#missing.has(found.path);
  }

  /** The text of a regular file of the tree. Throws `Suspended` or `Unavailable`. */
  text(path: string): string {
    return this.#file(path).text;
  }

  /** The lines of a regular file, or so many of the first ones. Throws `Suspended` or `Unavailable`. */
  lines(path: string, most?: number): readonly TextLine[] {
    if (most !== undefined) return this.#file(path).firstLines(most);
    this.#parsed.add(path);
    return this.#file(path).lines;
  }

  /** The documents of a regular file, or why it is no YAML. Throws `Suspended` or `Unavailable`. */
  yaml(path: string): YamlFile | YamlFault {
    const file = this.#file(path);
    const { length } = file.text;
    if (length > LIMITS.yamlBytes) throw lasting(this.#at(path), tooLarge(length, LIMITS.yamlBytes));
    this.#parsed.add(path);
    return file.yaml;
  }

  #file(path: string): TextFile {
    const file = this.#files.get(path);
    if (file) return file;
    const failure = this.#failures.get(path);
    if (failure) throw unavailable(this.#at(path), failure);
    this.#note(path);
    if (this.#missing.has(path)) throw new Suspended(path);
    throw lasting(this.#at(path), tooLarge(this.#sizeOf(path), LIMITS.textBytes));
  }

  #note(path: string): void {
    const isKnown = this.#files.has(path) || this.#failures.has(path);
    if (!isKnown && this.#sizeOf(path) <= LIMITS.textBytes) this.#missing.add(path);
  }

  #sizeOf(path: string): number {
    return this.snapshot.entries.get(path)?.size ?? 0;
  }

  #fail(what: string, reason: string, isLasting: boolean, ciphertext?: string): void {
    this.#failures.set(what, { reason, isLasting, ciphertext });
  }

  #at(path: string): Located {
    const place: Place = { repo: this.name, path, line: null };
    return { place };
  }

  /** Links are short and come in numbers, so the first one that is needed brings all of them along. */
  #readLink(link: string): string {
    if (!this.#files.has(link)) {
      for (const [path, { mode }] of this.snapshot.entries) if (mode === '120000') this.#note(path);
    }
    return this.#file(link).text;
  }
}

function unavailable({ place: { path } }: Located, { reason, ...details }: Failure): Unavailable {
  return new Unavailable(`${path} could not be read: ${reason}`, details);
}

/** Something of the commit that nobody can read from here, however often. */
export function lasting(at: Located, reason: string): Unavailable {
  return unavailable(at, { reason, isLasting: true });
}

function tooLarge(bytes: number, limit: number): string {
  const megabytes = (count: number) => `${(count / 1_000_000).toFixed(1)} MB`;
  return `it is ${megabytes(bytes)}, more than the ${megabytes(limit)} that are read; split it or shrink it`;
}
