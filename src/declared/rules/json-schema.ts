import { format, type Schema, type SchemaDraft, type ValidationResult, Validator } from '@cfworker/json-schema';
import { type Budget, BudgetSpent } from '../expressions/budget.ts';
import { compilePattern, PatternError } from '../pattern.ts';

export type { Schema };

/** The schema cannot be used; the message says why. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

export interface CompiledSchema {
  /** Throws `BudgetSpent`, or `SchemaError` where a reference leads nowhere. */
  validate(instance: unknown, budget: Budget): ValidationResult;
}

const DRAFTS: Readonly<Record<string, SchemaDraft>> = {
  'draft-04': '4',
  'draft-06': '7',
  'draft-07': '7',
  '2019-09': '2019-09',
};
const LIMITS = { depth: 64, schemas: 20_000 };
/** Two small values are compared in a fraction of the time that a step takes. */
const COMPARED_PER_STEP = 20;

/**
 * Makes a validator of a schema that the audited repo wrote. The library compiles `pattern` as a regular expression that may take for ever and knows no budget,
 * so patterns become formats of ours, which take linear time, and every schema counts when it is looked at. Throws `SchemaError`.
 */
export function compileSchema(schema: unknown): CompiledSchema {
  let running: Budget | undefined;
  let count = 0;
  let asksForUnique = false;
  const prepared = prepare(schema, 0);
  const draft = draftOf(schema);
  const validator = new Validator(prepared, draft, false);
  return {
    validate(instance, budget) {
      running = budget;
      if (asksForUnique) spendOnPairs(instance, budget);
      try {
        return validator.validate(instance);
      } catch (error) {
        // The library passes errors on as arguments: too many of them, or too deep a schema, exhaust the stack.
        if (error instanceof RangeError) throw new BudgetSpent('the schema asks for too much');
        if (error instanceof Error && /^Unresolved \$ref/.test(error.message))
          throw new SchemaError(error.message.split('\n', 1)[0] ?? '');
        throw error;
      }
    },
  };

  function prepare(part: unknown, depth: number): Schema {
    if (depth > LIMITS.depth) throw new SchemaError(`it is nested more than ${LIMITS.depth} levels deep`);
    if (++count > LIMITS.schemas) throw new SchemaError(`it has more than ${LIMITS.schemas} parts`);
    if (Array.isArray(part)) return part.map((item) => prepare(item, depth + 1)) as unknown as Schema;
    if (typeof part !== 'object' || part === null) return part as Schema;
    const { pattern, $ref, patternProperties, ...rest } = part as Record<string, unknown>;
    if (rest.uniqueItems === true) asksForUnique = true;
    let members = 0;
    for (const value of Object.values(rest)) members += sizeOf(value);
    const cost = 1 + members / COMPARED_PER_STEP;
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(rest)) {
      if (key !== '__proto__')
        copy[key] =
          key === 'const' || key === 'enum' || key === 'default' || key === 'examples'
            ? value
            : prepare(value, depth + 1);
    }
    if (patternProperties !== undefined) copy.patternProperties = simplePatterns(patternProperties, depth);
    if (typeof pattern === 'string') {
      const before = Array.isArray(copy.allOf) ? copy.allOf : [];
      copy.allOf = [...before, { format: patternFormat(pattern) }];
    } else if (pattern !== undefined) copy.pattern = prepare(pattern, depth + 1);
    Object.defineProperty(copy, '$ref', {
      enumerable: $ref !== undefined,
      get() {
        running?.spend(cost);
        return $ref;
      },
    });
    return copy;
  }

  function simplePatterns(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return prepare(value, depth + 1);
    for (const source of Object.keys(value)) {
      const quantifiers = source.match(/[*+?{]/g) ?? [];
      if (quantifiers.length > 1 || /\([^)]*[*+{][^)]*\)[*+{]/.test(source))
        throw new SchemaError(`the pattern \`${source}\` under patternProperties is too complex`);
    }
    return Object.fromEntries(Object.entries(value).map(([source, part]) => [source, prepare(part, depth + 1)]));
  }
}

/** Every look at a schema goes over its lists and maps: the values of `enum`, the keys of `properties`. */
function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

/** `uniqueItems` compares each item of a list with each other one. */
function spendOnPairs(instance: unknown, budget: Budget): void {
  if (typeof instance !== 'object' || instance === null) return;
  const parts: readonly unknown[] = Array.isArray(instance) ? instance : Object.values(instance);
  if (Array.isArray(instance)) budget.spend(parts.length ** 2 / COMPARED_PER_STEP);
  for (const part of parts) spendOnPairs(part, budget);
}

/** A pattern as the name of a format that the library asks for. */
function patternFormat(source: string): string {
  const name = `matches ${source}`;
  try {
    const pattern = compilePattern(source);
    format[name] = (text) => pattern.test(text);
  } catch (error) {
    if (error instanceof PatternError) throw new SchemaError(`the pattern \`${source}\`: ${error.message}`);
    throw error;
  }
  return name;
}

function draftOf(schema: unknown): SchemaDraft {
  const named = typeof schema === 'object' && schema !== null && '$schema' in schema ? String(schema.$schema) : '';
  return Object.entries(DRAFTS).find(([name]) => named.includes(name))?.[1] ?? '2020-12';
}
