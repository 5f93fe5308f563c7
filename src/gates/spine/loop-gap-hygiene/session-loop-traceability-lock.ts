import type { Clock } from '../../../core/clock.ts';
import { HOUR } from '../../../core/durations.ts';
import { isoInstant } from '../../../core/instants.ts';
import type { Repo, TextLine } from '../../../core/repo.ts';
import { Abort } from '../../../core/signals.ts';
import { defineGate } from '../../lib/define.ts';
import { frontMatter } from '../../lib/files/front-matter.ts';
import { LEDGER, lastCloseout } from '../../lib/spine/session-closeouts.ts';

const SCOPES = 'mailroom/state/loop-scopes';
/** Over 48 whole hours. */
const MAX_AGE = 49 * HOUR;

interface Loop {
  readonly id: string;
  readonly owner: string;
  readonly severity: string;
  readonly created: string;
  readonly at: TextLine | undefined;
}

function* urgentLoops(repo: Repo, clock: Clock): Generator<Loop> {
  const paths = repo
    .names(SCOPES)
    .filter((name) => name.endsWith('.scope.md'))
    .map((name) => `${SCOPES}/${name}`);
  const files = paths.filter((path) => repo.isFile(path));
  repo.prefetch(files);
  for (const path of files) {
    if (repo.text(path).includes('\uFFFD')) throw new Abort(`${path} is not UTF-8.`, repo.at(path), path);
    const field = frontMatter(repo.text(path));
    const severity = field('severity').toLowerCase();
    const created = field('created', 'created_at');
    const instant = isoInstant(created);
    const isBlocked = !['', 'null', 'none', 'n/a'].includes(field('blocked_by').toLowerCase());
    const isOpen = ['active', 'draft', 'open'].includes(field('status')) && ['critical', 'high'].includes(severity);
    if (!isOpen || isBlocked || instant === undefined || !clock.hasReached(instant + MAX_AGE)) continue;
    const stem = path.slice(SCOPES.length + 1, -'.scope.md'.length);
    const at = repo.lines(path).find(({ text }) => text.trimStart().startsWith('created'));
    yield { id: field('loop_id') || stem, owner: field('owner') || 'nobody', severity, created, at };
  }
}

export default defineGate({
  name: 'session-loop-traceability-lock',
  mirrors: ['6d6f8be9067751ba4e943b1011b597681504cbf0'],
  why: 'Work that is never closed out is lost with the session that did it, and an urgent loop that sits open is an urgent thing nobody does.',
  fix: 'Run the session closeout. Close the loop, hand it on, or write down what blocks it.',
  limits: 'A loop whose `created` cannot be read, and one with a `blocked_by`, is not judged.',
  needs: {},
  alsoReads: [LEDGER, `${SCOPES}/*.scope.md`],

  rules: {
    'closeout-is-recorded': 'The ledger is there, but no session was ever closed out.',
    'closeout-time-is-readable': 'The time of the last closeout, `{time}`, cannot be read.',
    'closeout-is-recent': 'The last session was closed out at `{time}`, over two days ago.',
    'urgent-loop-is-young':
      'The loop {loop} of {owner} is {severity} and has been open since `{created}`, over two days.',
  },

  *check(_needs, report, { repo, clock }) {
    if (!repo.isFile(LEDGER) && !repo.isDirectory(SCOPES))
      return yield { blind: 'neither the ledger nor the loops are part of the repo' };
    if (repo.isFile(LEDGER)) {
      const time = lastCloseout(repo);
      const at = repo.at(LEDGER);
      if (time === '') return yield report('closeout-is-recorded', 'closeout', at);
      const instant = isoInstant(time);
      if (instant === undefined || instant === 0)
        return yield report('closeout-time-is-readable', 'closeout', at, { time });
      if (clock.hasReached(instant + MAX_AGE)) yield report('closeout-is-recent', 'closeout', at, { time });
    } else yield { unverified: 'when the last session was closed out: the ledger is not part of the repo' };
    for (const loop of urgentLoops(repo, clock)) {
      const { id: name, owner, severity, created, at } = loop;
      yield report('urgent-loop-is-young', `loop:${name}`, at, { loop: name, owner, severity, created });
    }
  },

  examples: {
    pass: [
      {
        title: 'an urgent loop of yesterday',
        files: { [`${SCOPES}/a.scope.md`]: '---\nstatus: active\nseverity: high\ncreated: 2026-02-16\n---\n' },
      },
    ],
    fail: [
      { title: 'a ledger without a closeout', files: { [LEDGER]: 'head\n' }, finds: ['closeout-is-recorded closeout'] },
      {
        title: 'a time that is not one',
        files: { [LEDGER]: 'head\na,b,c,soon,done,agent.session.closeout\n' },
        finds: ['closeout-time-is-readable closeout'],
      },
      {
        title: 'a closeout of last week',
        files: { [LEDGER]: 'head\na,b,c,2026-02-10,done,agent.session.closeout\n' },
        finds: ['closeout-is-recent closeout'],
      },
      {
        title: 'an urgent loop of last week',
        files: { [`${SCOPES}/a.scope.md`]: '---\nstatus: open\nseverity: Critical\ncreated: 2026-02-10\n---\n' },
        finds: ['urgent-loop-is-young loop:a'],
      },
    ],
  },
});
