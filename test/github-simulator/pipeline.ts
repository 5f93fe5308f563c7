/** The way of every request: fault, caller, limits, handler, check, delivery. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize, repositoryInPath } from './access.ts';
import { accountHandlers } from './accounts.ts';
import type { Caller } from './auth.ts';
import type { Answer, Call, Handler, World } from './call.ts';
import { commentHandlers } from './comments.ts';
import { commitHandlers } from './commits.ts';
import { deliver, isUnchanged, payloadOf } from './delivery.ts';
import { GitHubError, secondaryLimit } from './errors.ts';
import { distortionOf, gatewayPage, refusalOf } from './fault-effects.ts';
import type { Fault, FaultRequest } from './faults.ts';
import { gitObjectHandlers } from './git-objects.ts';
import { answerGraphql } from './graphql.ts';
import { issueHandlers } from './issues.ts';
import { labelHandlers } from './labels.ts';
import { type Operation, requestProblems, responseProblems } from './openapi.ts';
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

interface Outcome {
  answer: Answer;
  caller: Caller | undefined;
  repository: SimulatedRepository | undefined;
}

const handlers: Record<string, Handler> = {
  ...accountHandlers,
  ...commentHandlers,
  ...commitHandlers,
  ...gitObjectHandlers,
  ...issueHandlers,
  ...labelHandlers,
  ...statusHandlers,
};
const creatingContent = new Set(['issues/create', 'issues/create-comment']);
const apiVersion = '2022-11-28';

function parseBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new GitHubError(400, 'Problems parsing JSON');
  }
}

function errorAnswer(error: unknown): Answer {
  if (!(error instanceof GitHubError)) throw error;
  return { status: error.status, body: error.body(), headers: error.headers };
}

/** Refuses what GitHub could not understand, and records it: the client under test sent it. */
function checkRequest(world: World, operation: Operation, arrival: Arrival, body: unknown): void {
  const { owner, repo, repository_id: id, ...rest } = arrival.params;
  const path = id === undefined ? arrival.params : { owner: 'any', repo: 'any', ...rest };
  const query = Object.fromEntries(arrival.url.searchParams);
  const problems = requestProblems(operation, { path, query, body });
  for (const problem of problems) world.violations.push({ where: 'request', operation: operation.id, problem });
  if (problems.length > 0) throw new GitHubError(422, `Invalid request.\n\n${problems.join('\n')}`);
}

function checkHeaders(world: World, headers: Headers): void {
  if ((headers.get('user-agent') ?? '') === '') {
    throw new GitHubError(403, 'Request forbidden by administrative rules: it has no User-Agent header.');
  }
  const version = headers.get('x-github-api-version');
  if (version !== null && version !== apiVersion) {
    throw new GitHubError(400, `${version} is not a supported version of the REST API.`);
  }
  if (world.inFlight > world.limits.settings.concurrent) throw secondaryLimit(60);
}

async function perform(
  world: World,
  arrival: Arrival,
  record: RequestRecord,
  fault: Fault | undefined,
): Promise<Outcome> {
  let caller: Caller | undefined;
  let repository: SimulatedRepository | undefined;
  const { operation, method, url, params, headers } = arrival;
  try {
    checkHeaders(world, headers);
    caller = world.authority.identify(headers.get('authorization') ?? undefined);
    const body = parseBody(arrival.bodyText);
    if (operation === undefined) {
      world.violations.push({
        where: 'request',
        operation: 'unknown',
        problem: `${method} ${url.pathname} is not modelled`,
      });
      throw new GitHubError(404, 'Not Found');
    }
    const id = operation === 'graphql' ? operation : operation.id;
    const call = {
      world,
      operation: id,
      method,
      url,
      params,
      headers,
      caller,
      query: Object.fromEntries(url.searchParams),
      body: isRecord(body) ? body : {},
      distortion: distortionOf(fault),
    };
    if (operation === 'graphql') {
      const answer = await answerGraphql({ ...call, repository: undefined });
      repository = answer.touched;
      record.category = categoryOf(id, answer.touched, answer.isMutation);
      return { answer, caller, repository };
    }
    const points = id === 'rate-limit/get' ? 0 : method === 'GET' ? 1 : 5;
    const charge = { cost: Math.min(1, points), points, createsContent: creatingContent.has(id) };
    const refused = world.limits.charge(caller, { resource: 'core', ...charge });
    if (refused !== null) throw refused;
    checkRequest(world, operation, arrival, body);
    repository = repositoryInPath(world, caller, params, method, url);
    record.category = categoryOf(id, repository);
    const complete: Call = { ...call, repository };
    authorize(complete);
    const handler = handlers[id];
    if (handler === undefined) throw new Error(`${id} has no handler`);
    return { answer: await handler(complete), caller, repository };
  } catch (error) {
    return { answer: errorAnswer(error), caller, repository };
  }
}

