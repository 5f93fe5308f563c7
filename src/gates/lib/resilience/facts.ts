import type { Located } from '../../../core/finding.ts';
import type { Repo, TextLine } from '../../../core/repo.ts';
import { Abort, Unavailable } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { isUnset } from '../bash/unset.ts';
import { type BindingName, type Bindings, DEFAULT_BINDINGS, type FieldName } from './layout.ts';

/** An ops repo's facts in the layout it has. */
export interface Facts {
  readonly words: Bindings['words'];
  /** A binding's path, for messages. */
  path(binding: BindingName): string;
  /** What a field is called, for messages. */
  field(field: FieldName): string;
  /** A binding as a whole. */
  root(binding: BindingName): YamlValue;
  /** A binding's lines, comments included. */
  lines(binding: BindingName): readonly TextLine[];
  /**
   * The records under a field of a binding: the items of a list, or the values of a map, of every file that it names.
   * Throws `Abort` where there is neither, since nothing can be said then; `Unavailable` where a layout says that they are there, which is no fault of the repo.
   */
  records(binding: BindingName, field: FieldName): Records;
  /** A field of a record; of several names for it, the first that says something. */
  value(record: YamlValue, field: FieldName): YamlValue;
  /** What a field says; empty where it says nothing. */
  text(record: YamlValue, field: FieldName): string;
}

export function createFacts(repo: Repo, { paths, fields, words }: Bindings): Facts {
  const value = (record: YamlValue, field: FieldName) => {
    const found = fields[field].split('|').map((path) => record.get(...path.split('.')));
    return found.find((candidate) => !isUnset(candidate)) ?? found[0] ?? record;
  };
  const root = (binding: BindingName) => onlyDocument(repo, filesOf(repo, paths[binding])[0] ?? paths[binding]);
  return {
    words,
    path: (binding) => paths[binding],
    field: (field) => fields[field],
    root,
    lines: (binding) => filesOf(repo, paths[binding]).flatMap((path) => repo.lines(path)),
    value,
    text(record, field) {
      const found = value(record, field);
      return isUnset(found) ? '' : found.raw;
    },
    records(binding, field) {
      const lists = filesOf(repo, paths[binding]).map(
        (path) => [path, value(onlyDocument(repo, path), field)] as const,
      );
      const isOverridden =
        paths[binding] !== DEFAULT_BINDINGS.paths[binding] || fields[field] !== DEFAULT_BINDINGS.fields[field];
      for (const [path, list] of lists) {
        const { kind } = list.target;
        if (kind === 'list' || (isOverridden && kind === 'map')) continue;
        if (isOverridden) throw new Unavailable(wrongLayout(path, fields[field], binding, field));
        throw new Abort(`\`${fields[field]}\` in ${path} must be a list.`, list, fields[field]);
      }
      const place = lists[0]?.[1].place ?? repo.at(paths[binding]).place;
      return { place, items: lists.flatMap(([, list]) => list.items) };
    },
  };
}

/** Records with the place where the first of their files has them. */
export interface Records extends Located {
  readonly items: readonly YamlValue[];
}

/** The files of a binding: one, or as many as its pattern matches. */
export function filesOf(repo: Repo, path: string): readonly string[] {
  return /[*?[]/.test(path) ? repo.glob(path) : [path];
}

function wrongLayout(path: string, said: string, binding: BindingName, field: FieldName): string {
  return `\`${said}\` in ${path} is neither a list nor a map; correct \`paths.${binding}\` or \`fields.${field}\` under \`resilience\` in the configuration of this repository`;
}

/** The one document of a file. Facts in a second one would go unread, and nothing may pass unread. */
function onlyDocument(repo: Repo, path: string): YamlValue {
  const filled = repo.yamlDocuments(path).filter(({ kind }) => kind !== 'absent' && kind !== 'null');
  if (filled.length > 1) throw new Unavailable(`${path} has several YAML documents; put everything into one`);
  return filled[0] ?? repo.yaml(path);
}
