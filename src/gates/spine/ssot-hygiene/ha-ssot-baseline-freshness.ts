import { utcStamp } from '../../../core/instants.ts';
import { comparable } from '../../lib/bash/shell.ts';
import { defineGate } from '../../lib/define.ts';

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
const DEAD = 'health.entities_unexpected_unavailable';

function home(baseline: string): Record<string, string> {
  return { ...Object.fromEntries(PARTS.map((path) => [path, '\n'])), [BASELINE]: baseline };
}

export default defineGate({
  name: 'ha-ssot-baseline-freshness',
  mirrors: ['b314f8c6eb2032434992f6e78ff03aed9a0c88d5'],
  why: 'The inventory of the home automation is a generated snapshot. Once it is two weeks old, has gaps or lists many dead entities, decisions based on it are wrong.',
  fix: 'Run `ha.ssot.baseline.build` against the live system and commit what it writes; look into the unavailable entities first if there are many.',
  limits: 'The parts of the inventory only have to be there and not be empty.',
  needs: {},
  alsoReads: [BASELINE],

  rules: {
    'file-is-filled': '{path} is missing or empty.',
    'baseline-has-stamp': 'The baseline does not say when it was generated.',
    'stamp-is-utc': '`{stamp}` is not a time of the form YYYY-MM-DDTHH:MM:SSZ.',
    'baseline-is-fresh': 'The baseline was generated {age} days ago; the limit is {limit}.',
    'few-entities-are-dead': '{count} entities are unexpectedly unavailable; the limit is {limit}.',
  },

  *check(_, report, { repo, clock }) {
    if (repo.size(BASELINE) === 0)
      return yield report('file-is-filled', BASELINE, repo.at(BASELINE), { path: BASELINE });
    const baseline = repo.yaml(BASELINE);
    const generated = baseline.get('generated');
    const stamp = generated.or('');
    const instant = utcStamp(stamp);
    const age = instant ? clock.ageBeyond(MAX_DAYS, instant) : undefined;
    if (stamp === '') yield report('baseline-has-stamp', 'generated', generated);
    else if (!instant) yield report('stamp-is-utc', 'generated', generated, { stamp });
    else if (age !== undefined) yield report('baseline-is-fresh', 'generated', generated, { age, limit: MAX_DAYS });

    for (const path of PARTS) {
      if (repo.size(path) === 0) yield report('file-is-filled', path, repo.at(path), { path });
    }
    const dead = baseline.get(...DEAD.split('.'));
    const count = comparable(dead.or('0'), dead, DEAD);
    if (count !== undefined && count >= TOO_MANY_DEAD) {
      yield report('few-entities-are-dead', DEAD, dead, { count, limit: TOO_MANY_DEAD - 1 });
    }
  },

  examples: {
    pass: [
      {
        title: 'stamped in the future, 49 dead entities, a part that is only a line break',
        files: home("generated: '2026-02-17T23:48:29Z'\nhealth: { entities_unexpected_unavailable: 49 }\n"),
      },
    ],
    fail: [
      { title: 'no stamp', files: home('generated: false\n'), finds: ['baseline-has-stamp generated'] },
      {
        title: 'an offset instead of Z',
        files: home('generated: 2026-02-17T23:48:29+00:00\n'),
        finds: ['stamp-is-utc generated'],
      },
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
    ],
  },
});
