import gate from '../../src/gates/spine/loop-gap-hygiene/proposal-queue-health-lock.ts';
import { nearMisses } from './near-misses.ts';

const QUEUE = 'mailroom/outbox/proposals';
const LIFECYCLE = 'ops/bindings/proposals.lifecycle.yaml';
const NOW = '2026-02-17T12:00:00Z';
const STALE = ['queue-is-not-stale queue'];

function proposal(fields: string, id = '1') {
  return { [`${QUEUE}/CP-${id}/manifest.yaml`]: `cp_id: ${id}\nauthor: a\n${fields}` };
}

/** So many proposals of one day. */
function many(count: number, created: string, more = '') {
  const ids = Array.from({ length: count }, (_, index) => String(index + 1));
  return Object.assign({}, ...ids.map((id) => proposal(`created: ${created}\n${more}`, id)));
}

export default nearMisses(gate, {
  pass: [
    { title: 'five old ones', now: NOW, files: many(5, '2026-01-01') },
    { title: 'seven days and a bit', now: NOW, files: many(6, '2026-02-09T12:00:01Z') },
    { title: 'dates that cannot be read', now: NOW, files: many(6, 'yesterday') },
    { title: 'old ones that only read', now: NOW, files: many(6, '2026-01-01', 'mode: read-only\n') },
    {
      title: 'a status with a comment is another status',
      now: NOW,
      files: many(6, '2026-01-01', 'status: pending # x\n'),
    },
    { title: 'empty values', files: { [`${QUEUE}/CP-1/manifest.yaml`]: 'proposal:\nagent:\ncreated:\n' } },
    {
      title: 'files and other names in the queue',
      files: { ...proposal('created: x\n'), [`${QUEUE}/CP-2`]: '', [`${QUEUE}/x/y`]: '' },
    },
    {
      title: 'the mark decides',
      files: { ...proposal('created: x\nstatus: superseded\n'), [`${QUEUE}/CP-1/.applied`]: '' },
    },
    {
      title: 'a higher limit',
      now: NOW,
      files: { ...many(6, '2026-01-20'), [LIFECYCLE]: 'sla: { pending_max_age_days: 60 }\n' },
    },
  ],
  fail: [
    { title: 'eight days', now: NOW, files: many(6, '2026-02-09T12:00:00Z'), finds: STALE },
    { title: 'quotes around a date', now: NOW, files: many(6, '"2026-01-01"'), finds: STALE },
    {
      title: 'a limit that is false is seven',
      now: NOW,
      files: { ...many(6, '2026-02-01'), [LIFECYCLE]: 'sla: { pending_max_age_days: false }\n' },
      finds: STALE,
    },
    {
      title: 'a limit that is a word',
      now: NOW,
      files: { ...many(1, '2026-02-01'), [LIFECYCLE]: 'sla: { pending_max_age_days: week }\n' },
      finds: ['unreadable sla.pending_max_age_days'],
    },
    {
      title: 'a lifecycle that is not YAML',
      files: { ...proposal('created: x\n'), [LIFECYCLE]: 'sla: [' },
      finds: [`file-is-yaml ${LIFECYCLE}`],
    },
    {
      title: 'an indented field',
      files: proposal(' created: x\n'),
      finds: ['manifest-has-field proposal:CP-1#created'],
    },
    {
      title: 'superseded by nothing',
      files: proposal('created: x\nstatus: "superseded"\n'),
      finds: ['status-has-field proposal:CP-1#superseded_at', 'status-has-field proposal:CP-1#superseded_reason'],
    },
  ],
});
