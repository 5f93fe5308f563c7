import { z } from 'zod';
import { enumerate } from '../../core/text/enumerate.ts';
import { hasTooManyChoices, TOO_MANY_CHOICES } from '../tables/braces.ts';
import { FORMATS } from '../tables/format.ts';

/** The form of `lanekeeper.yaml`. The published JSON Schema is made from it, so every description is a help text in somebody's editor. */
const Texts = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
/** Paths and globs. */
const Globs = Texts.refine((globs) => ![globs].flat().some(hasTooManyChoices), TOO_MANY_CHOICES);
const Cel = z.string().min(1).describe('An expression in CEL (https://cel.dev). A key that is missing reads as null.');
const TableName = z.string().regex(/^[A-Za-z_]\w*$/, 'is not a name: letters, digits and `_`, a letter first');
const Field = z
  .string()
  .regex(/^[A-Za-z_]\w*(\..+)?$/, 'names a table and a field in it, such as `host.address`')
  .describe('A table and a field in it, such as `host.address`; `host` alone or `host.#key` is the name of the row');

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

const FileTable = z
  .strictObject({
    files: Globs.describe('Paths or globs: `*` stays in a folder, `**` crosses folders, `{a,b}` is either'),
    except: Globs.optional().describe('Paths or globs that are left out'),
    each: z
      .string()
      .optional()
      .describe(
        'Where the rows are: keys with dots between, `[]` for each item of a list, `{}` for each value of a map. Without it a document is one row',
      ),
    format: z
      .enum(FORMATS)
      .optional()
      .describe('When the name of the files does not say it. `file` is one row per file, whatever it holds'),
    rows: z
      .string()
      .optional()
      .describe(
        'A regular expression (RE2) with named groups such as `(?P<name>…)`: one row per match, whatever the format. `^` and `$` stand at the ends of lines',
      ),
    key: z
      .string()
      .optional()
      .describe('The field that names an item, when it is not `id`, `name`, `hostname` or the like'),
    columns: z
      .array(z.string())
      .optional()
      .describe('Names of the columns of a CSV or TSV file without a line of them'),
    delimiter: z.string().min(1).optional().describe('What stands between the fields of a CSV file'),
    comment: z.string().min(1).optional().describe('What begins a comment line in a CSV or TSV file'),
  })
  .describe('Rows made out of files');
const FactsTable = z
  .strictObject({
    facts: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,59}$/, 'is not a name for facts: small letters, digits and `-`, a letter first')
      .describe('A table that machines post, such as `backups` or `guests`'),
    key: z.string().optional().describe('The field that names a row'),
  })
  .describe(
    'Rows that machines posted about themselves: the gate does not apply where none ever did, and is blind where they are old',
  );

const COMMON = {
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a name for a gate: small letters, digits and `-`, at most 63')
    .describe('The name of the gate. Its findings are remembered by it'),
  say: z
    .string()
    .min(1)
    .optional()
    .describe('What is wrong, for one row, with expressions in braces: `{row.name} has no owner`'),
  why: z.string().min(1).optional().describe('What goes wrong in the real world when this fails'),
  fix: z.string().min(1).optional().describe('What to do about it'),
  severity: z.enum(SEVERITIES).optional().describe('`medium` when nothing is said'),
  lane: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,38}$/, 'is not a name for a lane: small letters, digits and `-`')
    .optional()
    .describe('The group it is shown in'),
  owner: z.string().min(1).optional().describe('Who is asked about it'),
  min: z
    .int()
    .min(0)
    .optional()
    .describe('Fewer subjects than this and the gate is blind instead of green: 1 when nothing is said'),
};

/** What one of several words has to say, as a check and as JSON Schema: zod makes the latter of everything else. */
function oneOf(...words: readonly string[]) {
  const says = (entry: object) => words.some((word) => Object.hasOwn(entry, word));
  const named = words.map((word) => `\`${word}\``);
  return [says, `needs ${enumerate(named, 'or')}`] as const;
}
function anyOf(...words: readonly string[]) {
  return { anyOf: words.map((word) => ({ required: [word] })) };
}

