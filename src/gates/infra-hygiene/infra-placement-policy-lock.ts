import { type Problem, problem } from '../../core/finding.ts';
import { defineGate, type Example } from '../../core/gate.ts';
import type { YamlValue } from '../../core/yaml.ts';
import { absent, isProgram, notRunnable, unparsable } from '../_shapes/files.ts';
import { column, entriesBy, named, printedLines, saysNothing, textOf } from '../_shapes/joins.ts';
import { RELOCATION_PLAN as PLAN, registeredHost, SERVICE_REGISTRY } from '../_shapes/relocation.ts';
import { shellNumber } from '../_shapes/shell-number.ts';
import { variationsOf } from '../_shapes/variations.ts';

const CHECKER = 'ops/plugins/infra/bin/infra-placement-policy-check';
const POLICY = 'ops/bindings/infra.placement.policy.yaml';

/** What the policy says, asked by names that stand in the plan. */
function readPolicy(policy: YamlValue) {
  const ask = (section: string, name: string) => named(policy.get(section), name);
  const text = (section: string, field: string) => (name: string) => textOf(ask(section, name), field, '');
  return {
    siteOf: text('hosts', 'site'),
    kindOf: text('hosts', 'kind'),
    leastVmid: text('sites', 'vmid_min'),
    mostVmid: text('sites', 'vmid_max'),
    lists: (site: string, host: string) =>
      ask('sites', site).some((entry) => entry.get('proxmox_hosts').items.some((item) => item.is(host))),
    mapFor: (section: string, name: string) => ask(section, name).find((entry) => entry.kind === 'map'),
    demands: (guard: string) => policy.get('guards', guard).or('false') === 'true',
  };
}

type Policy = ReturnType<typeof readPolicy>;
type Rule = readonly [rule: string, isBroken: boolean, message: string];

function findings(subject: string, at: YamlValue, rules: readonly Rule[]): readonly Problem[] {
  return rules.flatMap(([rule, isBroken, message]) => (isBroken ? [problem(rule, subject, at, message)] : []));
}

function* vmsSitWell(policy: Policy, plan: YamlValue): Generator<Problem> {
  const targetsOf = entriesBy(plan.get('vm_targets'), 'hostname');
  for (const { text: vm, at } of printedLines(column(plan.get('vm_targets'), 'hostname'))) {
    if (vm === 'null') continue;
    const subject = `vm:${vm}`;
    const host = textOf(targetsOf(vm), 'proxmox_host', '');
    const [site, base] = [policy.siteOf(vm), policy.siteOf(host)];
    if (saysNothing(site) || saysNothing(base)) {
      const [rule, unplaced] = saysNothing(site) ? ['vm-has-site', vm] : ['hypervisor-has-site', host];
      yield problem(rule, subject, at, `The policy gives no site for \`${unplaced}\`, so \`${vm}\` cannot be judged.`);
      continue;
    }
    const required = policy.mapFor('vm_target_requirements', vm);
    const isRequired = (field: string, actual: string) => ['', actual].includes(required?.get(field).or('') ?? '');
    const mustHaveRequirements = policy.demands('require_explicit_vm_target_requirements');
    const mustShareSite = policy.demands('enforce_vm_site_matches_hypervisor_site');
    yield* findings(subject, at, [
      ['hypervisor-is-proxmox', policy.kindOf(host) !== 'proxmox', `\`${host}\` is no Proxmox host in the policy.`],
      ['site-lists-hypervisor', !policy.lists(base, host), `\`${host}\` is not among the hypervisors of \`${base}\`.`],
      ['vm-shares-site', mustShareSite && site !== base, `\`${vm}\` is of \`${site}\`, its hypervisor of \`${base}\`.`],
      ['vm-has-requirements', mustHaveRequirements && !required, `The policy requires nothing of \`${vm}\`.`],
      ['vm-is-at-required-site', !isRequired('required_site', site), `\`${vm}\` must not be at \`${site}\`.`],
      ['vm-is-on-required-host', !isRequired('required_proxmox_host', host), `\`${vm}\` must not be on \`${host}\`.`],
    ]);
    if (policy.demands('enforce_vmid_ranges'))
      yield* vmidFits(subject, at, textOf(targetsOf(vm), 'vm_id'), policy.leastVmid(base), policy.mostVmid(base));
  }
}

