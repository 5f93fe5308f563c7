import type { Located } from './finding.ts';
import type { YamlValue } from './yaml/value.ts';

/** A line of a text file; `text` has no line break (a carriage return stays). */
export interface TextLine extends Located {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

/**
 * A repository as a gate sees it: synchronous, read-only, and recorded.
 * Symbolic links are followed everywhere, as the shell's file tests do; a link that leaves the repo leads nowhere.
 * Reading the content of a path that is not a regular file throws `Abort`, as the scripts die there: ask `isFile` first where the gate's spec says what follows.
 */
export interface Repo {
  /** A regular file (`-f`). */
  isFile(path: string): boolean;
  /** Some tracked file lies below it (`-d`). */
  isDirectory(path: string): boolean;
  /** A directory, or a file of mode 100755 (`-x`). */
  isExecutable(path: string): boolean;
  /** Bytes of a regular file; 0 where there is none. */
  size(path: string): number;
  /** Paths of regular files that match a shell pattern, bytewise sorted. `*` and `?` stop at `/` and do not match a leading dot; `**` crosses folders and matches hidden names too. */
  glob(pattern: string): readonly string[];
  /** The same without what may lie in submodules, unless the pattern begins in one: they are other repositories. */
  files(pattern: string): readonly string[];
  /** Names (files and folders) directly in a folder, hidden ones included, bytewise sorted. */
  names(folder: string): readonly string[];
  /** The file's text as UTF-8; bytes that are not become U+FFFD. */
  text(path: string): string;
  /** All lines of a file, or so many of the first ones. */
  lines(path: string, most?: number): readonly TextLine[];
  /** First document of a YAML file; throws `Abort` when the file is absent or unparsable. */
  yaml(path: string): YamlValue;
  /** The same, but a file that is unparsable or absent is as good as an empty one. */
  yamlOrEmpty(path: string): YamlValue;
  yamlDocuments(path: string): readonly YamlValue[];
  /** Whether a regular file is well-formed YAML. */
  isYaml(path: string): boolean;
  /** Says that all of `paths` will be read, so that they are fetched in one go. Paths that are no files are ignored. */
  prefetch(paths: readonly string[]): void;
  /** Uncommitted paths of a work tree; empty at a commit. */
  uncommitted(): readonly string[];
  /** A file as the place of a finding, whether it exists or not. */
  at(path: string): Located;
}
