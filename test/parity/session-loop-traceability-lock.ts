import gate from '../../src/gates/spine/loop-gap-hygiene/session-loop-traceability-lock.ts';
import { nearMisses } from './near-misses.ts';

const LEDGER = 'mailroom/state/ledger.csv';
const SCOPE = 'mailroom/state/loop-scopes/a.scope.md';
const RECEIPT = 'receipts/sessions/RCAP-1__agent.session.closeout__x/receipt.md';
const STALE = ['urgent-loop-is-young loop:a'];
const NOW = '2026-02-17T12:00:00Z';

function loop(fields: string) {
  return { [SCOPE]: `---\n${fields}---\n` };
}

function closeout(time: string, end = '\n') {
  return { [LEDGER]: `head\na,b,c,${time},done,agent.session.closeout${end}` };
}

export default nearMisses(gate, {
  pass: [
    {
      title: '48 hours and 59 minutes',
      now: NOW,
      files: loop('status: open\nseverity: high\ncreated: 2026-02-15T11:01:00Z\n'),
    },
    { title: 'a priority is not a severity', files: loop('status: open\npriority: high\ncreated: 2026-01-01\n') },
    { title: 'opened is not created', files: loop('status: open\nseverity: high\nopened: 2026-01-01\n') },
    { title: 'a date with a comment', files: loop('status: open\nseverity: high\ncreated: 2026-01-01 # x\n') },
    {
      title: 'an empty date hides the other name',
      files: loop('status: open\nseverity: high\ncreated:\ncreated_at: 2026-01-01\n'),
    },
    { title: 'a status in capitals', files: loop('status: OPEN\nseverity: high\ncreated: 2026-01-01\n') },
    {
      title: 'blocked by something',
      files: loop('status: open\nseverity: high\ncreated: 2026-01-01\nblocked_by: LOOP-B\n'),
    },
    { title: 'a closeout of the future', files: closeout('2027-01-01') },
    { title: '48 hours since the closeout', now: NOW, files: closeout('2026-02-15T12:00:00Z') },
    {
      title: 'a receipt where the ledger has no row',
      files: { [LEDGER]: 'head\n', [RECEIPT]: '| End | 2026-02-17T08:00:00Z |\n' },
    },
  ],
  fail: [
    {
      title: '49 hours',
      now: NOW,
      files: loop('status: open\nseverity: high\ncreated: 2026-02-15T11:00:00Z\n'),
      finds: STALE,
    },
    {
      title: 'quotes and indentation',
      files: loop('  status: "draft"\nseverity: HIGH\ncreated: 2026-01-01\n'),
      finds: STALE,
    },
    {
      title: 'the last of two lines counts',
      files: loop('status: closed\nstatus: open\nseverity: high\ncreated: 2026-01-01\n'),
      finds: STALE,
    },
    {
      title: 'blocked by nothing',
      files: loop('status: open\nseverity: high\ncreated: 2026-01-01\nblocked_by: N/A\n'),
      finds: STALE,
    },
    {
      title: 'the other name of the date',
      files: loop('status: open\nseverity: high\ncreated_at: 2026-01-01\n'),
      finds: STALE,
    },
    {
      title: '49 hours since the closeout',
      now: NOW,
      files: closeout('2026-02-15T11:00:00Z'),
      finds: ['closeout-is-recent closeout'],
    },
    {
      title: 'a last row that is not finished',
      files: closeout('2026-02-17', ''),
      finds: ['closeout-is-recorded closeout'],
    },
    { title: 'the first second of 1970', files: closeout('1970-01-01'), finds: ['closeout-time-is-readable closeout'] },
    {
      title: 'the last row counts, not the newest, and its loops are judged too',
      files: {
        [LEDGER]: `${closeout('2026-02-17')[LEDGER]}a,b,c,2026-01-01,done,agent.session.closeout\n`,
        ...loop('status: open\nseverity: high\ncreated: 2026-01-01\n'),
      },
      finds: ['closeout-is-recent closeout', ...STALE],
    },
  ],
});
