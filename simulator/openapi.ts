/** GitHub's own description of its API: which operations exist, and what each of them accepts and answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { isRecord, jsonSchema, records, type Schema } from './openapi-schemas.ts';

export interface Operation {
  id: string;
  method: string;
  /** As GitHub writes it: `/repos/{owner}/{repo}`. */
  path: string;
  /** Path parameters that may hold slashes, such as a ref. */
  multiSegment: string[];
  description: Schema;
}

export interface Exchange {
  path: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
}

const methods = new Set(['get', 'post', 'patch', 'put', 'delete']);
const file = join(import.meta.dirname, 'openapi/github.json');
const description: unknown = JSON.parse(readFileSync(file, 'utf8'));

function at(root: unknown, ...keys: string[]): unknown {
  let value = root;
  for (const key of keys) value = isRecord(value) ? value[key] : undefined;
  return value;
}

function component(reference: string): Schema {
  const found = at(description, ...reference.split('/').slice(1));
  if (!isRecord(found)) throw new Error(`the vendored description lacks ${reference}`);
  return found;
}

function dereferenced(value: unknown): Schema {
  if (!isRecord(value)) return {};
  return typeof value.$ref === 'string' ? component(value.$ref) : value;
}

function readOperations(): Operation[] {
  const operations: Operation[] = [];
  for (const [path, item] of Object.entries(at(description, 'paths') as Schema)) {
    for (const [method, operation] of Object.entries(isRecord(item) ? item : {})) {
      if (!methods.has(method) || !isRecord(operation)) continue;
      const parameters = records(operation.parameters).map(dereferenced);
      const multiSegment = parameters.filter((parameter) => parameter['x-multi-segment'] === true);
      operations.push({
        id: String(operation.operationId),
        method: method.toUpperCase(),
        path,
        multiSegment: multiSegment.map((parameter) => String(parameter.name)),
        description: operation,
      });
    }
  }
  // A ref may contain slashes, so `/commits/{ref}/status` has to be tried before `/commits/{ref}`.
  return operations.sort((a, b) => b.path.split('/').length - a.path.split('/').length);
}

/** The operations of the vendored subset, the most specific path first. */
export const operations: readonly Operation[] = readOperations();

function newAjv(coerceTypes: boolean): Ajv {
  const ajv = new Ajv({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: true,
    coerceTypes: coerceTypes ? 'array' : false,
  });
  addFormats.default(ajv);
  ajv.addFormat('repo.nwo', /^[\w.-]+\/[\w.-]+$/);
  return ajv;
}

const ajv = newAjv(false);
const coercingAjv = newAjv(true);

function addDefinitions(): void {
  const definitions: Record<string, Schema> = {};
  for (const [name, schema] of Object.entries(at(description, 'components', 'schemas') as Schema)) {
    definitions[name] = jsonSchema(schema, component);
  }
  // Real error bodies repeat the status, and a refused label comes as a 403 with `errors`
  // (Songmu/tagpr#194); GitHub's schemas leave both out.
  for (const name of ['basic-error', 'validation-error', 'validation-error-simple']) {
    const properties = at(definitions, name, 'properties') as Schema;
    properties.status = { type: 'string' };
    properties.errors ??= at(definitions, 'validation-error', 'properties', 'errors');
  }
  for (const each of [ajv, coercingAjv]) each.addSchema({ $id: 'github', definitions });
}
addDefinitions();

const compiled = new Map<string, ValidateFunction>();

function validator(key: string, schema: () => Schema, engine = ajv): ValidateFunction {
  let validate = compiled.get(key);
  if (validate === undefined) {
    validate = engine.compile(schema());
    compiled.set(key, validate);
  }
  return validate;
}

function problems(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => {
    const detail = error.params.additionalProperty ?? error.params.allowedValues ?? '';
    return `${error.instancePath || '/'} ${error.message ?? 'is invalid'} ${String(detail)}`.trim();
  });
}

function parameterSchema(operation: Operation, place: string): Schema {
  const properties: Schema = {};
  const required: string[] = [];
  for (const parameter of records(operation.description.parameters).map(dereferenced)) {
    if (parameter.in !== place) continue;
    const name = String(parameter.name);
    properties[name] = jsonSchema(parameter.schema, component);
    if (parameter.required === true) required.push(name);
  }
  return { type: 'object', properties, required, additionalProperties: false };
}

/** What GitHub would not understand in this request. */
export function requestProblems(operation: Operation, request: Exchange): string[] {
  const found: string[] = [];
  for (const [place, value] of [['path', request.path] as const, ['query', request.query] as const]) {
    const key = `${operation.id} ${place}`;
    const validate = validator(key, () => parameterSchema(operation, place), coercingAjv);
    found.push(...problems(validate, { ...value }).map((problem) => `${place} ${problem}`));
  }
  const body = operation.description.requestBody;
  const schema = at(body, 'content', 'application/json', 'schema');
  if (request.body === undefined) {
    if (at(body, 'required') === true) found.push('body is missing');
  } else if (schema === undefined) {
    found.push('body is not expected');
  } else {
    const validate = validator(`${operation.id} body`, () => jsonSchema(schema, component));
    found.push(...problems(validate, request.body).map((problem) => `body ${problem}`));
  }
  return found;
}

/** Where this answer is not one that GitHub describes for the operation. */
export function responseProblems(operation: Operation, status: number, body: unknown): string[] {
  const described = at(operation.description, 'responses', String(status));
  const documented = dereferenced(described);
  const schema = at(documented, 'content', 'application/json', 'schema');
  if (schema !== undefined) {
    const key = `${operation.id} ${status}`;
    return problems(
      validator(key, () => jsonSchema(schema, component)),
      body,
    );
  }
  if (status >= 300 && body !== undefined) {
    return problems(
      validator('basic-error', () => ({ $ref: 'github#/definitions/basic-error' })),
      body,
    );
  }
  if (status < 300 && described === undefined) return [`status ${status} is not described`];
  return body === undefined ? [] : [`status ${status} has no body`];
}

/** Where a webhook payload differs from GitHub's schema; events outside the subset are not judged. */
export function webhookProblems(event: string, payload: unknown): string[] {
  const action = at(payload, 'action');
  const name = typeof action === 'string' ? `${event}-${action}` : event;
  const schema = at(description, 'x-webhooks', name);
  if (schema === undefined) return [];
  return problems(
    validator(`webhook ${name}`, () => jsonSchema(schema, component)),
    payload,
  );
}
