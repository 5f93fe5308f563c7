import type { Clock } from '../../../core/clock.ts';
import { DAY } from '../../../core/durations.ts';
import { isoInstant } from '../../../core/instants.ts';
import { comparable } from '../../lib/bash/shell.ts';
import { defineGate } from '../../lib/define.ts';
import { unparsable } from '../../lib/files/files.ts';
import { PROPOSALS as QUEUE, readManifest } from '../../lib/spine/proposals.ts';

const LIFECYCLE = 'ops/bindings/proposals.lifecycle.yaml';
const DAYS = 'sla.pending_max_age_days';
/** So many old proposals draw a warning only. */
const TOLERATED = 5;

/** Fields that every proposal has, under any of their names, and those that a status asks for. */
const REQUIRED = [['proposal', 'proposal_id', 'cp_id'], ['agent', 'author'], ['created']];
const BY_STATUS: ReadonlyMap<string, readonly string[]> = new Map([
  ['superseded', ['superseded_at', 'superseded_reason']],
  ['draft_hold', ['owner', 'review_date']],
]);

function isOlder(created: number, days: number, clock: Clock): boolean {
  return clock.hasReached(created + (days + 1) * DAY);
}

const OLD = 'proposal: 1\nagent: a\ncreated: 2026-01-01\n';

export default defineGate({
  name: 'proposal-queue-health-lock',
  mirrors: ['78a0e814a6594cb8b161acde051967354f1dc39a'],
  why: 'A proposal that nobody can identify cannot be decided, and a queue that only grows hides the one that matters.',
  fix: 'Complete the manifest, or decide the old proposals: apply them, supersede them, or put them on hold with an owner and a date.',
  limits: 'Manifests are read line by line; values are not examined. Up to five old proposals are tolerated.',
  needs: {},
  alsoReads: [LIFECYCLE, `${QUEUE}/CP-*/manifest.yaml`],

  rules: {
    'manifest-exists': 'The proposal {proposal} has no manifest.yaml.',
    'manifest-has-field': 'The proposal {proposal} has no `{field}`.',
    'status-has-field': 'The proposal {proposal} is {status} but has no `{field}`.',
    'applied-is-marked': 'The proposal {proposal} is recorded as applied, but has no .applied mark.',
    'queue-is-not-stale': '{count} proposals have been pending for over {days} days.',
  },

  *check(_needs, report, { repo, clock }) {
    if (repo.isFile(LIFECYCLE) && !repo.isYaml(LIFECYCLE)) return yield unparsable(repo, LIFECYCLE);
    if (!repo.isDirectory(QUEUE)) return yield { blind: `${QUEUE} is written on the machine and not part of the repo` };
    const limit = repo.yamlOrEmpty(LIFECYCLE).get(...DAYS.split('.'));
    let stale = 0;
    const proposals = repo
      .names(QUEUE)
      .filter((name) => name.startsWith('CP-') && repo.isDirectory(`${QUEUE}/${name}`));
    for (const proposal of proposals) {
      const path = `${QUEUE}/${proposal}/manifest.yaml`;
      const at = repo.at(path);
      if (!repo.isFile(path)) {
        yield report('manifest-exists', `proposal:${proposal}`, at, { proposal });
        continue;
      }
      const { has, isMarked, status, created: date } = readManifest(repo, proposal);
      for (const names of REQUIRED) {
        const [field = ''] = names;
        if (!names.some(has))
          yield report('manifest-has-field', `proposal:${proposal}#${field}`, at, { proposal, field });
      }
      for (const field of BY_STATUS.get(status) ?? [])
        if (!has(field))
          yield report('status-has-field', `proposal:${proposal}#${field}`, at, { proposal, status, field });
      if (status === 'applied' && !isMarked)
        yield report('applied-is-marked', `proposal:${proposal}`, at, { proposal });
      const created = isoInstant(date);
      if (status !== 'pending' || created === undefined) continue;
      const days = comparable(limit.or('7'), limit, DAYS);
      if (days !== undefined && isOlder(created, days, clock)) stale += 1;
    }
    if (stale > TOLERATED) yield report('queue-is-not-stale', 'queue', limit, { count: stale, days: limit.or('7') });
  },

  examples: {
    pass: [
      {
        title: 'a proposal of yesterday',
        files: { [`${QUEUE}/CP-1/manifest.yaml`]: 'proposal: 1\nagent: a\ncreated: 2026-02-16\n' },
      },
    ],
    fail: [
      { title: 'no manifest', files: { [`${QUEUE}/CP-1/x`]: '' }, finds: ['manifest-exists proposal:CP-1'] },
      {
        title: 'nobody proposed it',
        files: { [`${QUEUE}/CP-1/manifest.yaml`]: 'proposal: 1\ncreated: 2026-02-16\n' },
        finds: ['manifest-has-field proposal:CP-1#agent'],
      },
      {
        title: 'on hold without an end, applied without a mark',
        files: {
          [`${QUEUE}/CP-1/manifest.yaml`]: 'proposal: 1\nagent: a\ncreated: x\nstatus: draft_hold\nowner: a\n',
          [`${QUEUE}/CP-2/manifest.yaml`]: 'proposal: 2\nagent: a\ncreated: x\nstatus: applied\n',
        },
        finds: ['status-has-field proposal:CP-1#review_date', 'applied-is-marked proposal:CP-2'],
      },
      {
        title: 'six that are too old',
        files: Object.fromEntries(['1', '2', '3', '4', '5', '6'].map((id) => [`${QUEUE}/CP-${id}/manifest.yaml`, OLD])),
        finds: ['queue-is-not-stale queue'],
      },
    ],
    blind: [{ title: 'a fresh checkout', files: {} }],
  },
});
