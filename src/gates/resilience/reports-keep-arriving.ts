import { HOUR } from '../../core/durations.ts';
import type { Arrival } from '../../core/facts.ts';
import { minuteInUtc } from '../../core/instants.ts';
import { quote } from '../lib/message.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { postedVariation } from '../lib/resilience/posted-examples.ts';

export default defineResilienceGate({
  name: 'reports-keep-arriving',
  number: 'R14',
  severity: 'high',
  why: 'When a runner or a host stops reporting, the gates that only it can check go blind, and a blind gate is easy to overlook.',
  fix: 'Look at what posts: on a host `systemctl status lanekeeper-facts.timer` and `journalctl -u lanekeeper-facts`, at GitHub the last runs of the workflow. This issue closes by itself once something arrives. If a host or runner was given up on purpose, forget it: `DELETE /api/repos/<owner>/<repo>/results?runner=<name>`, or without `?runner=` all of them.',
  limits: 'Of several runners that report results of gates, one that goes on is enough.',
  needs: [],

  rules: {
    'results-keep-arriving':
      'No result of a gate has arrived for {hours} hours. The newest is from {time}; gates that only a runner can check are blind until the next one.',
    'facts-keep-arriving':
      '{runner} has posted no facts for {hours} hours. Its newest are from {time}; gates that ask for them are blind until the next ones.',
  },

  *check(_facts, report, { reported, clock }) {
    const { arrivals, maxAge } = reported;
    if (arrivals.length === 0) return yield { notApplicable: 'nothing was ever reported for this repository' };
    const isLate = ({ at }: Arrival) => clock.hasReached(at + maxAge);
    const of = (kind: Arrival['kind']) =>
      arrivals.filter((each) => each.kind === kind).toSorted((one, other) => other.at - one.at);
    const [newest] = of('results');
    if (newest && isLate(newest)) yield report('results-keep-arriving', 'results', undefined, valuesOf(newest, maxAge));
    for (const late of of('facts').filter(isLate)) {
      const values = { ...valuesOf(late, maxAge), runner: quote(late.runner) };
      yield report('facts-keep-arriving', `facts:${late.runner}`, undefined, values);
    }
  },

  examples: {
    pass: [
      postedVariation('results and facts arrived tonight', { resultsAge: 1 }),
      postedVariation('only results ever arrive', { tables: false, resultsAge: 35 }),
    ],
    fail: [
      postedVariation('no results for a day and a half', { resultsAge: 36 }, 'results-keep-arriving results'),
      postedVariation('one host fell silent', { silent: 'pve' }, 'facts-keep-arriving facts:pve'),
    ],
    skip: [postedVariation('nobody ever reported anything', { tables: false })],
  },
});

function valuesOf({ at }: Arrival, maxAge: number) {
  return { time: minuteInUtc(at), hours: maxAge / HOUR };
}
