import { format, type Schema, type SchemaDraft, type ValidationResult, Validator } from '@cfworker/json-schema';
import { asksForEncrypted } from '../../core/content.ts';
import { type Budget, BudgetSpent } from '../expressions/budget.ts';
import { compilePattern, type Pattern, PatternError } from '../pattern.ts';

export type { Schema };

/** The schema cannot be used; the message says why. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

export interface CompiledSchema {
  /** Whether it says how encrypted values look. */
  readonly asksForEncrypted: boolean;
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
/** Values of `enum` that an error names. */
const MOST_NAMED = 20;
/** What a look at one schema costs, and how much of what the library does for it takes as long as a step. */
const STEPS = { look: 3, wholes: 4, compared: 100, members: 20, characters: 200 };

/** Keywords that go over all keys of what they are asked about. */
const OVER_ALL_KEYS = [
  'minProperties',
  'maxProperties',
  'propertyNames',
  'additionalProperties',
  'unevaluatedProperties',
] as const;

/**
 * Makes a validator of a schema that the audited repo wrote. The library compiles `pattern` as a regular expression that may take for ever and knows no budget,
 * so patterns become formats of ours, which take linear time, and every schema counts when it is looked at, by what the library is about to do. Throws `SchemaError`.
 */
export function compileSchema(schema: unknown): CompiledSchema {
  let running: { readonly budget: Budget; readonly size: Size } | undefined;
  let count = 0;
  const patterns = new Map<string, Pattern>();
  const prepared = prepare(schema, 0);
  const draft = draftOf(schema);
  const validator = new Validator(prepared, draft, false);
  return {
    asksForEncrypted: asksForEncrypted(JSON.stringify(schema)),
    validate(instance, budget) {
      const size = sizeOf(instance);
      budget.spend((size.values + patterns.size) / STEPS.members + size.longest / STEPS.characters);
      running = { budget, size };
      for (const [source, pattern] of patterns) {
        format[formatName(source)] = (text) => {
          budget.spend(text.length / STEPS.characters);
          return pattern.test(text);
        };
      }
      try {
        return validator.validate(instance);
      } catch (error) {
        // The library passes errors on as arguments: too many of them, or too deep a schema, exhaust the stack.
        if (error instanceof RangeError) throw new BudgetSpent('the schema asks for too much');
        if (error instanceof Error && /^Unresolved \$ref/.test(error.message))
          throw new SchemaError(error.message.split('\n', 1)[0] ?? '');
        throw error;
      } finally {
        // The library's table of formats is everybody's, and an isolate lives long.
        for (const source of patterns.keys()) delete format[formatName(source)];
      }
    },
  };

  function prepare(part: unknown, depth: number): Schema {
    if (depth > LIMITS.depth) throw new SchemaError(`it is nested more than ${LIMITS.depth} levels deep`);
    if (++count > LIMITS.schemas) throw new SchemaError(`it has more than ${LIMITS.schemas} parts`);
    if (Array.isArray(part)) return part.map((item) => prepare(item, depth + 1)) as unknown as Schema;
    if (typeof part !== 'object' || part === null) return part as Schema;
    const { pattern, $ref, patternProperties, uniqueItems, ...rest } = part as Record<string, unknown>;
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(rest)) {
      if (key === '__proto__') continue;
      if (key === 'enum' && Array.isArray(value)) copy[key] = namedInBrief(value);
      else if (isPlainValue(key)) copy[key] = value;
      else copy[key] = prepare(value, depth + 1);
    }
    if (patternProperties !== undefined) copy.patternProperties = simplePatterns(patternProperties, depth);
    if (typeof pattern === 'string') {
      const before = Array.isArray(copy.allOf) ? copy.allOf : [];
      patterns.set(pattern, patternOf(pattern));
      copy.allOf = [...before, { format: formatName(pattern) }];
    } else if (pattern !== undefined) copy.pattern = prepare(pattern, depth + 1);
    const price = priceOf(
      rest,
      typeof patternProperties === 'object' ? Object.keys(patternProperties ?? {}).length : 0,
    );
    Object.defineProperty(copy, '$ref', {
      enumerable: $ref !== undefined,
      get() {
        if (running) running.budget.spend(price(running.size));
        return $ref;
      },
    });
    if (uniqueItems === true) {
      // The library compares each item with each other one. Where no list has equal items, it need not.
      Object.defineProperty(copy, 'uniqueItems', {
        enumerable: true,
        get() {
          if (!running) return true;
          const { budget, size } = running;
          if (size.pairs > 0) budget.spend(size.pairs / STEPS.wholes);
          return size.pairs > 0;
        },
      });
    }
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

/** Keywords whose value is no schema. */
function isPlainValue(keyword: string): boolean {
  return ['const', 'enum', 'default', 'examples'].includes(keyword);
}

/** What a look at a schema costs, by the size of what is judged. */
function priceOf(keywords: Readonly<Record<string, unknown>>, patterns: number): (size: Size) => number {
  let fixed = STEPS.look;
  for (const [keyword, value] of Object.entries(keywords)) {
    if (typeof value !== 'object' || value === null) continue;
    const parts = Object.values(value);
    const plain = isPlainValue(keyword) ? parts.filter((part) => typeof part !== 'object' || part === null) : [];
    if (!isPlainValue(keyword)) fixed += parts.length / STEPS.members;
    else fixed += plain.length / STEPS.compared + (sizeOf(value).values - 1 - plain.length) / STEPS.wholes;
  }
  const walks = patterns + OVER_ALL_KEYS.filter((keyword) => keywords[keyword] !== undefined).length;
  const readsTexts = ['minLength', 'maxLength', 'format'].some((keyword) => keywords[keyword] !== undefined);
  return ({ widest, longest }) =>
    fixed + (walks * widest) / STEPS.members + (readsTexts ? longest / STEPS.characters : 0);
}

/** A list of allowed values that stands in errors with its first ones only. */
function namedInBrief(values: readonly unknown[]): readonly unknown[] {
  const left = values.length - MOST_NAMED;
  if (left <= 0) return values;
  const brief = [...values.slice(0, MOST_NAMED), `and ${left.toLocaleString('en')} more`];
  return Object.defineProperty([...values], 'toJSON', { value: () => brief });
}

/** How much there is to look at. */
interface Size {
  readonly values: number;
  /** Keys of the largest map. */
  readonly widest: number;
  /** Characters of the longest text. */
  readonly longest: number;
  /** What comparing all items of the largest list with each other takes; 0 where no list has equal items. */
  readonly pairs: number;
}

/** Measures a value in one pass: equal parts get equal numbers, so that nothing is compared. */
function sizeOf(whole: unknown): Size {
  const numbers = new Map<string, number>();
  let [values, widest, longest, pairs] = [0, 0, 0, 0];
  let hasTwins = false;

  function numberOf(value: unknown): number {
    values++;
    const text = textOf(value);
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  }

  function textOf(value: unknown): string {
    if (typeof value === 'string') longest = Math.max(longest, value.length);
    if (typeof value !== 'object' || value === null) return `${typeof value} ${value}`;
    const before = values;
    if (Array.isArray(value)) {
      const items = value.map(numberOf);
      hasTwins ||= new Set(items).size < items.length;
      pairs = Math.max(pairs, items.length * (values - before));
      return `[${items.join()}`;
    }
    const entries = Object.entries(value);
    widest = Math.max(widest, entries.length);
    return `{${entries
      .map(([key, part]) => `${JSON.stringify(key)}:${numberOf(part)}`)
      .sort()
      .join()}`;
  }

  numberOf(whole);
  return { values, widest, longest, pairs: hasTwins ? pairs : 0 };
}

// The library's own goes back and forth for ever over some texts.
format.url = (text) => /^(?:https?|ftp):/.test(text) && URL.canParse(text);

/** A pattern is asked for as a format of this name. */
function formatName(source: string): string {
  return `matches ${source}`;
}

function patternOf(source: string): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError) throw new SchemaError(`the pattern \`${source}\`: ${error.message}`);
    throw error;
  }
}

function draftOf(schema: unknown): SchemaDraft {
  const named = typeof schema === 'object' && schema !== null && '$schema' in schema ? String(schema.$schema) : '';
  return Object.entries(DRAFTS).find(([name]) => named.includes(name))?.[1] ?? '2020-12';
}