function checkResponse(world: World, arrival: Arrival, answer: Answer): void {
  const { operation } = arrival;
  if (operation === undefined || operation === 'graphql' || answer.raw !== undefined) return;
  for (const problem of responseProblems(operation, answer.status, answer.body)) {
    world.violations.push({ where: 'response', operation: operation.id, problem: `${answer.status}: ${problem}` });
  }
}

function commonHeaders(
  world: World,
  arrival: Arrival,
  record: RequestRecord,
  caller: Caller | undefined,
): Record<string, string> {
  const resource = arrival.operation === 'graphql' ? 'graphql' : 'core';
  return {
    date: world.clock.now().toUTCString(),
    server: 'github.com',
    'cache-control': caller?.token ? 'private, max-age=60, s-maxage=60' : 'public, max-age=60, s-maxage=60',
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP,Accept-Encoding, Accept, X-Requested-With',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': apiVersion,
    'x-github-request-id': `SIM0:${String(record.number).padStart(6, '0')}`,
    ...(caller === undefined ? {} : world.limits.headers(caller, resource)),
  };
}

async function send(
  world: World,
  arrival: Arrival,
  record: RequestRecord,
  outcome: Outcome,
  fault: Fault | undefined,
): Promise<void> {
  const { answer, caller } = outcome;
  const payload = payloadOf(answer, caller?.token ?? '');
  if (arrival.method === 'GET' && isUnchanged(arrival.headers.get('if-none-match'), payload.headers.etag)) {
    payload.status = 304;
    payload.content = Buffer.alloc(0);
    // Free of charge only for a caller who proved who it is.
    if (caller !== undefined && caller.kind !== 'anonymous') world.limits.refund(caller, 'core');
  }
  payload.headers = { ...commonHeaders(world, arrival, record, caller), ...payload.headers };
  record.status = payload.status;
  record.bytes = await deliver(arrival.outgoing, payload, arrival.headers.get('accept-encoding') ?? '', fault);
}

async function answer(world: World, arrival: Arrival, record: RequestRecord): Promise<void> {
  const request: FaultRequest = { ...record, body: record.requestBody };
  const fault = world.faults.strike(request);
  record.fault = fault?.kind ?? null;
  if (fault?.kind === 'hang') await world.faults.hang(fault);
  if (fault?.kind === 'hang' || fault?.kind === 'reset') {
    arrival.outgoing.destroy();
    return;
  }
  const refusal = fault === undefined || fault.kind === 'error-502-after-effect' ? undefined : refusalOf(fault);
  if (refusal !== undefined) {
    const caller = world.authority.identify(undefined);
    await send(world, arrival, record, { answer: refusal, caller, repository: undefined }, fault);
    return;
  }
  const outcome = await perform(world, arrival, record, fault);
  record.repository = outcome.repository === undefined ? null : fullName(outcome.repository);
  checkResponse(world, arrival, outcome.answer);
  if (fault?.kind === 'error-502-after-effect') outcome.answer = gatewayPage(fault.kind);
  if (fault?.kind === 'kill-after-call') await fault.onCall?.(request);
  if (fault?.kind === 'hang-after-effect') await world.faults.hang(fault);
  if (fault?.kind === 'kill-after-call' || fault?.kind === 'hang-after-effect') arrival.outgoing.destroy();
  else await send(world, arrival, record, outcome, fault);
}

function safeBody(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** Takes one request from arrival to the last byte of its answer. */
export async function handle(world: World, arrival: Arrival): Promise<void> {
  const { operation, method, url } = arrival;
  const id = operation === undefined || operation === 'graphql' ? (operation ?? 'unknown') : operation.id;
  const record: RequestRecord = {
    number: world.requests.length + 1,
    method,
    path: `${url.pathname}${url.search}`,
    operation: id,
    category: categoryOf(id, undefined),
    repository: null,
    requestBody: safeBody(arrival.bodyText),
    status: 0,
    bytes: 0,
    fault: null,
  };
  world.requests.push(record);
  world.inFlight += 1;
  world.maxInFlight = Math.max(world.maxInFlight, world.inFlight);
  try {
    await answer(world, arrival, record);
  } finally {
    world.inFlight -= 1;
  }
}
