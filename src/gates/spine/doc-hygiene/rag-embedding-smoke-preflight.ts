import { HOUR } from '../../../core/durations.ts';
import { isoInstant } from '../../../core/instants.ts';
import { comparable } from '../../lib/bash/shell.ts';
import { defineGate } from '../../lib/define.ts';
import { readJson } from '../../lib/files/json.ts';

const EVIDENCE = 'mailroom/state/rag-sync/smoke-evidence.json';
/** A trial counts for a day; the script cuts to whole hours. */
const MAX_AGE = 25 * HOUR;

export default defineGate({
  name: 'rag-embedding-smoke-preflight',
  mirrors: ['a4a328bbfdabbe32a6c36cc72ada65da57b00d0e'],
  why: 'A full re-index replaces the knowledge that agents work from. Without a small trial that worked lately, it replaces it with nothing.',
  fix: 'Run the smoke trial again and look at what failed before the next full re-index.',
  limits: 'What was tried, with which model and where is not looked at. A trial without a time is not too old.',
  needs: {},
  alsoReads: [EVIDENCE],

  rules: {
    'trial-has-no-error': 'The last trial ended with an error: `{error}`.',
    'trial-failed-nowhere': '{failed} documents failed in the last trial.',
    'trial-uploaded-something': 'The last trial uploaded nothing.',
    'trial-is-recent': 'The last trial is from `{timestamp}`, over a day ago.',
  },

  *check(_needs, report, { repo, clock }) {
    if (!repo.isFile(EVIDENCE))
      return yield { blind: `${EVIDENCE} is written on the machine and not part of the repo` };
    const at = repo.at(EVIDENCE);
    const text = textsOf(readJson(repo.text(EVIDENCE)));
    const error = text('error', '');
    if (error !== '') return yield report('trial-has-no-error', 'error', at, { error });
    const failed = comparable(text('failed', '0'), at, 'failed');
    if (failed !== undefined && failed > 0) return yield report('trial-failed-nowhere', 'failed', at, { failed });
    const uploaded = comparable(text('uploaded', '0'), at, 'uploaded');
    if (uploaded !== undefined && uploaded < 1) return yield report('trial-uploaded-something', 'uploaded', at);
    const timestamp = text('timestamp', '');
    const time = isoInstant(timestamp.replaceAll('Z', '+00:00')) ?? 0;
    if (timestamp !== '' && clock.hasReached(time + MAX_AGE))
      yield report('trial-is-recent', 'timestamp', at, { timestamp });
  },

  examples: {
    pass: [
      {
        title: 'a trial of this morning',
        files: { [EVIDENCE]: '{"uploaded": 3, "failed": 0, "timestamp": "2026-02-17T08:00:00Z"}' },
      },
    ],
    fail: [
      {
        title: 'an error',
        files: { [EVIDENCE]: '{"uploaded": 3, "error": "timeout"}' },
        finds: ['trial-has-no-error error'],
      },
      {
        title: 'a document failed',
        files: { [EVIDENCE]: '{"uploaded": 3, "failed": 1}' },
        finds: ['trial-failed-nowhere failed'],
      },
      {
        title: 'nothing uploaded, or not JSON',
        files: { [EVIDENCE]: '{' },
        finds: ['trial-uploaded-something uploaded'],
      },
      {
        title: 'two days ago',
        files: { [EVIDENCE]: '{"uploaded": 3, "timestamp": "2026-02-15T08:00:00Z"}' },
        finds: ['trial-is-recent timestamp'],
      },
    ],
    blind: [{ title: 'a fresh checkout', files: {} }],
  },
});

/** The fields of the file as the script prints them; false and null count as absent. */
function textsOf(evidence: unknown): (key: string, otherwise: string) => string {
  const fields = typeof evidence === 'object' && evidence !== null ? new Map(Object.entries(evidence)) : new Map();
  return (key, otherwise) => {
    const value: unknown = fields.get(key);
    if (value === undefined || value === null || value === false) return otherwise;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
}