const { min: _, ...WITHOUT_SUBJECTS } = COMMON;
const Run = z
  .strictObject({
    ...WITHOUT_SUBJECTS,
    say: z.string().min(1).optional().describe('What is wrong when it fails and prints nothing that says so'),
    run: z
      .string()
      .min(1)
      .max(2000)
      .describe('A command for `bash -c`, run in a clean checkout by `npm run report`. Exit status 0 is a pass'),
    timeout: z.int().min(1).max(3600).optional().describe('Seconds it may take: 120 when nothing is said'),
  })
  .describe('A command ends with 0 where it can run. An audit runs nothing: until a runner reports, the gate is blind');

const Each = z
  .strictObject({ ...COMMON, each: TableName, when: Cel.optional(), must: Cel })
  .describe('Every row for which `when` holds must satisfy `must`');
const Unique = z
  .strictObject({
    ...COMMON,
    unique: z.union([Field, z.array(Field).min(1)]),
    per: Cel.optional().describe('Unique only among rows for which this expression has the same value'),
    when: Cel.optional(),
    fold: z.literal('lower').optional(),
  })
  .describe(
    'No two rows have the same value in this field, or in any of these fields together. Missing values do not count',
  );
const In = z
  .strictObject({
    ...COMMON,
    in: z.union([Field, z.array(Field).min(1)]),
    of: z.union([Field, z.array(Field).min(1)]),
    when: Cel.optional(),
    same: z.boolean().optional(),
    fold: z.literal('lower').optional(),
  })
  .describe(
    'Every value here is one of the values there; with `same`, the other way round too. Missing values do not count',
  );
const Disjoint = z
  .strictObject({ ...COMMON, disjoint: z.union([Field, z.array(Field).min(1)]), when: Cel.optional() })
  .describe('No two of these prefixes, ranges or addresses overlap');
const Text = z
  .strictObject({
    ...COMMON,
    text: Globs,
    skip: Globs.optional().describe('Paths or globs that are left out'),
    forbid: Texts.optional(),
    require: Texts.optional(),
    except: Texts.optional().describe(
      'Regular expressions for matches that are allowed: each is looked for in the line of the match',
    ),
  })
  .refine(...oneOf('forbid', 'require'))
  .meta(anyOf('forbid', 'require'))
  .describe('No line of these files matches `forbid`; every one of these files matches `require`');
const Files = z
  .strictObject({
    ...COMMON,
    files: Globs,
    except: Globs.optional(),
    allow: Globs.optional(),
    forbid: z.literal(true).optional(),
    require: Globs.optional(),
  })
  .refine(...oneOf('allow', 'forbid', 'require'))
  .meta(anyOf('allow', 'forbid', 'require'))
  .describe(
    '`allow`: every file of `files` matches one of these. `forbid: true`: there is none. `require`: each of these is among them',
  );
const Schema = z
  .strictObject({
    ...COMMON,
    each: TableName,
    when: Cel.optional(),
    schema: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
  })
  .describe('Every row is as a JSON Schema says: the path of one in the repo, or the schema itself');

/** Each kind of gate by the word that tells it from the others. */
export const KINDS = {
  must: Each,
  schema: Schema,
  unique: Unique,
  in: In,
  disjoint: Disjoint,
  text: Text,
  files: Files,
  run: Run,
} as const;
export type Kind = keyof typeof KINDS;
export type GateEntry = z.infer<(typeof KINDS)[Kind]>;
/** Each kind of table by the word that tells it from the other. */
export const TABLES = { files: FileTable, facts: FactsTable } as const;
export type TableEntry = z.infer<(typeof TABLES)[keyof typeof TABLES]>;

/** Gate files are written by hand; beyond this, somebody is up to something. */
export const LIMITS = { gates: 500, tables: 200 };

const DATA = z.record(TableName, z.union([FileTable, FactsTable])).meta({ maxProperties: LIMITS.tables });

const CheckName = z.string().min(1).max(200);

/** What a gate file may hold at its top. */
export const TOP = {
  include: Globs.optional().describe('More gate files, as paths or globs from the root of the repo'),
  lane: COMMON.lane.describe('The lane of gates that name none: `declared` when nothing is said'),
  data: DATA.optional().describe('Tables by name'),
  gates: z
    .array(z.union(Object.values(KINDS) as [typeof Each, ...(typeof Unique)[]]))
    .min(1)
    .max(LIMITS.gates)
    .optional(),
  checks: z
    .union([CheckName, z.array(CheckName).max(50)])
    .optional()
    .describe("CI's checks that count as gates: names of check runs or commit statuses, or `workflow / job`"),
};

export const GATE_FILE = z.strictObject(TOP);
