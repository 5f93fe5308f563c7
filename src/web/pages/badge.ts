import { Hono } from 'hono';
import { isStale } from '../../core/staleness.ts';
import type { TargetSummary } from '../../core/store.ts';
import { type Badge, badgeAsSvg } from '../../formats/badge.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { problem } from '../views/problem.tsx';

/** `GET /badge/:owner/:repo/:lane.svg`: a lane's totals; `all.svg` speaks for all lanes. Grey when they are out of date. */
export const badges = new Hono<WebEnv>().get('/badge/:owner/:repo/:file{.+\\.svg}', admit('badge'), async (context) => {
  const { ports, target } = context.var;
  const lane = context.req.param('file').replace(/\.svg$/, '');
  const summary = (await ports.store.targets()).find(({ repo }) => repo === target.repo);
  const badge = badgeOf(lane, summary, ports.now());
  if (!badge) return problem(context, 404, 'No such lane');
  context.header('cache-control', `${target.public === 'none' ? 'private' : 'public'}, max-age=300`);
  context.header('cross-origin-resource-policy', 'cross-origin');
  return context.body(badgeAsSvg(badge), 200, { 'content-type': 'image/svg+xml; charset=utf-8' });
});

function badgeOf(lane: string, summary: TargetSummary | undefined, now: number): Badge | null {
  const label = lane === 'all' ? 'gates' : lane;
  if (!summary) return { label, message: 'no audit yet', tone: 'stale' };
  const { lastCompleteAt, outcome, errors, lanes } = summary;
  const totals = Object.values(lanes);
  const known = lane === 'all' ? sum(totals) : lanes[lane];
  if (!known && outcome !== 'error') return null;
  if (isStale(lastCompleteAt, now)) return { label, message: 'stale', tone: 'stale' };
  if (!known || outcome === 'error') return { label, message: 'could not audit', tone: 'bad' };
  const [pass, total, fresh, fail, blind] = known;
  const message = `${pass}/${total}${fresh > 0 ? ` · ${fresh} new` : ''}${errors > 0 ? ' · auditor in trouble' : ''}`;
  const tone = fresh > 0 || errors > 0 ? 'bad' : fail > 0 ? 'known' : pass < total || blind > 0 ? 'blind' : 'good';
  return { label, message, tone };
}

/** Lanes share gates, so these are places in lanes, not gates. */
function sum(lanes: readonly TargetSummary['lanes'][string][]): TargetSummary['lanes'][string] {
  return lanes.reduce((all, lane) => [
    all[0] + lane[0],
    all[1] + lane[1],
    all[2] + lane[2],
    all[3] + lane[3],
    all[4] + lane[4],
  ]);
}
