import type { GateFinding } from '../../../core/finding.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, printedLines, textOf } from '../bash/joins.ts';
import { saysNothing } from '../bash/unset.ts';
import { reporterFor } from '../define.ts';
import type { Policy } from './placement-policy.ts';
import { registeredHost } from './relocation.ts';

export const SERVICE_RULES = {
  'service-has-placement': 'The placement policy does not place `{service}`.',
  'target-has-site': 'The placement policy gives no site for `{host}`, the target of `{service}`.',
  'service-is-at-primary-site': '`{service}` goes to `{site}`, but its primary site is `{primary}`.',
  'rollback-host-has-site':
    'The placement policy gives no site for `{rollback}`, where `{service}` would be rolled back to.',
  'rollback-site-is-allowed': '`{service}` would be rolled back to `{refuge}`, which is not among its `dr_sites`.',
  'rolled-back-service-has-host': '`{service}` is rolled back, but the plan does not say to which host.',
  'moved-service-is-registered': '`{service}` has moved, but the service registry gives no host for it.',
  'registry-names-host': '`{service}` should be on `{wanted}`, but the service registry has it on `{host}`.',
} as const;

const report = reporterFor(SERVICE_RULES);

/** Every service that the relocation plan moves, against the placement policy and, once it has moved, the service registry. */
export function* servicesSitWell(
  policy: Policy,
  plan: YamlValue,
  registry: YamlValue | undefined,
): Generator<GateFinding> {
  const movesOf = entriesBy(plan.get('services'), 'service');
  for (const { text: service, at } of printedLines(column(plan.get('services'), 'service'))) {
    if (service === 'null') continue;
    const subject = `service:${service}`;
    const field = (key: string, fallback: string) => textOf(movesOf(service), key, fallback);
    const [status, goal, rollback] = [field('status', 'planned'), field('to_host', ''), field('rollback_to', '')];
    const placement = policy.mapFor('service_placement', service);
    const site = policy.siteOf(goal);
    if (!placement && policy.demands('require_service_policy_for_manifest_services')) {
      yield report('service-has-placement', subject, at, { service });
    } else if (saysNothing(site)) {
      yield report('target-has-site', subject, at, { service, host: goal });
    } else if (placement) {
      yield* placementHolds(policy, placement, { service, at, site, status, rollback });
    }
    if (status === 'planned') continue;
    const wanted = status === 'rolled-back' && !saysNothing(rollback) ? rollback : goal;
    const host = registry ? registeredHost(registry, service, '') : '';
    if (saysNothing(host)) yield report('moved-service-is-registered', subject, at, { service });
    else if (host !== wanted) yield report('registry-names-host', subject, at, { service, wanted, host });
  }
}

interface Move {
  readonly service: string;
  readonly at: YamlValue;
  readonly site: string;
  readonly status: string;
  readonly rollback: string;
}

function* placementHolds(policy: Policy, placement: YamlValue, move: Move): Generator<GateFinding> {
  const { service, at, site, status, rollback } = move;
  const subject = `service:${service}`;
  const primary = placement.get('primary_site');
  const mustBeAtPrimary = policy.demands('enforce_service_primary_site');
  if (mustBeAtPrimary && (primary.isBlank || primary.raw !== site)) {
    yield report('service-is-at-primary-site', subject, at, { service, site, primary });
  }
  if (saysNothing(rollback)) {
    if (status === 'rolled-back') yield report('rolled-back-service-has-host', subject, at, { service });
    return;
  }
  const refuge = policy.siteOf(rollback);
  if (saysNothing(refuge)) yield report('rollback-host-has-site', subject, at, { service, rollback });
  else if (!placement.get('dr_sites').items.some((item) => item.is(refuge))) {
    yield report('rollback-site-is-allowed', subject, at, { service, refuge });
  }
}
