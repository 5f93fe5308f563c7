import { HOUR } from '../../core/durations.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { postedVariation } from '../lib/resilience/posted-examples.ts';

export default defineResilienceGate({
  name: 'reports-keep-arriving',
  number: 'R14',
  severity: 'high',
  why: 'When a runner stops reporting, the gates that only it can check go blind one by one, and a blind gate is easy to overlook.',
  fix: "Look at the timer or the workflow that posts: `systemctl list-timers`, or the workflow's last runs. If reporting was given up on purpose, say so: `DELETE /api/repos/<owner>/<repo>/results`.",
  needs: [],

  rules: {
    'something-arrived-lately': 'Nothing has been reported since {time}; results are believed for {hours} hours.',
  },

  *check(_facts, report, { reported, clock }) {
    const { lastArrival, maxAge } = reported;
    if (lastArrival === null) return yield { notApplicable: 'nothing was ever reported for this repository' };
    if (!clock.hasReached(lastArrival + maxAge)) return;
    const time = `${new Date(lastArrival).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    yield report('something-arrived-lately', 'reports', undefined, { time, hours: maxAge / HOUR });
  },

  examples: {
    pass: [postedVariation('facts arrived tonight', {})],
    fail: [postedVariation('nothing for a day and a half', { tableAge: 36 }, 'something-arrived-lately reports')],
    skip: [postedVariation('nobody ever reported anything', { tables: false })],
  },
});
