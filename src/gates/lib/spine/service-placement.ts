import { type Problem, problem } from '../../../core/finding.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, printedLines, textOf } from '../bash/joins.ts';
import { saysNothing } from '../bash/unset.ts';
import { brokenRules, type Policy } from './placement-policy.ts';
import { registeredHost } from './relocation.ts';

/** Every service that the relocation plan moves, against the placement policy and, once it has moved, the service registry. */
export function* servicesSitWell(policy: Policy, plan: YamlValue, registry: YamlValue | undefined): Generator<Problem> {
  const movesOf = entriesBy(plan.get('services'), 'service');
  for (const { text: name, at } of printedLines(column(plan.get('services'), 'service'))) {
    if (name === 'null') continue;
    const subject = `service:${name}`;
    const field = (key: string, fallback: string) => textOf(movesOf(name), key, fallback);
    const [status, goal, rollback] = [field('status', 'planned'), field('to_host', ''), field('rollback_to', '')];
    const placement = policy.mapFor('service_placement', name);
    const site = policy.siteOf(goal);
    const mustBePlaced = policy.demands('require_service_policy_for_manifest_services');
    if (!placement && mustBePlaced)
      yield problem('service-has-placement', subject, at, `The policy does not place \`${name}\`.`);
    else if (saysNothing(site))
      yield problem('target-has-site', subject, at, `The policy gives no site for the target of \`${name}\`.`);
    else if (placement) yield* placementHolds(policy, placement, { name, at, site, status, rollback });

    if (status === 'planned') continue;
    const wanted = status === 'rolled-back' && !saysNothing(rollback) ? rollback : goal;
    const host = registry ? registeredHost(registry, name, '') : '';
    const isElsewhere = !saysNothing(host) && host !== wanted;
    yield* brokenRules(subject, at, [
      ['moved-service-is-registered', saysNothing(host), `\`${name}\` has moved; the service registry gives no host.`],
      [
        'registry-names-host',
        isElsewhere,
        `\`${name}\` belongs on \`${wanted}\`; the service registry says \`${host}\`.`,
      ],
    ]);
  }
}

interface Move {
  readonly name: string;
  readonly at: YamlValue;
  readonly site: string;
  readonly status: string;
  readonly rollback: string;
}

function placementHolds(policy: Policy, placement: YamlValue, { name, at, site, status, rollback }: Move) {
  const mustBeAtPrimary = policy.demands('enforce_service_primary_site');
  const primary = placement.get('primary_site');
  const isRolledBack = status === 'rolled-back';
  const hasRollback = !saysNothing(rollback);
  const refuge = hasRollback ? policy.siteOf(rollback) : '';
  const isUnplaced = hasRollback && saysNothing(refuge);
  const isAllowed = placement.get('dr_sites').items.some((item) => item.is(refuge));
  return brokenRules(`service:${name}`, at, [
    [
      'service-is-at-primary-site',
      mustBeAtPrimary && (primary.isBlank || primary.raw !== site),
      `\`${name}\` goes to \`${site}\`; its primary site is \`${primary.or('')}\`.`,
    ],
    [
      'rollback-host-has-site',
      isUnplaced,
      `The policy gives no site for \`${rollback}\`, the way back of \`${name}\`.`,
    ],
    [
      'rollback-site-is-allowed',
      hasRollback && !isUnplaced && !isAllowed,
      `\`${name}\` may not fall back to \`${refuge}\`, which is none of its \`dr_sites\`.`,
    ],
    ['rolled-back-service-has-host', !hasRollback && isRolledBack, `\`${name}\` is rolled back, to no host.`],
  ]);
}
