import type { Repo, TextLine } from '../../../core/repo.ts';
import { Abort, Unavailable } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { isUnset } from '../bash/unset.ts';
import type { BindingName, Bindings, FieldName } from './layout.ts';

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
  /** The records under a field of a binding. Throws `Abort` where there is no list, since nothing can be said then. */
  records(binding: BindingName, field: FieldName): YamlValue;
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
  const root = (binding: BindingName) => onlyDocument(repo, paths[binding]);
  return {
    words,
    path: (binding) => paths[binding],
    field: (field) => fields[field],
    root,
    lines: (binding) => repo.lines(paths[binding]),
    value,
    text(record, field) {
      const found = value(record, field);
      return isUnset(found) ? '' : found.raw;
    },
    records(binding, field) {
      const list = value(root(binding), field);
      if (list.target.kind === 'list') return list;
      throw new Abort(`\`${fields[field]}\` in ${paths[binding]} must be a list.`, list, fields[field]);
    },
  };
}

/** The one document of a file. Facts in a second one would go unread, and nothing may pass unread. */
function onlyDocument(repo: Repo, path: string): YamlValue {
  const filled = repo.yamlDocuments(path).filter(({ kind }) => kind !== 'absent' && kind !== 'null');
  if (filled.length > 1) throw new Unavailable(`${path} has several YAML documents; put everything into one`);
  return filled[0] ?? repo.yaml(path);
}
