/**
 * Where the lane finds its facts: paths, field names (dots step into maps, `|` stands between names for the same) and the few words it has to understand.
 * The only place that names them; a repo with another layout overrides single texts under `resilience` in `bindings/targets.yaml`.
 */
export const DEFAULT_BINDINGS = {
  paths: {
    vms: 'ops/bindings/vm.lifecycle.yaml',
    backups: 'ops/bindings/backup.inventory.yaml',
    calendar: 'ops/bindings/backup.calendar.yaml',
    startup: 'ops/bindings/startup.sequencing.yaml',
    hosts: 'ops/bindings/naming.policy.yaml',
    devices: 'ops/bindings/home.device.registry.yaml',
    ssh: 'ops/bindings/ssh.targets.yaml',
  },
  fields: {
    vms: 'vms',
    'vms.hypervisor': 'defaults.proxmox_host',
    'vm.id': 'id|vmid',
    'vm.hostname': 'hostname',
    'vm.ssh': 'ssh_target',
    'vm.hypervisor': 'proxmox_host',
    'vm.status': 'status',
    'vm.type': 'vm_type',
    'vm.backup': 'backup_target',
    backups: 'targets',
    'backups.budget': 'defaults.stale_after_hours',
    'backup.name': 'name',
    'backup.enabled': 'enabled',
    'backup.host': 'host',
    'backup.folder': 'base_path',
    'backup.glob': 'glob',
    'backup.class': 'classification',
    'backup.budget': 'stale_after_hours',
    jobs: 'events',
    'job.title': 'summary',
    'job.text': 'description',
    phases: 'phases',
    'phase.number': 'phase',
    'phase.site': 'site',
    'phase.hosts': 'hosts',
    'start.host': 'target',
    'start.vms': 'vm_ids',
    hosts: 'hosts',
    'host.name': 'canonical_name',
    'host.site': 'site',
    'host.kind': 'kind',
    devices: 'devices',
    'device.id': 'id',
    'device.ip': 'ip',
    'device.tailnet': 'tailscale_ip',
    'device.mac': 'mac',
    'device.role': 'role',
    ssh: 'ssh.targets',
    'ssh.id': 'id',
    'ssh.address': 'host',
  },
  words: {
    active: 'active',
    stopped: 'stopped',
    decommissioned: 'decommissioned',
    lxc: 'lxc',
    storage: 'storage',
    'archive.qemu': 'vma.zst',
    'archive.lxc': 'tar.zst',
  },
} as const;

type Texts<Section extends keyof typeof DEFAULT_BINDINGS> = Readonly<
  Record<keyof (typeof DEFAULT_BINDINGS)[Section], string>
>;

/** The layout of one ops repo. */
export interface Bindings {
  readonly paths: Texts<'paths'>;
  readonly fields: Texts<'fields'>;
  readonly words: Texts<'words'>;
}

export type BindingName = keyof Bindings['paths'];
export type FieldName = keyof Bindings['fields'];

/** What a repo says differently; whatever it leaves out stays as it is. */
export type BindingOverrides = { readonly [Section in keyof Bindings]?: Partial<Bindings[Section]> | undefined };

/** The default layout with a repo's own words in place. */
export function bindingsWith({ paths, fields, words }: BindingOverrides): Bindings {
  return {
    paths: { ...DEFAULT_BINDINGS.paths, ...paths },
    fields: { ...DEFAULT_BINDINGS.fields, ...fields },
    words: { ...DEFAULT_BINDINGS.words, ...words },
  };
}
