import { Hono } from 'hono';
import { z } from 'zod';
import { Report } from '../../core/report.ts';
import { StoredAudit } from '../../core/store.ts';
import { Results } from '../../reported/results.ts';
import type { WebEnv } from '../env.ts';
import { requireToken } from '../middleware/auth.ts';
import {
  Acceptance,
  AuditRequest,
  Comparison,
  GateAnswer,
  History,
  HttpProblem,
  Progress,
  Queued,
  ResultsForgotten,
  ResultsTaken,
  Targets,
} from './schemas.ts';

/** `GET /openapi.json`: the API in OpenAPI 3.1, made from the schemas that the code itself uses. */
export const openapi = new Hono<WebEnv>().get('/openapi.json', requireToken, (context) => context.json(describeApi()));

type Json = Readonly<Record<string, unknown>>;

interface Operation {
  readonly summary: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  /** Status of success. */
  readonly status?: 200 | 202;
  readonly answer: z.ZodType | string;
  readonly problems: readonly number[];
}

const REPO = '/api/repos/{owner}/{repo}';
const AUDIT = `${REPO}/audits/{audit}`;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'get /api/targets': { summary: 'Every target with its latest audit', answer: Targets, problems: [] },
  'post /api/audits': {
    summary: 'Request an audit; the location tells how far it has come',
    body: AuditRequest,
    status: 202,
    answer: Queued,
    problems: [400, 403, 404],
  },
  [`get ${REPO}/progress`]: { summary: 'How far an audit has come', answer: Progress, problems: [404] },
  [`post ${REPO}/baseline`]: {
    summary: 'Accept the present findings as known; an audit follows',
    body: Acceptance,
    status: 202,
    answer: Queued,
    problems: [400, 403, 404],
  },
  [`post ${REPO}/results`]: {
    summary:
      'Report verdicts from where gates can run, and facts about machines; authenticated by a token of GitHub Actions or the results key',
    body: Results,
    status: 202,
    answer: ResultsTaken,
    problems: [400, 403, 409, 413, 415, 422],
  },
  [`delete ${REPO}/results`]: {
    summary: 'Forget all that was reported; an audit follows',
    status: 202,
    answer: ResultsForgotten,
    problems: [403, 404],
  },
  [`get ${REPO}/latest`]: { summary: 'The latest audit', answer: StoredAudit, problems: [404] },
  [`get ${REPO}/audits`]: {
    summary: 'Audits of the last 90 to 97 days, newest first',
    query: { limit: 'How many, 1 to 100; 30 without it', cursor: 'Where the next page starts' },
    answer: History,
    problems: [400, 404],
  },
  [`get ${AUDIT}`]: { summary: 'One audit', answer: StoredAudit, problems: [404] },
  [`get ${AUDIT}/report.json`]: { summary: 'Its report', answer: Report, problems: [404] },
  [`get ${AUDIT}/report.md`]: { summary: 'Its report as Markdown', answer: 'text/markdown', problems: [404] },
  [`get ${AUDIT}/report.sarif`]: {
    summary: 'Its report as SARIF 2.1.0',
    answer: 'application/sarif+json',
    problems: [404],
  },
  [`get ${AUDIT}/gates/{gate}`]: { summary: 'One gate of it', answer: GateAnswer, problems: [404] },
  [`get ${REPO}/compare`]: {
    summary: 'What changed between two audits',
    query: { from: 'The older audit', to: 'The newer one; the latest without it' },
    answer: Comparison,
    problems: [400, 404],
  },
};

const PARAMETERS: Readonly<Record<string, string>> = {
  owner: 'Owner of the target',
  repo: 'Name of the target',
  audit: 'Id of an audit, seven characters or more of a commit, or `latest`',
  gate: 'Number (D138) or name of a gate',
};

let described: Json | undefined;

/** The document; made once. */
export function describeApi(): Json {
  described ??= {
    openapi: '3.1.0',
    info: {
      title: 'Lanekeeper',
      version: '1',
      description: 'Audits of ops repos. Errors are problem details (RFC 9457); answers carry ETags.',
    },
    security: [{ bearer: [] }, { basic: [] }],
    paths: paths(),
    components: {
      schemas: schemas(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        basic: { type: 'http', scheme: 'basic', description: 'The token is the password; the user name is free.' },
      },
    },
  };
  return described;
}

/** What is sent may leave out what has a default; what is answered holds just what is described. */
function schemas(): Json {
  const uri = (id: string) => `#/components/schemas/${id}`;
  const answered = z.toJSONSchema(z.globalRegistry, { uri, io: 'output' }).schemas;
  const sent = z.toJSONSchema(z.globalRegistry, { uri, io: 'input' }).schemas;
  const bodies = Object.values(OPERATIONS).flatMap(({ body }) => (body ? [z.globalRegistry.get(body)?.id] : []));
  return Object.fromEntries(
    Object.entries(answered).map(([id, described]) => {
      const { $schema: _, $id: __, ...schema } = (bodies.includes(id) ? sent[id] : undefined) ?? described;
      return [id, schema];
    }),
  );
}

function paths(): Json {
  const byPath = Map.groupBy(Object.entries(OPERATIONS), ([route]) => route.split(' ')[1] ?? '');
  return Object.fromEntries(
    [...byPath].map(([path, operations]) => [
      path,
      Object.fromEntries(operations.map(([route, operation]) => [route.split(' ')[0], describe(path, operation)])),
    ]),
  );
}

function describe(path: string, { summary, query = {}, body, status = 200, answer, problems }: Operation): Json {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const parameters = [
    ...inPath.map((name) => parameter(name, 'path', PARAMETERS[name])),
    ...Object.entries(query).map(([name, description]) => parameter(name, 'query', description)),
  ];
  const content =
    typeof answer === 'string'
      ? { [answer]: { schema: { type: 'string' } } }
      : { 'application/json': reference(answer) };
  const failures = [...problems, 401, 503].map((code) => [
    code,
    { description: 'Why not', content: { 'application/problem+json': reference(HttpProblem) } },
  ]);
  return {
    summary,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body ? { requestBody: { required: true, content: { 'application/json': reference(body) } } } : {}),
    responses: { [status]: { description: summary, content }, ...Object.fromEntries(failures) },
  };
}

function parameter(name: string, place: 'path' | 'query', description: string | undefined): Json {
  return { name, in: place, required: place === 'path', schema: { type: 'string' }, description };
}

function reference(schema: z.ZodType): Json {
  return { schema: { $ref: `#/components/schemas/${z.globalRegistry.get(schema)?.id}` } };
}
