import { encryptedWith } from '../../core/content.ts';
import { Abort, Unavailable } from '../../core/signals.ts';
import { BudgetSpent } from '../expressions/budget.ts';
import type { Expression } from '../expressions/language.ts';
import { type Datum, isList, isMap } from '../formats/datum.ts';
import { dataOfDocuments, formatOf, parseAs } from '../tables/format.ts';
import { deepestAt, type Row } from '../tables/row.ts';
import { type CompiledSchema, compileSchema, SchemaError } from './json-schema.ts';
import { selectedRows } from './rows.ts';
import type { Rule, Scope } from './rule.ts';

/** Every row is as a JSON Schema says: one in the repo by its path, or one that the gate file holds. */
export function schemaRule(table: string, when: Expression | undefined, schema: string | object): Rule {
  return {
    tables: [table],
    files: [],
    subjects: when ? `rows for which \`${when.source}\` holds` : 'rows',
    placeholders: ['value'],
    *check(scope) {
      const compiled = compiledSchema(schema, scope);
      if ('blind' in compiled) {
        yield compiled;
        return 0;
      }
      const rows = yield* selectedRows(scope, table, when);
      let judged = 0;
      for (const row of rows) {
        judged++;
        const errors = errorsOf(compiled, row, scope);
        if ('blind' in errors) {
          yield { blind: errors.blind };
          if (errors.isLasting) return judged;
          continue;
        }
        const own = errors.filter(({ keyword }) => !OUTER.includes(keyword));
        scope.witness?.({
          at: row.at(),
          subject: row.subject,
          outcome: errors.length > 0 ? 'found' : 'holds',
          values: {},
        });
        for (const { instanceLocation, keyword, error } of own.slice(0, 20)) {
          const path = instanceLocation.split('/').slice(1).map(unescaped);
          const what = path.length > 0 ? `\`${path.join('.')}\` of \`${row.subject}\`` : `\`${row.subject}\``;
          const subject = [row.subject, ...path].join(' ');
          const message = `${what}: ${error}`;
          yield {
            rule: `schema-${keyword.toLowerCase().replace(/[^a-z0-9]/g, '')}`,
            subject,
            at: row.at(deepestAt(row.datum, path)),
            message,
            row,
            values: { value: error },
          };
        }
      }
      return judged;
    },
  };
}

type Errors = ReturnType<CompiledSchema['validate']>['errors'] | { readonly blind: string; readonly isLasting?: true };

function errorsOf(compiled: CompiledSchema, { datum, subject }: Row, { budget }: Scope): Errors {
  try {
    return compiled.validate(jsonOf(datum, compiled.asksForEncrypted), budget).errors;
  } catch (error) {
    if (error instanceof Encrypted) return { blind: `${subject}: ${error.message}` };
    if (error instanceof SchemaError) return { blind: `the schema cannot be used: ${error.message}`, isLasting: true };
    throw error;
  }
}

/** Keywords that only repeat that something inside is wrong. */
const OUTER = [
  'properties',
  'items',
  'allOf',
  '$ref',
  'additionalProperties',
  'prefixItems',
  'then',
  'else',
  'patternProperties',
];

function compiledSchema(
  schema: string | object,
  { host: { repo } }: Scope,
): CompiledSchema | { readonly blind: string } {
  try {
    if (typeof schema !== 'string') return compileSchema(schema);
    if (!repo.isFile(schema)) return { blind: `there is no schema ${schema}` };
    const format = formatOf(schema);
    const documents =
      format === 'yaml' ? dataOfDocuments(repo.yamlDocuments(schema)) : parseAs('json', repo.text(schema), {});
    if ('message' in documents) return { blind: `${schema} is not readable: ${documents.message}` };
    const [document] = documents;
    return document ? compileSchema(jsonOf(document, true)) : { blind: `${schema} is empty` };
  } catch (error) {
    if (error instanceof BudgetSpent) throw error;
    if (error instanceof SchemaError) return { blind: `the schema cannot be used: ${error.message}` };
    if (error instanceof Unavailable || error instanceof Abort)
      return { blind: `the schema cannot be read: ${error.message}` };
    throw error;
  }
}

const LONGEST_KEY = 1_000;

/** A value that stands for another one, which nobody can read here. */
class Encrypted extends Error {
  override readonly name = 'Encrypted';
}

/** A value as JSON has it: numbers are numbers, and no key means anything to JavaScript. Throws `Encrypted`, save where the schema `mayBeEncrypted`. */
function jsonOf(datum: Datum, mayBeEncrypted: boolean): unknown {
  if (isList(datum)) return datum.value.map((item) => jsonOf(item, mayBeEncrypted));
  if (isMap(datum)) {
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, part] of datum.value) {
      // The library tests keys with patterns of the schema, which take longer than in proportion.
      if (key.length > LONGEST_KEY) throw new SchemaError(`a key is longer than ${LONGEST_KEY} characters`);
      // What sops notes of itself is no content.
      const isNote = key === 'sops' && isMap(part) && part.value.has('mac');
      object[key] = jsonOf(part, mayBeEncrypted || isNote);
    }
    return object;
  }
  const by = typeof datum.value === 'string' && !mayBeEncrypted ? encryptedWith(datum.value) : undefined;
  if (by !== undefined) throw new Encrypted(`it holds values that are encrypted with ${by}`);
  return typeof datum.value === 'bigint' ? Number(datum.value) : datum.value;
}

function unescaped(part: string): string {
  return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
}
