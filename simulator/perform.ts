/** What happens inside GitHub: who calls, may they, and then the operation itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize, repositoryInPath } from './access.ts';
import { accountHandlers } from './accounts.ts';
import type { Caller } from './auth.ts';
import type { Answer, Call, Handler, World } from './call.ts';
import { commentHandlers } from './comments.ts';
import { commitHandlers } from './commits.ts';
import { GitHubError, secondaryLimit } from './errors.ts';
import { distortionOf } from './fault-effects.ts';
import type { Fault } from './faults.ts';
import { gitObjectHandlers } from './git-objects.ts';
import { answerGraphql } from './graphql.ts';
import { issueHandlers } from './issues.ts';
import { labelHandlers } from './labels.ts';
import { type Operation, requestProblems } from './openapi.ts';
import { isRecord } from './openapi-schemas.ts';
import { fullName, type SimulatedRepository } from './repositories.ts';
import { categoryOf, type RequestRecord } from './request-log.ts';
import { statusHandlers } from './statuses.ts';

export interface Arrival {
  /** `graphql`, or undefined for a path outside the description. */
  operation: Operation | 'graphql' | undefined;
  method: string;
  url: URL;
  params: Record<string, string>;
  headers: Headers;
  bodyText: string;
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

export interface Outcome {
  answer: Answer;
  caller: Caller | undefined;
}

/** By operation id. */
export const handlers: Record<string, Handler> = {
  ...accountHandlers,
  ...commentHandlers,
  ...commitHandlers,
  ...gitObjectHandlers,
  ...issueHandlers,
  ...labelHandlers,
  ...statusHandlers,
};
const creatingContent = new Set(['issues/create', 'issues/create-comment']);

/** The only version of the REST API that the vendored description covers. */
export const apiVersion = '2022-11-28';

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new GitHubError(400, 'Problems parsing JSON');
  }
}

function checkHeaders(world: World, headers: Headers): void {
  if ((headers.get('user-agent') ?? '') === '') {
    throw new GitHubError(403, 'Request forbidden by administrative rules: no User-Agent header.');
  }
  const version = headers.get('x-github-api-version');
  if (version !== null && version !== apiVersion) {
    throw new GitHubError(400, `${version} is not a supported version of the REST API.`);
  }
  if (world.inFlight > world.limits.settings.concurrent) throw secondaryLimit(60);
}

/** Refuses what GitHub could not understand, and records it: the client under test sent it. */
function checkRequest(world: World, operation: Operation, arrival: Arrival, body: unknown): void {
  const { owner, repo, repository_id: id, ...rest } = arrival.params;
  const path = id === undefined ? arrival.params : { owner: 'any', repo: 'any', ...rest };
  const query = Object.fromEntries(arrival.url.searchParams);
  const problems = requestProblems(operation, { path, query, body });
  for (const problem of problems) {
    world.violations.push({ where: 'request', operation: operation.id, problem });
  }
  if (problems.length > 0) throw new GitHubError(422, `Invalid request.\n\n${problems.join('\n')}`);
}

function note(record: RequestRecord, repository: SimulatedRepository | undefined): void {
  record.category = categoryOf(record.operation, repository);
  if (repository !== undefined) record.repository = fullName(repository);
}

async function performRest(arrival: Arrival, operation: Operation, call: Call, record: RequestRecord): Promise<Answer> {
  const { world, caller, method } = call;
  const { id } = operation;
  const points = id === 'rate-limit/get' ? 0 : method === 'GET' ? 1 : 5;
  const createsContent = creatingContent.has(id);
  const refused = world.limits.charge(caller, {
    resource: 'core',
    cost: Math.min(1, points),
    points,
    createsContent,
  });
  if (refused !== null) throw refused;
  checkRequest(world, operation, arrival, parseBody(arrival.bodyText));
  const repository = repositoryInPath(world, caller, call.params, method, call.url);
  note(record, repository);
  const complete: Call = { ...call, repository };
  authorize(complete);
  const handler = handlers[id];
  if (handler === undefined) throw new Error(`${id} has no handler`);
  return handler(complete);
}

async function performAs(
  caller: Caller,
  world: World,
  arrival: Arrival,
  record: RequestRecord,
  fault: Fault | undefined,
): Promise<Answer> {
  const { operation, method, url, params, headers } = arrival;
  const body = parseBody(arrival.bodyText);
  const call: Call = {
    world,
    operation: record.operation,
    method,
    url,
    params,
    headers,
    caller,
    repository: undefined,
    query: Object.fromEntries(url.searchParams),
    body: isRecord(body) ? body : {},
    distortion: distortionOf(fault),
  };
  if (operation === undefined) {
    const problem = `${method} ${url.pathname} is not modelled`;
    world.violations.push({ where: 'request', operation: 'unknown', problem });
    throw new GitHubError(404, 'Not Found');
  }
  if (operation !== 'graphql') return performRest(arrival, operation, call, record);
  const answer = await answerGraphql(call);
  if (answer.touched != null) note(record, answer.touched);
  if (answer.touched === null) record.category = 'account';
  if (answer.isMutation) record.category = 'inbox';
  return answer;
}

/** Answers a request as GitHub would on a good day; its refusals are answers too. */
export async function perform(
  world: World,
  arrival: Arrival,
  record: RequestRecord,
  fault: Fault | undefined,
): Promise<Outcome> {
  let caller: Caller | undefined;
  try {
    checkHeaders(world, arrival.headers);
    caller = world.authority.identify(arrival.headers.get('authorization') ?? undefined);
    return { answer: await performAs(caller, world, arrival, record, fault), caller };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const answer = { status: error.status, body: error.body(), headers: error.headers };
    return { answer, caller };
  }
}
