import type { Example } from '../../../core/gate.ts';
import { variationsOf } from '../variations.ts';
import { DEFAULT_BINDINGS } from './layout.ts';

const { vms, backups, calendar, startup, hosts, devices, ssh } = DEFAULT_BINDINGS.paths;

/** A VM in the shop, a container at home, and a NAS at home that takes copies of both: nothing to find for any gate of the lane. */
export const SOUND: Readonly<Record<string, string>> = {
  [vms]: `defaults: { proxmox_host: pve }
vms:
  - { id: 200, hostname: shelf, status: active, proxmox_host: pve, backup_target: shelf }
  - { id: 105, hostname: names, status: active, proxmox_host: home-pve, vm_type: lxc, backup_target: names }
  - { id: 209, hostname: bench, status: stopped, proxmox_host: pve, backup_target: null }
`,
  [backups]: `# Classes: critical (26h), important (48h), rebuildable (168h)
defaults: { stale_after_hours: 26 }
targets:
  - { name: shelf, enabled: true, host: pve, base_path: /tank/dump, glob: "vzdump-qemu-200-*.vma.zst", classification: critical, stale_after_hours: 26 }
  - { name: shelf-away, enabled: true, host: nas, base_path: /volume1/vzdump, glob: "vzdump-qemu-200-*.vma.zst", classification: critical }
  - { name: names, enabled: true, host: home-pve, base_path: /mnt/dump, glob: "vzdump-lxc-105-*.tar.zst", classification: important, stale_after_hours: 48 }
  - { name: notes, enabled: true, host: nas, base_path: /volume1/notes, glob: "*.tar.gz", classification: important, stale_after_hours: 24 }
`,
  [calendar]: `events:
  - { summary: Shop, description: "pve job nightly 02:00; storage tank; vmid 200." }
  - { summary: Home, description: "home-pve job nightly 03:00; storage nas; vmid 105. (VM 102 is gone.)" }
`,
  [startup]: `phases:
  - { phase: 1, site: shop, hosts: [{ target: shelf }] }
  - { phase: 10, site: home, hosts: [{ target: home-pve, vm_ids: [105] }] }
`,
  [hosts]: `hosts:
  - { canonical_name: pve, kind: proxmox, site: shop }
  - { canonical_name: home-pve, kind: proxmox, site: home }
  - { canonical_name: nas, kind: storage, site: home }
  - { canonical_name: shelf, kind: vm, site: shop }
`,
  [devices]: `devices:
  - { id: nas, ip: 10.0.0.5, mac: "02:00:00:00:00:05", tailscale_ip: 100.64.0.5, role: Storage }
`,
  [ssh]: `ssh:
  targets:
    - { id: pve, host: 100.64.0.1 }
    - { id: nas, host: 100.64.0.5 }
`,
};

/** The sound repo with a small edit. */
export const variation = variationsOf(SOUND);

/** The sound repo without some bindings. */
export function without(title: string, ...names: readonly (keyof typeof DEFAULT_BINDINGS.paths)[]): Example {
  const paths: readonly string[] = names.map((name) => DEFAULT_BINDINGS.paths[name]);
  return { title, files: Object.fromEntries(Object.entries(SOUND).filter(([path]) => !paths.includes(path))) };
}
