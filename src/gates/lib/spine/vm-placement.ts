import type { GateFinding } from '../../../core/finding.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, printedLines, textOf } from '../bash/joins.ts';
import { shellNumber } from '../bash/shell.ts';
import { saysNothing } from '../bash/unset.ts';
import { reporterFor } from '../define.ts';
import type { Policy } from './placement-policy.ts';

export const VM_RULES = {
  'vm-has-site': 'The placement policy gives no site for `{vm}`, so its place cannot be checked.',
  'hypervisor-has-site': 'The placement policy gives no site for `{host}`, so the place of `{vm}` cannot be checked.',
  'hypervisor-has-site:none': 'The plan names no single hypervisor for `{vm}`, so its place cannot be checked.',
  'hypervisor-is-proxmox': '`{host}`, where `{vm}` is planned, is not a Proxmox host in the placement policy.',
  'site-lists-hypervisor': '`{host}`, where `{vm}` is planned, is not listed among the hypervisors of `{base}`.',
  'vm-shares-site': '`{vm}` belongs to the site `{site}`, but its hypervisor `{host}` to `{base}`.',
  'vm-has-requirements': 'The placement policy has no requirements for `{vm}`.',
  'vm-is-at-required-site': '`{vm}` is planned at `{site}` and must be at `{wanted}`.',
  'vm-is-on-required-host': '`{vm}` is planned on `{host}` and must be on `{wanted}`.',
  'vmid-is-a-number': '`{word}` is not a VM number, so the number of `{vm}` cannot be checked.',
  'vmid-is-in-range': 'The number {vmid} of `{vm}` is outside the range of `{base}`, {least} to {most}.',
} as const;

const report = reporterFor(VM_RULES);

/** Every machine that the relocation plan builds, against the placement policy. */
export function* vmsSitWell(policy: Policy, plan: YamlValue): Generator<GateFinding> {
  const targetsOf = entriesBy(plan.get('vm_targets'), 'hostname');
  for (const { text: vm, at } of printedLines(column(plan.get('vm_targets'), 'hostname'))) {
    if (vm === 'null') continue;
    const subject = `vm:${vm}`;
    const host = textOf(targetsOf(vm), 'proxmox_host', '');
    const [site, base] = [policy.siteOf(vm), policy.siteOf(host)];
    if (saysNothing(site)) {
      yield report('vm-has-site', subject, at, { vm });
      continue;
    }
    if (saysNothing(base)) {
      const rule = saysNothing(host) ? 'hypervisor-has-site:none' : 'hypervisor-has-site';
      yield report(rule, subject, at, { vm, host });
      continue;
    }
    const values = { vm, host, site, base };
    if (policy.kindOf(host) !== 'proxmox') yield report('hypervisor-is-proxmox', subject, at, values);
    if (!policy.lists(base, host)) yield report('site-lists-hypervisor', subject, at, values);
    const mustShareSite = policy.demands('enforce_vm_site_matches_hypervisor_site');
    if (mustShareSite && site !== base) yield report('vm-shares-site', subject, at, values);
    yield* requirementsHold(policy, subject, at, values);
    if (!policy.demands('enforce_vmid_ranges')) continue;
    const vmid = textOf(targetsOf(vm), 'vm_id');
    const [least, most] = [policy.leastVmid(base), policy.mostVmid(base)];
    const word = [least, most, vmid].find((text) => !/^[0-9]+$/.test(text));
    if (word !== undefined) yield report('vmid-is-a-number', subject, at, { vm, word });
    else if (isLess(vmid, least) || isLess(most, vmid)) {
      yield report('vmid-is-in-range', subject, at, { vm, vmid, base, least, most });
    }
  }
}

interface Place {
  readonly vm: string;
  readonly host: string;
  readonly site: string;
}

function* requirementsHold(policy: Policy, subject: string, at: YamlValue, place: Place): Generator<GateFinding> {
  const { vm, host, site } = place;
  const required = policy.mapFor('vm_target_requirements', vm);
  if (!required) {
    if (policy.demands('require_explicit_vm_target_requirements'))
      yield report('vm-has-requirements', subject, at, { vm });
    return;
  }
  const [wantedSite, wantedHost] = ['required_site', 'required_proxmox_host'].map((key) => required.get(key).or(''));
  if (wantedSite && wantedSite !== site) {
    yield report('vm-is-at-required-site', subject, at, { vm, site, wanted: wantedSite });
  }
  if (wantedHost && wantedHost !== host) {
    yield report('vm-is-on-required-host', subject, at, { vm, host, wanted: wantedHost });
  }
}

/** Numbers that a shell cannot compare, such as 08, are never less. */
function isLess(left: string, right: string): boolean {
  const [a, b] = [shellNumber(left), shellNumber(right)];
  return typeof a === 'number' && typeof b === 'number' && a < b;
}
