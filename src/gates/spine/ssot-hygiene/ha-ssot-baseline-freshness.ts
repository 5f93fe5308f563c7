import type { Clock } from '../../../core/clock.ts';
import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { utcStamp } from '../../../core/instants.ts';
import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { shellNumber } from '../../lib/bash/shell.ts';

const BASELINE = 'ops/bindings/ha.ssot.baseline.yaml';
const PARTS = [
  'ha.addons.yaml',
  'ha.automations.yaml',
  'ha.dashboards.yaml',
  'ha.helpers.yaml',
  'ha.integrations.yaml',
  'ha.scenes.yaml',
  'ha.scripts.yaml',
  'ha.hacs.yaml',
  'ha.entity.state.baseline.yaml',
  'ha.device.map.yaml',
  'z2m.devices.yaml',
  'zwave.devices.yaml',
].map((name) => `ops/bindings/${name}`);

const MAX_DAYS = 14;
const TOO_MANY_DEAD = 50;

export default defineGate({
  name: 'ha-ssot-baseline-freshness',
  mirrors: ['b314f8c6eb2032434992f6e78ff03aed9a0c88d5'],
  why: 'The inventory of the home automation is a generated snapshot. Decisions based on it are wrong once it is two weeks old, has gaps, or lists many dead entities that nobody expected. Of its parts only their being there is looked at.',
  fix: 'Run `ha.ssot.baseline.build` against the live system and commit what it writes; look into the unavailable entities first if there are many.',
  reads: [BASELINE],

  *check({ repo, clock }) {
    if (repo.size(BASELINE) === 0) {
      return yield problem('file-is-filled', BASELINE, repo.at(BASELINE), `${BASELINE} is missing or empty.`);
    }
    const baseline = repo.yaml(BASELINE);
    yield* stampProblems(baseline.get('generated'), clock);
    for (const path of PARTS) {
      if (repo.size(path) === 0) yield problem('file-is-filled', path, repo.at(path), `${path} is missing or empty.`);
    }
    const dead = baseline.get('health', 'entities_unexpected_unavailable');
    const count = shellNumber(dead.or('0'));
    if (count === 'word')
      throw new Abort(`\`${dead.raw}\` is not a number`, dead, 'health.entities_unexpected_unavailable');
    if (count !== 'none' && count >= TOO_MANY_DEAD) {
      const message = `${count} entities are unexpectedly unavailable; fewer than ${TOO_MANY_DEAD} are tolerated.`;
      yield problem('few-entities-are-dead', 'health.entities_unexpected_unavailable', dead, message);
    }
  },

  examples: {
    pass: [
      {
        title: 'stamped in the future, 49 dead entities, a part that is only a line break',
        files: home("generated: '2026-02-17T23:48:29Z'\nhealth: { entities_unexpected_unavailable: 49 }\n"),
      },
      {
        title: 'a second less than 15 days',
        now: '2026-03-04T23:48:28Z',
        files: home('generated: 2026-02-17T23:48:29Z\nhealth: { entities_unavailable: 8900 }\n'),
      },
      {
        title: 'octal 060 is 48',
        files: home('generated: 2026-02-17T00:00:00Z\nhealth: { entities_unexpected_unavailable: 060 }\n'),
      },
      {
        title: 'a fraction cannot be compared',
        files: home('generated: 2026-02-17T00:00:00Z\nhealth: { entities_unexpected_unavailable: 75.5 }\n'),
      },
    ],
    fail: [
      { title: 'no baseline', files: {}, finds: [`file-is-filled ${BASELINE}`] },
      { title: 'an empty baseline', files: home(''), finds: [`file-is-filled ${BASELINE}`] },
      { title: 'not YAML', files: home('generated: [\n'), finds: [`unreadable ${BASELINE}`] },
      { title: 'no stamp', files: home('generated: false\n'), finds: ['baseline-has-stamp generated'] },
      {
        title: 'an offset instead of Z',
        files: home('generated: 2026-02-17T23:48:29+00:00\n'),
        finds: ['stamp-is-utc generated'],
      },
      { title: 'a bare date', files: home('generated: 2026-02-17\n'), finds: ['stamp-is-utc generated'] },
      {
        title: '15 days, one part gone, 64 dead entities in hexadecimal',
        now: '2026-03-04T23:48:29Z',
        files: {
          ...home('generated: 2026-02-17T23:48:29Z\nhealth: { entities_unexpected_unavailable: 0x40 }\n'),
          'ops/bindings/ha.scenes.yaml': '',
        },
        finds: [
          'baseline-is-fresh generated',
          'file-is-filled ops/bindings/ha.scenes.yaml',
          'few-entities-are-dead health.entities_unexpected_unavailable',
        ],
      },
      {
        title: 'a count with its unit stops the script',
        files: home('generated: 2026-02-17T00:00:00Z\nhealth: { entities_unexpected_unavailable: 60 entities }\n'),
        finds: ['unreadable health.entities_unexpected_unavailable'],
      },
    ],
  },
});

function* stampProblems(generated: YamlValue, clock: Clock): Generator<Problem> {
  const stamp = generated.or('');
  const instant = utcStamp(stamp);
  if (stamp === '')
    return yield problem(
      'baseline-has-stamp',
      'generated',
      generated,
      'The baseline does not say when it was generated.',
    );
  if (!instant) {
    return yield problem(
      'stamp-is-utc',
      'generated',
      generated,
      `\`${stamp}\` is not of the form YYYY-MM-DDTHH:MM:SSZ.`,
    );
  }
  const age = clock.ageInDays(instant);
  if (age > MAX_DAYS) {
    yield problem(
      'baseline-is-fresh',
      'generated',
      generated,
      `The baseline was generated ${age} days ago; the limit is ${MAX_DAYS}.`,
    );
  }
}

function home(baseline: string): Record<string, string> {
  return { ...Object.fromEntries(PARTS.map((path) => [path, '\n'])), [BASELINE]: baseline };
}
