import type { GateFinding } from '../../../core/finding.ts';
import { joinTexts, type YamlValue } from '../../../core/yaml/value.ts';
import { entriesBy, named, textOf } from '../bash/joins.ts';
import { saysNothing } from '../bash/unset.ts';
import { reporterFor } from '../define.ts';
import { numberOf } from './vm-numbers.ts';

export const REGISTRATION_RULES = {
  'vm-has-no-placeholder': 'VM {vmid} is active, but its name or address is still a placeholder.',
  'vm-has-ssh-target': 'No SSH target has the id `{host}` of VM {vmid}.',
  'ssh-target-has-address': 'The SSH target of `{host}` leads to `{reached}`, not to `{address}`.',
  'vm-is-registered': 'SERVICE_REGISTRY.yaml has no host `{host}`.',
  'registry-has-address': 'SERVICE_REGISTRY.yaml has `{host}` at `{has}`, not at `{wanted}`.',
  'registry-has-vmid': 'SERVICE_REGISTRY.yaml has `{host}` as VM `{has}`, not `{wanted}`.',
  'vm-has-backup': 'No backup target covers VM {vmid} (`{host}`).',
  'vm-has-probe': 'No health probe checks `{host}`.',
} as const;

const report = reporterFor(REGISTRATION_RULES);

/** Where a running VM has to be registered: the list of SSH targets, and three files. */
export interface Registries {
  readonly ssh: YamlValue;
  readonly registry: YamlValue;
  readonly backups: YamlValue;
  readonly probes: YamlValue;
}

/** Whether a health probe has to look at the VM's containers. The script takes false for unset, so only a text exempts it. */
export function hasDocker(vm: YamlValue): boolean {
  return vm.get('has_docker').or('true') === 'true';
}

/** Whether everybody who has to know the VM does, under its name, number and address. */
export function* vmIsRegistered(vm: YamlValue, { ssh, registry, backups, probes }: Registries): Generator<GateFinding> {
  const vmid = numberOf(vm).raw;
  const [host, address] = [vm.get('hostname').raw, vm.get('tailscale_ip').or('')];
  const subject = `vm:${vmid}`;
  if (host.startsWith('PENDING_') || address.startsWith('PENDING_')) {
    yield report('vm-has-no-placeholder', subject, vm, { vmid });
  }
  const targets = entriesBy(ssh, 'id')(host);
  const reached = textOf(targets, 'host');
  if (targets.length === 0) yield report('vm-has-ssh-target', subject, vm, { host, vmid });
  else if (address !== '' && reached !== address && reached !== 'null') {
    yield report('ssh-target-has-address', subject, targets[0]?.get('host'), { host, reached, address });
  }
  const records = named(registry.get('hosts'), host);
  const isRegistered = joinTexts(records.map((record) => record.or(''))) !== '';
  if (!isRegistered) yield report('vm-is-registered', subject, vm, { host });
  for (const { field, rule, wanted } of isRegistered ? expectedOf(vmid, address) : []) {
    const has = textOf(records, field);
    if (saysNothing(has) || has === wanted) continue;
    yield report(rule, subject, records[0]?.get(field), { host, has, wanted });
  }
  const archives = entriesBy(backups.get('targets'), 'glob')(`vzdump-qemu-${vmid}-*.vma.zst`);
  if (saysNothing(textOf(archives, 'name'))) yield report('vm-has-backup', subject, vm, { vmid, host });
  if (hasDocker(vm) && entriesBy(probes.get('endpoints'), 'host')(host).length === 0) {
    yield report('vm-has-probe', subject, vm, { host });
  }
}

/** What the service registry has to say of a VM where it says anything. */
function expectedOf(vmid: string, address: string) {
  const number = { field: 'vmid', rule: 'registry-has-vmid', wanted: vmid } as const;
  const ip = { field: 'tailscale_ip', rule: 'registry-has-address', wanted: address } as const;
  return address === '' ? [number] : [ip, number];
}
