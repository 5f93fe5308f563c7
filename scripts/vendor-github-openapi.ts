/**
 * Writes the part of GitHub's OpenAPI description that the simulator enforces.
 *
 *   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
 *   npx node scripts/vendor-github-openapi.ts package/generated/api.github.com.json
 *
 * The package is 385 MB unpacked, so it is not a dependency: only its subset is kept.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const operations = new Set([
  'apps/create-from-manifest',
  'apps/create-installation-access-token',
  'apps/get-authenticated',
  'apps/get-repo-installation',
  'git/get-blob',
  'git/get-commit',
  'git/get-ref',
  'git/get-tree',
  'issues/add-labels',
  'issues/create',
  'issues/create-comment',
  'issues/create-label',
  'issues/get',
  'issues/get-comment',
  'issues/get-label',
  'issues/list-comments',
  'issues/list-for-repo',
  'issues/list-labels-for-repo',
  'issues/list-labels-on-issue',
  'issues/lock',
  'issues/remove-label',
  'issues/set-labels',
  'issues/unlock',
  'issues/update',
  'issues/update-comment',
  'issues/update-label',
  'rate-limit/get',
  'repos/compare-commits-with-basehead',
  'repos/create-commit-status',
  'repos/get',
  'repos/get-branch',
  'repos/get-combined-status-for-ref',
  'repos/get-commit',
  'repos/list-commit-statuses-for-ref',
  'repos/list-commits',
  'users/get-authenticated',
]);
const webhooks = ['push', 'ping', 'issues-closed'];
const prose = new Set(['description', 'summary', 'title', 'example', 'examples', 'externalDocs', 'tags']);
const output = join(import.meta.dirname, '../simulator/openapi/github.json');

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectAt(parent: JsonObject, ...keys: string[]): JsonObject {
  let value: Json | undefined = parent;
  for (const key of keys) value = isObject(value) ? value[key] : undefined;
  if (!isObject(value)) throw new Error(`the description has no ${keys.join('/')}`);
  return value;
}

/** Drops prose and vendor extensions. Under `properties` a key is a name, so `description` stays there. */
function withoutProse(value: Json, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (!isObject(value)) return value;
  const kept: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const isProse = prose.has(key) || (key.startsWith('x-') && key !== 'x-multi-segment');
    if (isProse && !keysAreNames) continue;
    kept[key] = withoutProse(child, key === 'properties' && !keysAreNames);
  }
  return kept;
}

function references(value: Json, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) references(item, found);
  else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (key === '$ref' && typeof child === 'string') found.add(child);
      else references(child, found);
    }
  }
  return found;
}

function subset(description: JsonObject): JsonObject {
  const paths: JsonObject = {};
  const left = new Set(operations);
  for (const [path, item] of Object.entries(objectAt(description, 'paths'))) {
    if (!isObject(item)) continue;
    for (const [method, operation] of Object.entries(item)) {
      const id = isObject(operation) ? operation.operationId : undefined;
      if (typeof id !== 'string' || operation === undefined || !left.delete(id)) continue;
      paths[path] = {
        ...(isObject(paths[path]) ? paths[path] : {}),
        [method]: withoutProse(operation),
      };
    }
  }
  if (left.size > 0) throw new Error(`not in the description: ${[...left].join(', ')}`);

  const hooks: JsonObject = {};
  for (const name of webhooks) {
    const body = objectAt(description, 'x-webhooks', name, 'post', 'requestBody', 'content');
    hooks[name] = withoutProse(objectAt(body, 'application/json', 'schema'));
  }

  const components: JsonObject = {};
  const queue = [...references(paths), ...references(hooks)];
  const seen = new Set(queue);
  for (const reference of queue) {
    const [, , kind, name] = reference.split('/');
    if (kind === undefined || name === undefined) throw new Error(`unexpected ${reference}`);
    const component = withoutProse(objectAt(description, 'components', kind, name));
    const group = components[kind];
    components[kind] = { ...(isObject(group) ? group : {}), [name]: component };
    for (const next of references(component)) {
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  }
  const info = objectAt(description, 'info');
  return {
    openapi: description.openapi ?? null,
    info: {
      title: info.title ?? null,
      version: info.version ?? null,
      license: info.license ?? null,
    },
    paths,
    'x-webhooks': hooks,
    components,
  };
}

const source = process.argv[2];
if (source === undefined) {
  console.error('usage: vendor-github-openapi.ts <path of api.github.com.json>');
  process.exit(2);
}
const description: Json = JSON.parse(readFileSync(source, 'utf8'));
if (!isObject(description)) throw new Error(`${source} is not an OpenAPI description`);
const text = `${JSON.stringify(subset(description))}\n`;
writeFileSync(output, text);
console.log(`${output}: ${text.length} bytes, ${operations.size} operations`);
