import type { Located } from '../core/finding.ts';
import type { Repo, TextLine } from '../core/repo.ts';
import { Abort, Suspended, Unavailable } from '../core/signals.ts';
import type { HistoryAnswer, HistoryQuery, Snapshot, TreeEntry } from '../core/snapshot.ts';
import { globTest } from '../core/text/glob.ts';
import type { TraceRecorder } from '../core/trace.ts';
import { nothingAt, parseYaml, type YamlFault, type YamlValue } from '../core/yaml/value.ts';
import { followLinks, indexFolders } from './paths.ts';

/** A larger file is not read: a Worker has 128 MB, and a YAML tree takes some forty times its text. The reference's largest is 1.4 MB. */
export const LIMITS = { textBytes: 8_000_000, yamlBytes: 3_000_000 };

interface TextFile {
  readonly text: string;
  readonly isUtf8: boolean;
  lines?: readonly TextLine[];
  yaml?: readonly YamlValue[] | YamlFault;
}

/**
 * Reads one snapshot synchronously for many gates, on the promise that what is missing is fetched later:
 * a read of unfetched content notes the path and throws `Suspended`; `fetchMissing` gets all noted paths in one batch.
 * Every file is fetched, decoded and parsed once.
 */
export class SnapshotReader {
  readonly name: string;
  readonly snapshot: Snapshot;
  /** Requested content or history that could not be had, by what it was. */
  readonly failures = new Map<string, string>();
  readonly #folders: ReadonlyMap<string, readonly string[]>;
  readonly #files = new Map<string, TextFile>();
  readonly #globs = new Map<string, readonly string[]>();
  readonly #history = new Map<string, HistoryAnswer>();
  readonly #missing = new Set<string>();
  readonly #missingHistory = new Map<string, HistoryQuery>();
  #uncommitted: readonly string[] | undefined;
  #wantsUncommitted = false;

  /** `name` is `target` or the sibling's name. */
  constructor(name: string, snapshot: Snapshot) {
    this.name = name;
    this.snapshot = snapshot;
    this.#folders = indexFolders(snapshot.entries.keys());
  }

  /** Files that suspended reads wait for. */
  get missingFiles(): number {
    return this.#missing.size;
  }

  get isMissingSomething(): boolean {
    return this.#missing.size > 0 || this.#missingHistory.size > 0 || this.#wantsUncommitted;
  }

