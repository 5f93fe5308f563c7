import { z } from 'zod';
import type { Target } from '../../../src/config/targets.ts';
import { MINUTE, SECOND } from '../../../src/core/durations.ts';
import { plural } from '../../../src/core/text/plural.ts';
import { resultsKey, signResults } from '../../../src/reported/hmac.ts';
import { ask } from './api.ts';
import { type Line, type Lines, ok, warning, wrong } from './lines.ts';

/** A signature over five minutes old is refused (src/reported/hmac.ts). */
const REFUSED_BEYOND = 5 * MINUTE;
const NOTICED_BEYOND = MINUTE;

export interface ReportingOptions {
  /** Where the Worker answers, without a slash at its end. */
  readonly url: string;
  readonly resultsSecret: string | undefined;
  readonly now: () => number;
}

/** What the last audit says of a gate, as far as reports matter to it. */
export const GateInReport = z.object({
  number: z.string(),
  name: z.string(),
  verdict: z.string(),
  reason: z.string().optional(),
  ours: z.boolean().optional(),
  runs: z.string().optional(),
  facts: z.array(z.string()).optional(),
  findings: z.array(z.object({ message: z.string() })).default([]),
});
type GateInReport = z.infer<typeof GateInReport>;

/** Whether results and facts of one target can arrive, and whether they do. `gates` are those of the last audit, where one is known. */
export async function* checkReporting(
  options: ReportingOptions,
  target: Pick<Target, 'repo' | 'resultsKey'>,
  gates: readonly GateInReport[],
): Lines {
  const { repo } = target;
  const answer = await probe(options, target);
  const ahead = options.now() - Date.parse(answer.headers.get('date') ?? '');
  yield* clockLines(ahead);
  const waiting = gates.filter(({ runs, verdict }) => runs !== undefined && verdict === 'blind');
  const deadMansSwitch = gates.find(({ ours, name }) => ours === true && name === 'reports-keep-arriving');
  const isSilent = deadMansSwitch?.verdict === 'fail';
  const isExpected = options.resultsSecret !== undefined || waiting.length > 0 || isSilent;
  // With a clock that is off, a right key is refused as well.
  if (answer.status !== 401 || !(Math.abs(ahead) > REFUSED_BEYOND))
    yield* keyLines(answer.status, repo, options, isExpected);
  if (isSilent) yield wrong(repo, 'reports-silent', deadMansSwitch.findings[0]?.message);
  else if (deadMansSwitch?.verdict === 'skip' && waiting.length > 0)
    yield warning(repo, 'nothing-reported', plural(waiting.length, 'gate'));
  for (const { number, verdict, facts = [], reason } of gates) {
    if (facts.length > 0 && verdict === 'blind') yield warning(repo, 'facts-unusable', `${number}: ${reason}`);
  }
}

/** Posts what the Worker has to refuse: for its signature, or, when that is right, for saying nothing. Nothing is stored. */
async function probe(
  { url, resultsSecret, now }: ReportingOptions,
  { repo, resultsKey: generation }: Pick<Target, 'repo' | 'resultsKey'>,
): Promise<Response> {
  const body = '{}';
  const key = await resultsKey(resultsSecret ?? 'not the secret of any Worker', repo, generation);
  const headers = { 'content-type': 'application/json', 'x-lanekeeper-signature': await signResults(key, body, now()) };
  return ask(`${url}/api/repos/${repo}/results`, { method: 'POST', headers, body });
}

/** `ahead` is in ms, and no number where the Worker does not say what time it is. */
function* clockLines(ahead: number): Iterable<Line> {
  if (!(Math.abs(ahead) > NOTICED_BEYOND)) return;
  const seconds = Math.round(Math.abs(ahead) / SECOND);
  const detail = `it is ${plural(seconds, 'second')} ${ahead > 0 ? 'ahead' : 'behind'}`;
  yield (Math.abs(ahead) > REFUSED_BEYOND ? wrong : warning)('clock', 'clock-differs', detail);
}

function* keyLines(
  status: number,
  repo: string,
  { resultsSecret }: ReportingOptions,
  isExpected: boolean,
): Iterable<Line> {
  if (status === 503) {
    if (isExpected) yield warning(repo, 'results-secret-unset');
  } else if (status === 422) yield ok(repo, 'what is signed with its results key is taken');
  else if (status !== 401) yield wrong(repo, 'worker-broken', `/api/repos/${repo}/results says ${status}`);
  else if (resultsSecret !== undefined) yield wrong(repo, 'results-secret-refused');
}