function vmidFits(vm: string, at: YamlValue, vmid: string, least: string, most: string): readonly Problem[] {
  const word = [least, most, vmid].find((text) => !/^[0-9]+$/.test(text));
  const isOutside = isLess(vmid, least) || isLess(most, vmid);
  return word === undefined
    ? findings(vm, at, [['vmid-is-in-range', isOutside, `VM number ${vmid} is not within ${least} to ${most}.`]])
    : [problem('vmid-is-number', vm, at, `\`${word}\` is no VM number (or bound of one).`)];
}

/** Numbers that a shell cannot compare, such as 08, are never less. */
function isLess(left: string, right: string): boolean {
  const [a, b] = [shellNumber(left), shellNumber(right)];
  return typeof a === 'number' && typeof b === 'number' && a < b;
}

function* servicesSitWell(policy: Policy, plan: YamlValue, registry: YamlValue | undefined): Generator<Problem> {
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
    yield* findings(subject, at, [
      ['moved-service-is-registered', saysNothing(host), `\`${name}\` has moved; the service registry gives no host.`],
      ['registry-names-host', isElsewhere, `\`${name}\` is not on \`${host}\`, as the service registry says.`],
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
  return findings(`service:${name}`, at, [
    [
      'service-is-at-primary-site',
      mustBeAtPrimary && (primary.isBlank || primary.raw !== site),
      `\`${name}\` goes to \`${site}\`, which is not its primary site.`,
    ],
    [
      'rollback-host-has-site',
      isUnplaced,
      `The policy gives no site for \`${rollback}\`, the way back of \`${name}\`.`,
    ],
    [
      'rollback-site-is-allowed',
      hasRollback && !isUnplaced && !isAllowed,
      `\`${name}\` must not fall back to \`${refuge}\`.`,
    ],
    ['rolled-back-service-has-host', !hasRollback && isRolledBack, `\`${name}\` is rolled back, to no host.`],
  ]);
}

const vary = variationsOf(
  {
    [CHECKER]: '',
    [PLAN]: `vm_targets:
  - { hostname: core, vm_id: "200", proxmox_host: pve }
services:
  - { service: dns, to_host: core, status: applied, rollback_to: hut }
`,
    [POLICY]: `sites:
  shop: { proxmox_hosts: [pve], vmid_min: 200, vmid_max: 299 }
  home: { proxmox_hosts: [pve-home], vmid_min: 0100, vmid_max: 199 }
hosts:
  pve: { site: shop, kind: proxmox }
  pve-home: { site: home, kind: proxmox }
  core: { site: shop }
  hut: { site: home }
vm_target_requirements:
  core: { required_site: shop, required_proxmox_host: pve }
service_placement:
  dns: { primary_site: shop, dr_sites: [home] }
guards:
  enforce_vmid_ranges: true
  require_explicit_vm_target_requirements: true
  require_service_policy_for_manifest_services: true
  enforce_service_primary_site: true
  enforce_vm_site_matches_hypervisor_site: true
`,
    [SERVICE_REGISTRY]: 'services: { dns: { host: core } }\n',
  },
  { executable: [CHECKER] },
);
const VM = '  - { hostname: core, vm_id: "200", proxmox_host: pve }\n';
const SERVICE = '  - { service: dns, to_host: core, status: applied, rollback_to: hut }\n';

function vm(title: string, edits: Readonly<Record<string, string>>, ...rules: readonly string[]): Example {
  return vary(title, edits, ...rules.map((rule) => `${rule} vm:core`));
}

function service(title: string, edits: Readonly<Record<string, string>>, ...rules: readonly string[]): Example {
  return vary(title, edits, ...rules.map((rule) => `${rule} service:dns`));
}

export default defineGate({
  name: 'infra-placement-policy-lock',
  mirrors: ['5a4e85a85e0511aed55d637910d2278b38574275'],
  why: 'The plan decides on which hypervisor a machine is built and where a service goes. Against the placement policy, a machine ends up at the wrong site, or with a number that the other site hands out too.',
  fix: 'Correct vm_targets or services in infra.relocation.plan.yaml, or decide on the new place in infra.placement.policy.yaml (and, for services that have moved, in SERVICE_REGISTRY.yaml).',
  reads: [PLAN, POLICY, SERVICE_REGISTRY],

  *check({ repo }) {
    if (!isProgram(repo, CHECKER)) return yield notRunnable(repo, CHECKER);
    if (!repo.isFile(POLICY)) return yield absent(repo, POLICY);
    if (!repo.isFile(PLAN)) return;
    for (const path of [POLICY, PLAN]) if (!repo.isYaml(path)) return yield unparsable(repo, path);

    const policy = readPolicy(repo.yaml(POLICY));
    yield* vmsSitWell(policy, repo.yaml(PLAN));
    const registry = repo.isFile(SERVICE_REGISTRY) ? repo.yamlOrEmpty(SERVICE_REGISTRY) : undefined;
    yield* servicesSitWell(policy, repo.yaml(PLAN), registry);
  },

  examples: {
    pass: [
      vary('everything where it belongs', {}),
      { title: 'no plan', files: { [CHECKER]: '', [POLICY]: 'sites: [' }, executable: [CHECKER] },
      vary('a number at the bound', { '"200"': '299' }),
      vary('a guard counts as on only when it reads `true`', { '"200"': '"100"', 'ranges: true': 'ranges: True' }),
      vary('09 cannot be compared', { '"200"': '09' }),
      vary('planned services are not looked up', { applied: 'planned', 'host: core }': 'host: hut }' }),
      vary('rolled back to where it was', { applied: 'rolled-back', 'host: core }': 'host: hut }' }),
      vary('entries without their names', { 'hostname: core, ': '', 'service: dns, ': '' }),
      vary('no requirements, but none demanded', {
        '  core: { required': '  other: { required',
        'requirements: true': 'requirements: yes',
      }),
    ],
    fail: [
      { title: 'no checker', files: {}, finds: [`program-can-run ${CHECKER}`] },
      { title: 'no policy', files: { [CHECKER]: '' }, executable: [CHECKER], finds: [`file-exists ${POLICY}`] },
      {
        title: 'policy not YAML',
        files: { [CHECKER]: '', [POLICY]: '[', [PLAN]: '[' },
        executable: [CHECKER],
        finds: [`file-is-yaml ${POLICY}`],
      },
      vm(
        'unplaced: nothing else is judged',
        { '  core: { site': '  x: { site', '"200"': '7', [SERVICE]: '' },
        'vm-has-site',
      ),
      vm('no hypervisor', { ', proxmox_host: pve }': ' }' }, 'hypervisor-has-site'),
      vm('listed twice', { [VM]: VM + VM }, 'hypervisor-has-site', 'hypervisor-has-site'),
      vm('not a hypervisor', { 'shop, kind: proxmox': 'shop, kind: vm' }, 'hypervisor-is-proxmox'),
      vm('a scalar lists none', { '[pve]': 'pve' }, 'site-lists-hypervisor'),
      vm(
        'the hypervisor of the other site',
        { 'proxmox_host: pve }': 'proxmox_host: pve-home }' },
        ...['vm-shares-site', 'vm-is-on-required-host', 'vmid-is-in-range'],
      ),
      vm('the wrong site', { 'required_site: shop': 'required_site: home' }, 'vm-is-at-required-site'),
      vm('no requirements', { '  core: { required': '  other: { required' }, 'vm-has-requirements'),
      vm('leading zeros are octal', { '"200"': '0204' }, 'vmid-is-in-range'),
      vm('no lower bound', { 'vmid_min: 200, ': '' }, 'vmid-is-number'),
      service('no placement', { '  dns: { primary': '  other: { primary' }, 'service-has-placement'),
      service('unplaced target', { 'to_host: core': 'to_host: x', 'host: core }': 'host: x }' }, 'target-has-site'),
      service('not the primary site', { 'primary_site: shop': 'primary_site:' }, 'service-is-at-primary-site'),
      service('unplaced way back', { 'rollback_to: hut': 'rollback_to: x' }, 'rollback-host-has-site'),
      service('forbidden way back', { '[home]': '[]' }, 'rollback-site-is-allowed'),
      service('no way back', { 'applied, rollback_to: hut': 'rolled-back' }, 'rolled-back-service-has-host'),
      service('moved, but not registered', { '{ dns: { host': '{ x: { host' }, 'moved-service-is-registered'),
      service('`Planned` has moved', { applied: 'Planned', 'host: core }': 'host: old }' }, 'registry-names-host'),
      service(
        'listed twice',
        { [SERVICE]: SERVICE + SERVICE },
        ...['target-has-site', 'registry-names-host', 'target-has-site', 'registry-names-host'],
      ),
      vary('a blank in a host', { 'to_host: core': 'to_host: the core' }, 'unreadable the core'),
    ],
  },
});
