import type { Located } from '../../core/finding.ts';
import type { Remark } from '../../core/gate.ts';
import type { Repo, TextLine } from '../../core/repo.ts';
import type { YamlValue } from '../../core/yaml/value.ts';
import { absent, isProgram, notRunnable, unparsable } from './files/files.ts';

/** An input of a gate. All inputs have to be there before the first one is read, as most scripts have it. */
export interface Need<T> {
  readonly path: string;
  /** What to say when it is not there. */
  absence(repo: Repo): Remark | undefined;
  /** What is handed to `check`. Throws `Missing` when there is something else than needed. */
  read(repo: Repo): T;
}

/** What a need hands to `check`. */
export type NeedOf<N> = N extends Need<infer T> ? T : never;

/** Ends a gate with a remark about one of its inputs; only `defineGate` catches it. */
export class Missing extends Error {
  override readonly name = 'Missing';
  readonly remark: Remark;

  constructor(remark: Remark) {
    super('an input of the gate is missing');
    this.remark = remark;
  }
}

/** A file that has to be there and be YAML: its first document. */
export function yaml(path: string): Need<YamlValue> {
  return existing(path, (repo) => {
    if (!repo.isYaml(path)) throw new Missing(unparsable(repo, path));
    return repo.yaml(path);
  });
}

/** The same where the script dies of a file that is not YAML, so that the finding is `unreadable`. */
export function yamlOrDie(path: string): Need<YamlValue> {
  return existing(path, (repo) => repo.yaml(path));
}

/** A file that has to be there; one that is not YAML counts as empty, as it does for scripts that ignore their parser's error. */
export function yamlOrEmpty(path: string): Need<YamlValue> {
  return existing(path, (repo) => repo.yamlOrEmpty(path));
}

/** The lines of a file that has to be there. */
export function lines(path: string): Need<readonly TextLine[]> {
  return existing(path, (repo) => repo.lines(path));
}

/** A file that has to be there, as a place for findings. */
export function file(path: string): Need<Located> {
  return existing(path, (repo) => repo.at(path));
}

/** A program that has to be there and to be executable. */
export function program(path: string): Need<Located> {
  return {
    path,
    absence: (repo) => (isProgram(repo, path) ? undefined : notRunnable(repo, path)),
    read: (repo) => repo.at(path),
  };
}

/** An input that has to be there from the start, but is read only when `check` calls it, since the script would stumble over it only then. */
export function later<T>(need: Need<T>): Need<() => T> {
  return { path: need.path, absence: need.absence, read: (repo) => () => need.read(repo) };
}

/** An input that `check` asks for only when it gets there: calling it gives the value, or ends the gate with what is missing. */
export function onDemand<T>(need: Need<T>): Need<() => T> {
  return {
    path: need.path,
    absence: () => undefined,
    read: (repo) => () => {
      const missing = need.absence(repo);
      if (missing) throw new Missing(missing);
      return need.read(repo);
    },
  };
}

/** An input that the gate can do without: undefined where it is not there. */
export function optional<T>(need: Need<T>): Need<T | undefined> {
  return {
    path: need.path,
    absence: () => undefined,
    read: (repo) => (need.absence(repo) ? undefined : need.read(repo)),
  };
}

function existing<T>(path: string, read: (repo: Repo) => T): Need<T> {
  return { path, read, absence: (repo) => (repo.isFile(path) ? undefined : absent(repo, path)) };
}
