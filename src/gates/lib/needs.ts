import type { Located } from '../../core/finding.ts';
import type { Remark } from '../../core/gate.ts';
import type { Repo, TextLine } from '../../core/repo.ts';
import type { YamlValue } from '../../core/yaml/value.ts';
import { absent, isProgram, notRunnable, unparsable } from './files/files.ts';

/** An input of a gate: the file that it stands in, and what is handed to `check`, or the remark that ends the gate. */
export interface Need<T> {
  readonly path: string;
  find(repo: Repo): { readonly value: T } | { readonly missing: Remark };
}

/** What a need hands to `check`. */
export type NeedOf<N> = N extends Need<infer T> ? T : never;

/** A file that has to be there and be YAML: its first document. */
export function yaml(path: string): Need<YamlValue> {
  return {
    path,
    find(repo) {
      if (!repo.isFile(path)) return { missing: absent(repo, path) };
      return repo.isYaml(path) ? { value: repo.yaml(path) } : { missing: unparsable(repo, path) };
    },
  };
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
    find: (repo) => (isProgram(repo, path) ? { value: repo.at(path) } : { missing: notRunnable(repo, path) }),
  };
}

/** Ends a gate in the middle of its `check`; `defineGate` makes the remark of it. */
export class Missing extends Error {
  override readonly name = 'Missing';
  readonly remark: Remark;

  constructor(remark: Remark) {
    super('an input of the gate is missing');
    this.remark = remark;
  }
}

/** A need that `check` asks for only when it gets there: calling it gives the value, or ends the gate with what is missing. */
export function later<T>(need: Need<T>): Need<() => T> {
  return {
    path: need.path,
    find: (repo) => ({
      value() {
        const found = need.find(repo);
        if ('missing' in found) throw new Missing(found.missing);
        return found.value;
      },
    }),
  };
}

function existing<T>(path: string, read: (repo: Repo) => T): Need<T> {
  return {
    path,
    find: (repo) => (repo.isFile(path) ? { value: read(repo) } : { missing: absent(repo, path) }),
  };
}
