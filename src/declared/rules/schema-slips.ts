import { nearest } from '../nearest.ts';

/** Keywords of JSON Schema that hold schemas, by how. */
const ONE = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'additionalItems',
  'contentSchema',
];
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const MAP = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const PLAIN = [
  'type',
  'enum',
  'const',
  'multipleOf',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'maxContains',
  'minContains',
  'maxProperties',
  'minProperties',
  'required',
  'dependentRequired',
  'dependencies',
  'format',
  'contentEncoding',
  'contentMediaType',
  'title',
  'description',
  'default',
  'deprecated',
  'readOnly',
  'writeOnly',
  'examples',
  'example',
  'nullable',
  'id',
  'items',
];
const WORDS = [...ONE, ...LIST, ...MAP, ...PLAIN];
const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

/** A word of a schema that says nothing, or nothing that could hold. */
export interface SchemaSlip {
  readonly at: readonly (string | number)[];
  readonly message: string;
}

/** What is misspelt in a schema: keywords that are near to a known one, and types that there are none of. To JSON Schema both are no mistakes, and a gate would be green or red for nothing. */
export function* slipsIn(schema: unknown, at: readonly (string | number)[] = []): Generator<SchemaSlip> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
  for (const [key, value] of Object.entries(schema)) {
    const here = [...at, key];
    if (key === 'type') yield* typeSlips(value, here);
    else if (key === 'items') yield* slipsOfEach(value, here);
    else if (ONE.includes(key)) yield* slipsIn(value, here);
    else if (LIST.includes(key)) yield* slipsOfEach(value, here);
    else if (MAP.includes(key) && typeof value === 'object' && value !== null)
      for (const [name, part] of Object.entries(value)) yield* slipsIn(part, [...here, name]);
    else if (!WORDS.includes(key) && !/^(?:\$|x-)/.test(key)) {
      const near = nearest(key, WORDS);
      if (near !== undefined)
        yield { at: here, message: `\`${key}\` means nothing in a schema: did you mean \`${near}\`?` };
    }
  }
}

function* slipsOfEach(value: unknown, at: readonly (string | number)[]): Generator<SchemaSlip> {
  if (!Array.isArray(value)) yield* slipsIn(value, at);
  else for (const [index, part] of value.entries()) yield* slipsIn(part, [...at, index]);
}

function* typeSlips(value: unknown, at: readonly (string | number)[]): Generator<SchemaSlip> {
  for (const type of [value].flat()) {
    if (typeof type === 'string' && TYPES.includes(type)) continue;
    const near = typeof type === 'string' ? nearest(type, TYPES) : undefined;
    yield {
      at,
      message: `a type is one of ${TYPES.join(', ')}${near === undefined ? '' : `: did you mean \`${near}\`?`}`,
    };
  }
}
