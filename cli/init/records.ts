import { type Datum, isList, isMap, textOf } from '../../src/declared/formats/datum.ts';
import type { Candidate } from './candidate.ts';
import type { RecordTable } from './record-tables.ts';

/** Fields that should not stand twice, the most telling first. */
const NAMING = [
  'id',
  'vmid',
  'ct_id',
  'hostname',
  'name',
  'ip',
  'address',
  'ipv4',
  'ipv6',
  'mac',
  'serial',
  'port',
  'github',
  'github-id',
  'email',
];
/** Fields that any record may have. */
const GENERIC = ['id', 'name', 'address', 'port', 'title', 'key'];
const LEAST_VALUES = 3;

/** What names a record is unique. */
export function uniqueIn(table: RecordTable): readonly Candidate[] {
  const fields = NAMING.filter((field) => isDistinct(textsOf(table, field)));
  return fields.slice(0, 2).map((field) => ({
    id: `${slug(table.name)}-${slug(field)}-is-unique`,
    reason: `No two of the ${table.rows.length} in ${table.files} have the same \`${field}\` today: two would be one too many.`,
    data: dataOf(table),
    gate: `unique: ${table.name}.${field}`,
  }));
}

/** What all records say is said by the next one, too. */
export function completeIn(table: RecordTable): readonly Candidate[] {
  const unique = new Set(NAMING.filter((field) => isDistinct(textsOf(table, field))).slice(0, 2));
  const [first] = table.rows;
  const always = [...(first?.keys() ?? [])].filter(
    (field) => /^[A-Za-z_]\w*$/.test(field) && !unique.has(field) && textsOf(table, field).length === table.rows.length,
  );
  if (always.length === 0) return [];
  const said = always.slice(0, 3);
  return [
    {
      id: `${slug(table.name)}-is-complete`,
      reason: `All ${table.rows.length} in ${table.files} say this today; one that does not is half written.`,
      data: dataOf(table),
      gate: `each: ${table.name}, must: ${said.map((field) => `row.${field} != null`).join(' && ')}`,
    },
  ];
}

/** Names that are used in one table and defined in another. Where each side names the other, one gate says both. */
export function referencesAmong(tables: readonly RecordTable[]): readonly Candidate[] {
  const targets = tables.flatMap((table) => namesIn(table));
  const found = tables.flatMap((table) =>
    columnsOf(table).flatMap(({ field, values }): readonly Reference[] => {
      if (!looksLikeNames(values)) return [];
      const target = targets.find(
        (other) =>
          other.table.files !== table.files &&
          areRelated(field, other) &&
          values.every((value) => other.values.has(value)),
      );
      return target ? [{ table, field, text: `${table.name}.${field}`, target }] : [];
    }),
  );
  const isBackwards = (one: Reference, other: Reference) =>
    one.text === other.target.text && other.text === one.target.text;
  return found
    .filter((one, index) => !found.slice(0, index).some((other) => isBackwards(one, other)))
    .map((one) =>
      candidateOf(
        one,
        found.some((other) => isBackwards(one, other)),
      ),
    );
}

/** Every value of a field is among the names that another table gives. */
interface Reference {
  readonly table: RecordTable;
  readonly field: string;
  readonly text: string;
  readonly target: Names;
}

function candidateOf({ table, field, text, target }: Reference, isSame: boolean): Candidate {
  return {
    id: `${slug(table.name)}-${slug(field)}-exists`.slice(0, 63),
    reason: isSame
      ? `${table.files} and ${target.table.files} name the same in \`${field}\` today; one that only one of them has is a slip.`
      : `Every \`${field}\` of ${table.files} is in ${target.table.files} today; one that is not is a slip.`,
    data: { ...dataOf(table), ...dataOf(target.table) },
    gate: `in: ${text}, of: ${target.text}${isSame ? ', same: true' : ''}`,
  };
}

/** Two lists may agree by chance. A field that is called like the other table, or like a telling field of it, does not. */
function areRelated(field: string, { table, text }: Names): boolean {
  const words = table.name.split('_').map(singular);
  const isCalledSo = field.split('.').some((part) => words.includes(singular(part.toLowerCase())));
  return isCalledSo || (text.endsWith(`.${field}`) && !GENERIC.includes(field));
}

function singular(word: string): string {
  return word.replace(/(?<=..)s$/, '');
}

interface Names {
  readonly table: RecordTable;
  /** Table and field. */
  readonly text: string;
  readonly values: ReadonlySet<string>;
}

function namesIn(table: RecordTable): readonly Names[] {
  const byKey = table.keys ? [{ table, text: table.name, values: new Set(table.keys) }] : [];
  const fields = NAMING.filter((field) => isDistinct(textsOf(table, field)));
  return [
    ...byKey,
    ...fields.map((field) => ({ table, text: `${table.name}.${field}`, values: new Set(textsOf(table, field)) })),
  ].filter(({ values }) => values.size > LEAST_VALUES);
}

/** Every field of the rows that holds texts, in lists too, and those of maps in it. */
function columnsOf(table: RecordTable): readonly { readonly field: string; readonly values: readonly string[] }[] {
  const columns = new Map<string, string[]>();
  const note = (field: string, datum: Datum) => {
    const found = columns.get(field) ?? [];
    const items = isList(datum) ? datum.value : [datum];
    found.push(
      ...items
        .map(textOf)
        .filter((text) => text !== undefined)
        .filter((text) => text !== ''),
    );
    columns.set(field, found);
  };
  for (const row of table.rows) {
    for (const [key, part] of row) {
      if (!/^[A-Za-z_][\w-]*$/.test(key)) continue;
      if (!isMap(part)) note(key, part);
      else for (const [inner, value] of part.value) if (/^[A-Za-z_][\w-]*$/.test(inner)) note(`${key}.${inner}`, value);
    }
  }
  return [...columns].map(([field, values]) => ({ field, values }));
}

/** Enough different words, or addresses: numbers and yes or no are among anything. */
function looksLikeNames(values: readonly string[]): boolean {
  const distinct = new Set(values);
  const names = [...distinct].filter(
    (value) => value.length > 2 && /[A-Za-z:.]/.test(value) && !/^(?:true|false|yes|no)$/i.test(value),
  );
  return distinct.size >= LEAST_VALUES && names.length > distinct.size * 0.8;
}

function textsOf({ rows }: RecordTable, field: string): readonly string[] {
  return rows
    .map((row) => textOf(row.get(field)))
    .filter((value) => value !== undefined)
    .filter((value) => value !== '');
}

function isDistinct(values: readonly string[]): boolean {
  return values.length >= LEAST_VALUES && new Set(values).size === values.length;
}

function dataOf({ name, files, each }: RecordTable): Readonly<Record<string, string>> {
  return { [name]: `{ files: ${JSON.stringify(files)}${each === '' ? '' : `, each: ${JSON.stringify(each)}`} }` };
}

function slug(name: string): string {
  return name
    .replace(/[^a-z0-9]+/gi, '-')
    .toLowerCase()
    .replace(/^-|-$/g, '')
    .slice(0, 40)
    .replace(/-$/, '');
}
