import { type Problem, problem } from '../../../core/finding.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, printedLines, textOf } from '../bash/joins.ts';
import { shellNumber } from '../bash/shell.ts';
import { saysNothing } from '../bash/unset.ts';
import { brokenRules, type Policy } from './placement-policy.ts';

/** Every machine that the relocation plan builds, against the placement policy. */
export function* vmsSitWell(policy: Policy, plan: YamlValue): Generator<Problem> {
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
    const [wantedSite, wantedHost] = ['required_site', 'required_proxmox_host'].map((key) => required?.get(key).or(''));
    const mustHaveRequirements = policy.demands('require_explicit_vm_target_requirements');
    const mustShareSite = policy.demands('enforce_vm_site_matches_hypervisor_site');
    yield* brokenRules(subject, at, [
      ['hypervisor-is-proxmox', policy.kindOf(host) !== 'proxmox', `\`${host}\` is no Proxmox host in the policy.`],
      ['site-lists-hypervisor', !policy.lists(base, host), `\`${host}\` is not among the hypervisors of \`${base}\`.`],
      ['vm-shares-site', mustShareSite && site !== base, `\`${vm}\` is of \`${site}\`, its hypervisor of \`${base}\`.`],
      ['vm-has-requirements', mustHaveRequirements && !required, `The policy requires nothing of \`${vm}\`.`],
      [
        'vm-is-at-required-site',
        differs(wantedSite, site),
        `\`${vm}\` is at \`${site}\` and must be at \`${wantedSite}\`.`,
      ],
      [
        'vm-is-on-required-host',
        differs(wantedHost, host),
        `\`${vm}\` is on \`${host}\` and must be on \`${wantedHost}\`.`,
      ],
    ]);
    if (policy.demands('enforce_vmid_ranges'))
      yield* vmidFits(subject, at, textOf(targetsOf(vm), 'vm_id'), policy.leastVmid(base), policy.mostVmid(base));
  }
}

/** Whether something is wanted, and something else is there. */
function differs(wanted: string | undefined, actual: string): boolean {
  return wanted !== undefined && wanted !== '' && wanted !== actual;
}

function vmidFits(vm: string, at: YamlValue, vmid: string, least: string, most: string): readonly Problem[] {
  const word = [least, most, vmid].find((text) => !/^[0-9]+$/.test(text));
  const isOutside = isLess(vmid, least) || isLess(most, vmid);
  return word === undefined
    ? brokenRules(vm, at, [['vmid-is-in-range', isOutside, `VM number ${vmid} is not within ${least} to ${most}.`]])
    : [problem('vmid-is-a-number', vm, at, `\`${word}\` is no VM number (or bound of one).`)];
}

/** Numbers that a shell cannot compare, such as 08, are never less. */
function isLess(left: string, right: string): boolean {
  const [a, b] = [shellNumber(left), shellNumber(right)];
  return typeof a === 'number' && typeof b === 'number' && a < b;
}
