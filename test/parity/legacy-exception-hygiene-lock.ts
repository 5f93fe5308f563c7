import gate from '../../src/gates/spine/process-hygiene/legacy-exception-hygiene-lock.ts';
import { nearMisses } from './near-misses.ts';

const EXCEPTIONS = 'ops/bindings/legacy.entrypoint.exceptions.yaml';
const EXPIRED = ['exception-has-not-expired exception:cron'];

/** One exception that expired long ago, but for what is given. */
function exception({ label = 'cron', end = '2026-01-01', paths = '[bin/x]' }) {
  return { [EXCEPTIONS]: `exceptions: [{ label: ${label}, expires_at: ${end}, allowed_paths: ${paths} }]\n` };
}

export default nearMisses(gate, {
  pass: [
    { title: 'no list at all', files: { [EXCEPTIONS]: 'exceptions: {}\n' } },
    { title: 'items that are texts', files: { [EXCEPTIONS]: 'exceptions: [cron, at]\n' } },
    { title: 'no paths', files: exception({ paths: '[]' }) },
    { title: 'paths that are nothing', files: exception({ paths: '~' }) },
    { title: 'no label', files: exception({ label: '~' }) },
    { title: 'a date in another order', files: exception({ end: '17/02/2026' }) },
    { title: 'a day of one digit', files: exception({ end: '2026-2-1' }) },
    { title: 'a small z', files: exception({ end: '2026-01-01T00:00:00z' }) },
    { title: 'the first second of 1970', files: exception({ end: '1970-01-01T00:00:00+00:00' }) },
    {
      title: 'a label that stands twice',
      files: {
        [EXCEPTIONS]:
          'exceptions:\n  - &a { label: cron, expires_at: 2026-01-01, allowed_paths: [x] }\n  - { label: cron, expires_at: 2026-01-01, allowed_paths: [x] }\n',
      },
    },
    { title: 'this very second', now: '2026-02-17T12:00:00Z', files: exception({ end: '2026-02-17T12:00:00Z' }) },
  ],
  fail: [
    {
      title: 'a second later',
      now: '2026-02-17T12:00:01Z',
      files: exception({ end: '2026-02-17T12:00:00Z' }),
      finds: EXPIRED,
    },
    { title: 'paths that are one letter', files: exception({ paths: '"x"' }), finds: EXPIRED },
    { title: 'paths that are a number', files: exception({ paths: '7' }), finds: EXPIRED },
    { title: 'a date without dashes', files: exception({ end: '20260101' }), finds: EXPIRED },
    { title: 'a week date', files: exception({ end: '2026-W01-1' }), finds: EXPIRED },
    { title: 'an offset', files: exception({ end: '2026-01-01T00:00+02:00' }), finds: EXPIRED },
    { title: 'before 1970', files: exception({ end: '1969-12-31' }), finds: EXPIRED },
    { title: 'the second second of 1970', files: exception({ end: '1970-01-01T00:00:01Z' }), finds: EXPIRED },
    { title: 'a label with a double quote', files: exception({ label: `'a"b'` }), finds: ['unreadable label'] },
  ],
});
