/** OpenAPI 3.0 schemas as JSON Schema, with every plain object closed so that the double cannot invent fields. */

export type Schema = Record<string, unknown>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

type Resolve = (reference: string) => Schema;

const untouched = new Set(['type', 'enum', 'required', 'format', 'pattern', 'minimum', 'maximum']);
const sizes = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'uniqueItems', 'minProperties']);

/** GitHub's `allOf` only ever extends an object; merged into one object it can be closed like the others. */
function merged(parts: Schema[], resolve: Resolve): Schema {
  const properties: Record<string, unknown[]> = {};
  const required = new Set<unknown>();
  for (const part of parts) {
    const schema = typeof part.$ref === 'string' ? resolve(part.$ref) : part;
    for (const [name, property] of Object.entries(isRecord(schema.properties) ? schema.properties : {})) {
      properties[name] = [...(properties[name] ?? []), property];
    }
    if (Array.isArray(schema.required)) for (const name of schema.required) required.add(name);
  }
  const single: Record<string, unknown> = {};
  for (const [name, all] of Object.entries(properties)) single[name] = all[0];
  return { type: 'object', properties: single, required: [...required] };
}

function nullable(schema: Schema): Schema {
  if (Array.isArray(schema.enum)) {
    const { enum: values, type: _type, ...rest } = schema;
    return { ...rest, enum: [...new Set([...(Array.isArray(values) ? values : []), null])] };
  }
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}

function bounds(schema: Schema): Schema {
  const result: Schema = {};
  if (schema.exclusiveMinimum === true) result.exclusiveMinimum = schema.minimum;
  else if (schema.minimum !== undefined) result.minimum = schema.minimum;
  if (schema.exclusiveMaximum === true) result.exclusiveMaximum = schema.maximum;
  else if (schema.maximum !== undefined) result.maximum = schema.maximum;
  return result;
}

/** Converts one OpenAPI 3.0 schema; `resolve` finds a referenced component. */
export function jsonSchema(source: unknown, resolve: Resolve): Schema {
  if (!isRecord(source)) return {};
  if (typeof source.$ref === 'string') {
    return { $ref: `github#/definitions/${source.$ref.split('/').pop() ?? ''}` };
  }
  if (Array.isArray(source.allOf)) {
    const schema = jsonSchema(merged(records(source.allOf), resolve), resolve);
    return source.nullable === true ? nullable(schema) : schema;
  }
  const schema: Schema = bounds(source);
  for (const [key, value] of Object.entries(source)) {
    if (key === 'minimum' || key === 'maximum') continue;
    if (untouched.has(key) || sizes.has(key)) schema[key] = value;
  }
  for (const key of ['oneOf', 'anyOf']) {
    const alternatives = source[key];
    if (!Array.isArray(alternatives)) continue;
    schema[key] = alternatives.map((item) => jsonSchema(item, resolve));
    // Ajv's strict mode wants keywords beside a combiner to know their type; GitHub repeats it inside.
    delete schema.type;
  }
  if (source.items !== undefined) schema.items = jsonSchema(source.items, resolve);
  const combined = schema.oneOf !== undefined || schema.anyOf !== undefined;
  if (isRecord(source.properties)) {
    const properties: Schema = {};
    for (const [name, property] of Object.entries(source.properties)) {
      properties[name] = jsonSchema(property, resolve);
    }
    schema.properties = properties;
    schema.type ??= 'object';
    if (source.additionalProperties === undefined && !combined) schema.additionalProperties = false;
  }
  const additional = source.additionalProperties;
  if (additional !== undefined) {
    schema.additionalProperties = typeof additional === 'boolean' ? additional : jsonSchema(additional, resolve);
  }
  return source.nullable === true ? nullable(schema) : schema;
}
