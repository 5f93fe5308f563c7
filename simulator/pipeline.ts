/** The way of every request: fault, effect, check, delivery. */
import { findRepository } from './access.ts';
import type { Caller } from './auth.ts';
import type { Answer, World } from './call.ts';
import { deliver, isUnchanged, payloadOf } from './delivery.ts';
import { bentAnswer, gatewayPage, refusalOf } from './fault-effects.ts';
import type { Fault, FaultRequest } from './faults.ts';
import { responseProblems } from './openapi.ts';
import { type Arrival, apiVersion, type Outcome, perform } from './perform.ts';
import { categoryOf, type RequestRecord } from './request-log.ts';

function checkResponse(world: World, arrival: Arrival, answer: Answer): void {
  const { operation } = arrival;
  if (operation === undefined || operation === 'graphql' || answer.raw !== undefined) return;
  for (const problem of responseProblems(operation, answer.status, answer.body)) {
    const { status } = answer;
    world.violations.push({ where: 'response', operation: operation.id, problem: `${status}: ${problem}` });
  }
}

function commonHeaders(
  world: World,
  arrival: Arrival,
  record: RequestRecord,
  caller: Caller | undefined,
): Record<string, string> {
  const resource = arrival.operation === 'graphql' ? 'graphql' : 'core';
  const scope = caller === undefined || caller.kind === 'anonymous' ? 'public' : 'private';
  return {
    date: world.clock.now().toUTCString(),
    server: 'github.com',
    'cache-control': `${scope}, max-age=60, s-maxage=60`,
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
  { answer, caller }: Outcome,
  fault: Fault | undefined,
): Promise<void> {
  const { headers, method, outgoing } = arrival;
  const payload = payloadOf(answer, caller?.token ?? '');
  if (method === 'GET' && isUnchanged(headers.get('if-none-match'), payload.headers.etag)) {
    payload.status = 304;
    payload.content = Buffer.alloc(0);
    delete payload.headers['content-type'];
    // Free of charge only for a caller who proved who it is.
    if (caller !== undefined && caller.kind !== 'anonymous') world.limits.refund(caller, 'core');
  }
  payload.headers = { ...commonHeaders(world, arrival, record, caller), ...payload.headers };
  record.status = payload.status;
  record.bytes = await deliver(outgoing, payload, headers.get('accept-encoding') ?? '', fault);
}

function callerOrNobody(world: World, arrival: Arrival): Caller | undefined {
  try {
    return world.authority.identify(arrival.headers.get('authorization') ?? undefined);
  } catch {
    return undefined;
  }
}

async function answer(world: World, arrival: Arrival, record: RequestRecord): Promise<void> {
  const request: FaultRequest = { ...record, body: record.requestBody };
  const fault = world.faults.strike(request);
  const kind = fault?.kind;
  record.fault = kind ?? null;
  if (fault !== undefined && kind === 'hang') await world.faults.hang(fault, arrival.outgoing);
  if (kind === 'hang' || kind === 'reset') {
    arrival.outgoing.destroy();
    return;
  }
  const refusal = fault === undefined || kind === 'error-502-after-effect' ? undefined : refusalOf(fault);
  if (refusal !== undefined) {
    await send(world, arrival, record, { answer: refusal, caller: callerOrNobody(world, arrival) }, fault);
    return;
  }
  const outcome = await perform(world, arrival, record, fault);
  checkResponse(world, arrival, outcome.answer);
  if (fault !== undefined && kind === 'bent-answer') outcome.answer = bentAnswer(outcome.answer, fault);
  if (kind === 'error-502-after-effect') outcome.answer = gatewayPage(kind);
  if (kind === 'kill-after-call') await fault?.onCall?.(request);
  if (fault !== undefined && kind === 'hang-after-effect') await world.faults.hang(fault, arrival.outgoing);
  if (kind === 'kill-after-call' || kind === 'hang-after-effect') arrival.outgoing.destroy();
  else await send(world, arrival, record, outcome, fault);
}

function readable(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

function newRecord(world: World, { operation, method, url, params, bodyText }: Arrival): RequestRecord {
  const id = operation === undefined || operation === 'graphql' ? (operation ?? 'unknown') : operation.id;
  const repository = findRepository(world, params.owner ?? '', params.repo ?? '');
  return {
    number: world.requests.length + 1,
    at: world.clock.now().getTime(),
    method,
    path: `${url.pathname}${url.search}`,
    operation: id,
    category: categoryOf(id, repository),
    repository: params.owner === undefined ? null : `${params.owner}/${params.repo}`,
    requestBody: readable(bodyText),
    status: 0,
    bytes: 0,
    fault: null,
  };
}

/** Takes one request from arrival to the last byte of its answer. */
export async function handle(world: World, arrival: Arrival): Promise<void> {
  const record = newRecord(world, arrival);
  world.requests.push(record);
  world.inFlight += 1;
  world.maxInFlight = Math.max(world.maxInFlight, world.inFlight);
  try {
    await answer(world, arrival, record);
  } finally {
    world.inFlight -= 1;
  }
}
