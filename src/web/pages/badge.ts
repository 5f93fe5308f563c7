import { Hono } from 'hono';
import { own } from '../../core/own.ts';
import { isStale } from '../../core/staleness.ts';
import type { LaneTotals, TargetSummary } from '../../core/store.ts';
import { type Badge, type BadgeTone, badgeAsSvg } from '../../formats/badge.ts';
import type { WebEnv } from '../env.ts';
import { admit } from '../middleware/auth.ts';
import { httpProblem } from '../views/http-problem.tsx';

/** `GET /badge/:owner/:repo/:lane.svg`: a lane's totals; `all.svg` speaks for all lanes. Grey when they are out of date. */
export const badges = new Hono<WebEnv>().get('/badge/:owner/:repo/:file{.+\\.svg}', admit('badge'), async (context) => {
  const { ports, target } = context.var;
  const lane = context.req.param('file').replace(/\.svg$/, '');
  const summary = (await ports.store.targets()).find(({ repo }) => repo === target.repo);
  const badge = badgeOf(lane, summary, ports.now());
  if (!badge) return httpProblem(context, 404, 'No such lane');
  context.header('cache-control', `${target.public === 'none' ? 'private' : 'public'}, max-age=300`);
  context.header('cross-origin-resource-policy', 'cross-origin');
  return context.body(badgeAsSvg(badge), 200, { 'content-type': 'image/svg+xml; charset=utf-8' });
});

function badgeOf(lane: string, summary: TargetSummary | undefined, now: number): Badge | null {
  const label = lane === 'all' ? 'gates' : lane;
  if (!summary) return { label, message: 'no audit yet', tone: 'stale' };
  const { lastCompleteAt, outcome, errors, lanes } = summary;
  const totals = lane === 'all' ? sum(Object.values(lanes)) : own(lanes, lane);
  if (!totals && outcome !== 'error') return null;
  if (isStale(lastCompleteAt, now)) return { label, message: 'out of date', tone: 'stale' };
  if (!totals || outcome === 'error') return { label, message: 'could not audit', tone: 'bad' };
  return { label, message: messageOf(totals, errors), tone: toneOf(totals, errors) };
}

function messageOf([pass, total, newlyFailing]: LaneTotals, errors: number): string {
  const parts = [`${pass}/${total}`];
  if (newlyFailing > 0) parts.push(`${newlyFailing} new`);
  if (errors > 0) parts.push('audit errors');
  return parts.join(' · ');
}

function toneOf([pass, total, newlyFailing, fail, blind]: LaneTotals, errors: number): BadgeTone {
  if (newlyFailing > 0 || errors > 0) return 'bad';
  if (fail > 0) return 'known';
  return pass < total || blind > 0 ? 'blind' : 'good';
}

/** Lanes share gates, so these are places in lanes, not gates. */
function sum(lanes: readonly LaneTotals[]): LaneTotals {
  let [pass, total, newlyFailing, fail, blind] = [0, 0, 0, 0, 0];
  for (const lane of lanes) {
    pass += lane[0];
    total += lane[1];
    newlyFailing += lane[2];
    fail += lane[3];
    blind += lane[4];
  }
  return [pass, total, newlyFailing, fail, blind];
}
