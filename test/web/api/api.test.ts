import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { describeApi } from '../../../src/web/api/openapi.ts';
import { audits, REPO, stage, TOKEN } from '../fixture.ts';

interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, unknown>> }>>;
}

const api = describeApi() as unknown as {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const ajv = new Ajv2020({ strict: false, allErrors: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(api, 'api');

const pointer = (...parts: readonly string[]) =>
  `api#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

/** What our own description says of an answer; throws where the answer does not keep to it. */
async function keepsTo(path: string, method: string, answer: Response): Promise<unknown> {
  const operation = api.paths[path]?.[method];
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const described = operation?.responses[answer.status]?.content;
  if (!described?.[type]) throw new Error(`${method} ${path} answers ${answer.status} ${type}, which is not described`);
  const body = type.endsWith('json') && type !== 'application/sarif+json' ? await answer.json() : await answer.text();
  const validate = ajv.getSchema(
    pointer('paths', path, method, 'responses', String(answer.status), 'content', type, 'schema'),
  );
  if (!validate) throw new Error(`no schema for ${path}`);
  if (!validate(body)) throw new Error(`${path}: ${ajv.errorsText(validate.errors)}`);
  return body;
}

function fill(path: string, audit = 'latest', gate = 'D138'): string {
  return path.replace('{owner}/{repo}', REPO).replace('{audit}', audit).replace('{gate}', gate);
}

const READS = Object.keys(api.paths).filter((path) => api.paths[path]?.get);

describe('the API keeps to its own description', () => {
  test('which is OpenAPI 3.1 and names every route', async () => {
    const { app, get } = await stage();
    expect(api.openapi).toBe('3.1.0');
    const wanted = ajv.getSchema(pointer('components', 'schemas', 'AuditRequest'));
    expect([wanted?.({ repo: REPO }), wanted?.({ repo: REPO, more: 1 })]).toEqual([true, false]);
    expect(await (await get('/openapi.json')).json()).toEqual(JSON.parse(JSON.stringify(api)));
    const routes = app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/'));
    const served = new Set(
      routes.map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`),
    );
    const described = Object.entries(api.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect([...served].sort()).toEqual(described.sort());
  });

  test.each(READS)('get %s', async (path) => {
    const { get } = await stage();
    const query = path.endsWith('/compare') ? '?from=aaaaaaa' : '';
    for (const text of ['latest', 'aaaaaaa', audits()[1]?.id ?? ''])
      await keepsTo(path, 'get', await get(`${fill(path, text)}${query}`));
  });

  test.each(READS)('get %s without a token, of nobody, of nothing', async (path) => {
    const { get } = await stage();
    expect(await keepsTo(path, 'get', await get(fill(path), {}))).toMatchObject({ status: 401 });
    if (path.includes('{owner}'))
      expect(await keepsTo(path, 'get', await get(fill(path).replace(REPO, 'you/unknown')))).toMatchObject({
        status: 404,
      });
    if (path.includes('{audit}'))
      expect(await keepsTo(path, 'get', await get(fill(path, 'fffffff')))).toMatchObject({ status: 404 });
    if (path.includes('{gate}'))
      expect(await keepsTo(path, 'get', await get(fill(path, 'latest', 'D999')))).toMatchObject({ status: 404 });
  });

  test('posts', async () => {
    const { app, asked } = await stage();
    const headers = { authorization: `Bearer ${TOKEN}` };
    const post = (path: string, body: unknown, more = headers) =>
      app.request(path, {
        method: 'POST',
        headers: more,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
    const location = `/api/repos/${REPO}/progress`;
    const queued = await post('/api/audits', { repo: 'You/HomeLab', force: true });
    expect(queued.headers.get('location')).toBe(location);
    expect(await keepsTo('/api/audits', 'post', queued)).toEqual({ status: 'queued', location });
    const baseline = '/api/repos/{owner}/{repo}/baseline';
    await keepsTo(
      baseline,
      'post',
      await post(fill(baseline), { by: 'me', reason: 'known since the move', gate: 'D86' }),
    );
    expect(asked).toMatchObject([
      [REPO, { trigger: 'api', force: true }],
      [REPO, { by: 'me', reason: 'known since the move', gate: 'D86' }],
    ]);
    const wrong = ['no JSON', {}, { repo: 1 }, { repo: REPO, more: true }, { by: ' ', reason: '' }];
    for (const body of wrong) {
      expect(await keepsTo('/api/audits', 'post', await post('/api/audits', body))).toMatchObject({ status: 400 });
      expect(await keepsTo(baseline, 'post', await post(fill(baseline), body))).toMatchObject({ status: 400 });
    }
    expect(await keepsTo('/api/audits', 'post', await post('/api/audits', { repo: 'a/b' }))).toMatchObject({
      status: 404,
    });
    const unknown = { by: 'me', reason: 'why', gate: 'D999' };
    expect(await keepsTo(baseline, 'post', await post(fill(baseline), unknown))).toMatchObject({ status: 404 });
    const foreign = { ...headers, origin: 'https://evil.example' };
    expect(await keepsTo('/api/audits', 'post', await post('/api/audits', { repo: REPO }, foreign))).toMatchObject({
      status: 403,
    });
  });
});

describe('the API', () => {
  test('pages through the history, newest first', async () => {
    const { get } = await stage();
    const first = await get(`/api/repos/${REPO}/audits?limit=2`);
    const page = (await first.json()) as { audits: { id: string }[]; next: string };
    expect(page.audits.map(({ id }) => id)).toEqual([audits()[2]?.id, audits()[1]?.id]);
    expect(first.headers.get('link')).toBe(`<${page.next}>; rel="next"`);
    const rest = (await (await get(page.next)).json()) as typeof page;
    expect([rest.audits.map(({ id }) => id), rest.next]).toEqual([[audits()[0]?.id], null]);
    for (const limit of ['0', '101', 'many', '1.5'])
      expect((await get(`/api/repos/${REPO}/audits?limit=${limit}`)).status).toBe(400);
  });

  test.each(['/api/targets', `/api/repos/${REPO}/latest`, `/${REPO}`, '/', `/badge/${REPO}/infra.svg`])(
    '%s carries an ETag, and what is known is not sent again',
    async (path) => {
      const { get } = await stage();
      const tag = (await get(path)).headers.get('etag') ?? '';
      expect(tag).toMatch(/^(W\/)?"\w+"$/);
      const again = await get(path, { authorization: `Bearer ${TOKEN}`, 'if-none-match': tag });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect((await get(path, { 'if-none-match': tag })).status).toBe(401);
    },
  );

  test('gives back what was stored, whole', async () => {
    const { get } = await stage();
    expect(await (await get(`/api/repos/${REPO}/latest`)).json()).toEqual(audits()[2]);
  });
});