  /** Asks for every file that matches one of the patterns before anybody reads it. */
  prefetch(patterns: readonly string[]): void {
    for (const pattern of patterns) {
      try {
        for (const path of this.#matches(pattern)) this.#want(path);
      } catch (error) {
        if (!(error instanceof Suspended || error instanceof Unavailable)) throw error;
      }
    }
  }

  /** Fetches what suspended reads asked for. Throws `SnapshotError` when the repository cannot be read at all. */
  async fetchMissing(): Promise<void> {
    const paths = [...this.#missing];
    this.#missing.clear();
    if (paths.length > 0) await this.#fetchFiles(paths);
    for (const [key, query] of this.#missingHistory) {
      const answer = await this.snapshot.history(query);
      if ('unavailable' in answer) this.failures.set('history', answer.unavailable);
      this.#history.set(key, answer);
    }
    this.#missingHistory.clear();
    if (this.#wantsUncommitted) this.#uncommitted = await this.snapshot.uncommitted();
    this.#wantsUncommitted = false;
  }

  async #fetchFiles(paths: readonly string[]): Promise<void> {
    const contents = await this.snapshot.read(paths);
    const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
    for (const path of paths) {
      const content = contents.get(path) ?? { unavailable: 'the source gave no answer for it' };
      if ('bytes' in content) {
        const text = decoder.decode(content.bytes);
        this.#files.set(path, { text, isUtf8: isUtf8(text, content.bytes) });
      } else this.failures.set(path, content.unavailable);
    }
  }

  /** One line of a file that is already fetched; undefined otherwise. */
  lineOf(path: string, number: number): string | undefined {
    return this.#files.get(path)?.text.split('\n', number)[number - 1];
  }

  /** The documents of a YAML file that is already fetched; none where it is not YAML, or too large to be parsed. */
  documentsOf(path: string): readonly YamlValue[] {
    const file = this.#files.get(path);
    const isTooLarge = (file?.text.length ?? 0) > LIMITS.yamlBytes;
    if (!file || isTooLarge || !(file.yaml || /\.ya?ml$/i.test(path))) return [];
    file.yaml ??= this.#parse(file, path);
    return 'message' in file.yaml ? [] : file.yaml;
  }

  /** The history of the snapshot, recorded in `trace`. */
  historyFor(trace: TraceRecorder, query: HistoryQuery): Exclude<HistoryAnswer, { unavailable: string }> {
    const key = JSON.stringify(query);
    const answer = this.#history.get(key);
    if (!answer) {
      this.#missingHistory.set(key, query);
      throw new Suspended('history');
    }
    if ('unavailable' in answer) throw new Unavailable(`the commit history could not be read: ${answer.unavailable}`);
    const shas = answer.commits.map((commit) => commit.sha).join(' ');
    trace.record(`${this.name} history ${key}`, `${answer.isAncestor} ${shas}`);
    return answer;
  }

  /** A view for one gate; every question it asks is recorded in `trace`. */
  viewFor(trace: TraceRecorder): Repo {
    const record = (kind: string, path: string, answer: string) => trace.record(`${this.name} ${kind} ${path}`, answer);
    const resolve = (path: string) => this.#resolve(path);
    const identify = (path: string) => {
      const target = resolve(path);
      const entry = target === undefined ? undefined : this.snapshot.entries.get(target);
      record('path', path, entry ? `${entry.mode} ${entry.sha}` : target === undefined ? 'absent' : 'folder');
      return { target, entry };
    };
    const fileAt = (path: string): TextFile => {
      const { target, entry } = identify(path);
      if (target === undefined || !isRegular(entry))
        throw new Abort(`${path} does not exist or is not a file`, at(path), path);
      return this.#file(target);
    };
    const at = (path: string): Located => ({ place: { repo: this.name, path, line: null } });
    const documents = (path: string) => {
      const file = fileAt(path);
      const target = resolve(path) ?? path;
      file.yaml ??= this.#parse(file, target);
      if ('message' in file.yaml)
        trace.fault(`${path}:${file.yaml.line} is not readable as YAML: ${file.yaml.message}`);
      return file.yaml;
    };
    const wellFormed = (path: string): readonly YamlValue[] => {
      const parsed = documents(path);
      if (!('message' in parsed)) return parsed;
      throw new Abort(
        `not readable as YAML: ${parsed.message}`,
        { place: { repo: this.name, path, line: parsed.line } },
        path,
      );
    };
    const isYaml = (path: string) => !('message' in documents(path));
    const yaml = (path: string) => {
      const [first] = wellFormed(path);
      if (!first) throw new Abort('holds no YAML document', at(path), path);
      return first;
    };
    const isFile = (path: string) => isRegular(identify(path).entry);
    return {
      at,
      isFile,
      isDirectory: (path) => {
        const { target, entry } = identify(path);
        return target !== undefined && !entry;
      },
      isExecutable: (path) => {
        const { target, entry } = identify(path);
        return target !== undefined && (!entry || entry.mode === '100755');
      },
      size: (path) => {
        const { target, entry } = identify(path);
        if (target === undefined || !isRegular(entry)) return 0;
        return entry?.size ?? new TextEncoder().encode(this.#file(target).text).length;
      },
      glob: (pattern) => {
        const matches = this.#matches(pattern);
        record('glob', pattern, matches.join('\n'));
        return matches;
      },
      names: (folder) => {
        const names = this.#folders.get(resolve(folder) ?? '\0') ?? [];
        record('names', folder, names.join('\n'));
        return names;
      },
      text: (path) => fileAt(path).text,
      lines: (path) => {
        const file = fileAt(path);
        file.lines ??= splitLines(file.text, this.name, resolve(path) ?? path);
        return file.lines;
      },
      yaml,
      yamlOrEmpty: (path) => (isFile(path) && isYaml(path) ? yaml(path) : nothingAt(at(path))),
      yamlDocuments: wellFormed,
      isYaml,
      prefetch: (paths) => {
        const targets = paths.map(resolve).filter((target) => target !== undefined);
        for (const target of targets) if (isRegular(this.snapshot.entries.get(target))) this.#want(target);
        if (targets.some((target) => this.#missing.has(target))) throw new Suspended('prefetch');
      },
      uncommitted: () => {
        if (!this.#uncommitted) {
          this.#wantsUncommitted = true;
          throw new Suspended('uncommitted');
        }
        record('uncommitted', '', this.#uncommitted.join('\n'));
        return this.#uncommitted;
      },
    };
  }

  #want(path: string): void {
    const entry = this.snapshot.entries.get(path);
    const isReadable = isRegular(entry) || entry?.mode === '120000';
    if (isReadable && !this.#files.has(path) && !this.failures.has(path) && !this.#isTooLarge(path))
      this.#missing.add(path);
  }

  #isTooLarge(path: string): boolean {
    return (this.snapshot.entries.get(path)?.size ?? 0) > LIMITS.textBytes;
  }

  #file(path: string): TextFile {
    const file = this.#files.get(path);
    if (file) return file;
    const failure = this.failures.get(path);
    if (failure !== undefined) throw new Unavailable(`${path} could not be read: ${failure}`);
    if (this.#isTooLarge(path))
      throw new Unavailable(tooLarge(path, this.snapshot.entries.get(path)?.size ?? 0, LIMITS.textBytes));
    this.#missing.add(path);
    throw new Suspended(path);
  }

  #parse({ text, isUtf8 }: TextFile, path: string): readonly YamlValue[] | YamlFault {
    if (text.length > LIMITS.yamlBytes) throw new Unavailable(tooLarge(path, text.length, LIMITS.yamlBytes));
    if (!isUtf8) return { message: 'it is not UTF-8', line: text.split('\uFFFD', 1).join().split('\n').length };
    return parseYaml(text, this.name, path);
  }

  #matches(pattern: string): readonly string[] {
    const known = this.#globs.get(pattern);
    if (known) return known;
    const regExp = globTest(pattern);
    const matches = [...this.snapshot.entries]
      .filter(([path]) => regExp.test(path))
      .map(([path]) => path)
      .filter((path) => isRegular(this.snapshot.entries.get(this.#resolve(path) ?? '')))
      .sort();
    this.#globs.set(pattern, matches);
    return matches;
  }

  #resolve(path: string): string | undefined {
    if (this.snapshot.entries.get(path)?.mode.startsWith('100')) return path;
    return followLinks(path, this.snapshot.entries, this.#folders, (link) => this.#readLink(link));
  }

  /** Links are short and come in numbers, so the first one that is needed brings all of them along. */
  #readLink(link: string): string {
    if (!this.#files.has(link)) {
      for (const [path, { mode }] of this.snapshot.entries) if (mode === '120000') this.#want(path);
    }
    return this.#file(link).text;
  }
}

function isRegular(entry: TreeEntry | undefined): boolean {
  return entry?.mode === '100644' || entry?.mode === '100755';
}

/** Whether decoding lost nothing. A replacement character may also stand in the file itself. */
function isUtf8(text: string, bytes: Uint8Array): boolean {
  if (!text.includes('\uFFFD')) return true;
  const again = new TextEncoder().encode(text);
  return again.length === bytes.length && again.every((byte, index) => byte === bytes[index]);
}

function tooLarge(path: string, bytes: number, limit: number): string {
  const megabytes = (count: number) => `${(count / 1_000_000).toFixed(1)} MB`;
  return `${path} is ${megabytes(bytes)}, more than the ${megabytes(limit)} that are read; split it or shrink it`;
}

function splitLines(text: string, repo: string, path: string): readonly TextLine[] {
  const parts = text.split('\n');
  if (parts.at(-1) === '') parts.pop();
  return parts.map((line, index) => ({
    text: line,
    number: index + 1,
    place: { repo, path, line: index + 1 },
  }));
}
