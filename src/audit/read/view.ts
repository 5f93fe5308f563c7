import type { Located } from '../../core/finding.ts';
import { createMeter, type Meter, UNMETERED } from '../../core/meter.ts';
import type { Repo } from '../../core/repo.ts';
import { Abort, Suspended } from '../../core/signals.ts';
import { listingAnswer, type TraceRecorder } from '../../core/trace.ts';
import { SeveralValues, severalDocuments } from '../../core/yaml/several.ts';
import { documentsOf, nothingAt, type YamlFile, type YamlValue } from '../../core/yaml/value.ts';
import { lasting, type SnapshotReader } from './reader.ts';
import type { Found } from './tree.ts';

export interface ViewOptions {
  /** Pays for what is read. */
  readonly meter?: Meter;
  /** What a file of several YAML documents is to somebody who expects one: what the scripts' query tool makes of it, or a file that cannot be used. */
  readonly severalDocuments?: 'as-printed' | 'refused';
}

/** What is seen of a repository by those who read the files that say how it is audited: one of several documents cannot be used. */
export function configurationViewOf(reader: SnapshotReader, trace: TraceRecorder): Repo {
  return viewOf(reader, trace, { meter: createMeter(), severalDocuments: 'refused' });
}

/** What a gate sees of a repository; every question it asks is recorded in `trace`, with the answer. */
export function viewOf(reader: SnapshotReader, trace: TraceRecorder, options: ViewOptions = {}): Repo {
  const { meter = UNMETERED, severalDocuments: several = 'as-printed' } = options;
  const { name: repo, tree } = reader;
  const at = (path: string): Located => ({ place: { repo, path, line: null } });

  const find = (path: string): Exclude<Found, { kind: 'beyond' }> => {
    meter.spend(1, at(path));
    const found = tree.find(path);
    trace.record({ kind: 'path', repo, subject: path }, pathAnswer(found));
    if (found.kind === 'beyond') throw lasting(at(path), found.reason);
    return found;
  };
  /** The path of a regular file's content. */
  const contentAt = (path: string): string => {
    const found = find(path);
    if (found.kind !== 'file') throw new Abort(`${path} does not exist or is not a file`, at(path), path);
    return found.path;
  };
  const listing = (kind: 'glob' | 'files' | 'names', subject: string): readonly string[] => {
    const list = tree[kind](subject);
    trace.record({ kind, repo, subject }, listingAnswer(list));
    if ('beyond' in list) throw lasting(at(subject), list.beyond);
    meter.spend(1 + list.length, at(subject));
    return list;
  };
  const parsed = (path: string) => {
    const content = contentAt(path);
    const file = reader.yaml(content);
    if (!('message' in file)) return file;
    if (file.isTooMuch) throw lasting({ place: { repo, path: `${path}:${file.line}`, line: null } }, file.message);
    trace.fault(`${path}:${file.line} is not readable as YAML: ${file.message}`);
    return file;
  };
  const wellFormed = (path: string): YamlFile => {
    const file = parsed(path);
    if (!('message' in file)) return file;
    const place = { repo, path, line: file.line };
    throw new Abort(`not readable as YAML: ${file.message}`, { place }, path);
  };
  const yaml = (path: string): YamlValue => {
    const documents = documentsOf(wellFormed(path), meter);
    const [first, ...others] = documents;
    if (!first) throw new Abort('holds no YAML document', at(path), path);
    if (others.length === 0) return first;
    if (several === 'refused') throw severalDocuments(documents);
    return new SeveralValues(first, ...others);
  };
  const isFile = (path: string) => find(path).kind === 'file';
  const isYaml = (path: string) => !('message' in parsed(path));

  return {
    at,
    isFile,
    isDirectory: (path) => find(path).kind === 'folder',
    isExecutable: (path) => {
      const found = find(path);
      return found.kind === 'folder' || (found.kind === 'file' && found.entry.mode === '100755');
    },
    size: (path) => {
      const found = find(path);
      if (found.kind !== 'file') return 0;
      // Of a file that is kept elsewhere it is the size of the pointer, which is never empty either.
      return found.entry.size ?? new TextEncoder().encode(reader.text(found.path)).length;
    },
    glob: (pattern) => listing('glob', pattern),
    files: (pattern) => listing('files', pattern),
    names: (folder) => listing('names', folder),
    text: (path) => {
      const text = reader.text(contentAt(path));
      meter.spend(1 + text.length / 100, at(path));
      return text;
    },
    lines: (path, most) => {
      const lines = reader.lines(contentAt(path), most);
      meter.spend(1 + lines.length, at(path));
      return lines;
    },
    yaml,
    yamlOrEmpty: (path) => (isFile(path) && isYaml(path) ? yaml(path) : nothingAt(at(path))),
    yamlDocuments: (path) => documentsOf(wellFormed(path), meter),
    isYaml,
    prefetch: (paths) => {
      const missing = paths.filter((path) => reader.want(path));
      if (missing.length > 0) throw new Suspended('prefetch');
    },
    uncommitted: () => {
      const paths = reader.uncommitted();
      trace.record({ kind: 'uncommitted', repo, subject: '' }, listingAnswer(paths));
      return paths;
    },
  };
}

/** Where a path leads, as a trace remembers it. A file of a work tree has no id: of it nothing is known for later. */
export function pathAnswer(found: Found): string {
  if (found.kind === 'file') return `${found.entry.mode} ${found.entry.sha ?? 'of this moment'} ${found.path}`;
  if (found.kind === 'beyond') return `beyond: ${found.reason}`;
  return found.kind;
}
