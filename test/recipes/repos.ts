import type { FactRow } from '../../src/core/facts.ts';

/** The small repo on which a recipe is run, and one change for each gate that it has to notice. */
export interface RecipeRepo {
  readonly files: Readonly<Record<string, string>>;
  /** What a host posts, by table. */
  readonly facts?: Facts;
  readonly breaks: Readonly<Record<string, Break>>;
}

type Facts = Readonly<Record<string, readonly FactRow[]>>;

export type Break =
  | { readonly path: string; readonly from: string; readonly to: string }
  /** What the host posts instead. */
  | { readonly facts: Facts };

const DIGEST = `sha256:${'0'.repeat(64)}`;

function archive(vmid: number, time: string, bytes = 4_000_000_000): FactRow {
  return { kind: 'vzdump', vmid, time, bytes, file: `vzdump-qemu-${vmid}.vma.zst`, host: 'pve' };
}

function guest(vmid: number): FactRow {
  return { vmid, name: `vm${vmid}`, kind: 'vm', status: 'running', host: 'pve' };
}

const POSTED: Facts = {
  backups: [
    archive(200, '2026-11-28T03:00:00Z'),
    archive(201, '2026-11-28T03:30:00Z'),
    archive(201, '2026-11-20T03:00:00Z'),
  ],
  guests: [guest(200), guest(201)],
};

export const REPOS: Readonly<Record<string, RecipeRepo>> = {
  'unique-addresses': {
    files: {
      'inventory/home.yaml': 'hosts:\n  files: { address: 10.0.0.5 }\n  names: { address: 10.0.0.6 }\n',
      'network/dhcp.csv': 'name,address\nphone,10.0.0.100\n',
      'network/prefixes.yaml': 'prefixes:\n  - { cidr: 10.0.0.0/24 }\n  - { cidr: 10.0.1.0/24 }\n',
    },
    breaks: {
      'addresses-are-unique': { path: 'network/dhcp.csv', from: '10.0.0.100', to: '10.0.0.5' },
      'addresses-are-in-a-prefix': { path: 'inventory/home.yaml', from: '10.0.0.6', to: '10.0.9.6' },
      'prefixes-do-not-overlap': { path: 'network/prefixes.yaml', from: '10.0.1.0/24', to: '10.0.0.0/16' },
    },
  },
  backups: {
    files: {
      'vms.yaml':
        'vms:\n  files: { vmid: 200 }\n  names: { vmid: 201 }\n  notes: { vmid: 202 }\n  mail: { vmid: 203 }\n  bench: { vmid: 204, backup: none }\n',
      'backup/vzdump.cfg': 'vzdump: nightly\n\tvmid 200,210\n\tstorage nas\n',
      'backup/restic/names.env': 'RESTIC_REPOSITORY=sftp:nas:/names\n',
      'backup/borgmatic/notes.yaml': 'repositories:\n  - path: ssh://nas/notes\n',
      'backup/pbs.yaml': 'groups:\n  - { name: vm/203, keep_daily: 14 }\n',
    },
    breaks: {
      'every-vm-has-a-backup': { path: 'backup/vzdump.cfg', from: '200', to: '2000' },
      'restic-goes-somewhere': { path: 'backup/restic/names.env', from: 'RESTIC_REPOSITORY', to: 'REPOSITORY' },
      'borg-goes-somewhere': { path: 'backup/borgmatic/notes.yaml', from: 'path:', to: 'label:' },
      'pbs-keeps-enough': { path: 'backup/pbs.yaml', from: '14', to: '3' },
    },
  },
  'fresh-backups': {
    files: {
      'vms.yaml':
        'vms:\n  - { vmid: 200, name: files, status: active, backup_hours: 26 }\n  - { vmid: 201, name: names, status: active, backup_hours: 26 }\n  - { vmid: 202, name: old, status: retired }\n',
    },
    facts: POSTED,
    breaks: {
      'newest-archive-is-fresh': {
        facts: { ...POSTED, backups: [archive(200, '2026-11-28T03:00:00Z'), archive(201, '2026-11-27T03:00:00Z')] },
      },
      'archives-are-not-empty': {
        facts: { ...POSTED, backups: [...(POSTED.backups ?? []), archive(201, '2026-11-28T04:00:00Z', 512)] },
      },
      'what-runs-is-registered': { facts: { ...POSTED, guests: [...(POSTED.guests ?? []), guest(202)] } },
      'what-is-active-runs': { facts: { ...POSTED, guests: [guest(200)] } },
    },
  },
  'nas-coverage': {
    files: {
      'nas/shares.yaml': 'shares:\n  - { name: photos }\n  - { name: papers }\n',
      'nas/replication.yaml':
        'jobs:\n  - { share: photos, enabled: true, source_site: home, target_site: shop }\n  - { share: papers, enabled: true, source_site: home, target_site: shop }\n',
    },
    breaks: {
      'shares-are-replicated': { path: 'nas/replication.yaml', from: 'share: papers', to: 'share: paper' },
      'replication-is-enabled': { path: 'nas/replication.yaml', from: 'enabled: true', to: 'enabled: false' },
      'replication-leaves-the-house': {
        path: 'nas/replication.yaml',
        from: 'target_site: shop',
        to: 'target_site: home',
      },
    },
  },
  'site-parity': {
    files: {
      'sites/home.yaml':
        'contact: ann@example.net\nservices:\n  - { name: dns }\n  - { name: vpn }\n  - { name: tv, local: true }\n',
      'sites/shop.yaml': 'contact: bob@example.net\nservices:\n  - { name: vpn }\n  - { name: dns }\n',
    },
    breaks: {
      'sites-run-the-same': { path: 'sites/home.yaml', from: '  - { name: vpn }\n', to: '' },
      'sites-have-a-contact': { path: 'sites/shop.yaml', from: 'bob@example.net', to: 'bob' },
    },
  },
  owners: {
    files: {
      'hosts.toml': '[[host]]\nname = "files"\nowner = "ann"\n\n[[host]]\nname = "names"\nowner = "bob"\n',
      'people.csv': 'name,mail\nann,ann@example.net\nbob,bob@example.net\n',
    },
    breaks: {
      'hosts-have-an-owner': { path: 'hosts.toml', from: 'owner = "bob"\n', to: '' },
      'owners-are-people': { path: 'hosts.toml', from: '"bob"', to: '"eve"' },
      'people-can-be-reached': { path: 'people.csv', from: 'bob@example.net', to: 'bob at home' },
    },
  },
  secrets: {
    files: {
      'apps/db.sops.yaml': 'password: ENC[AES256_GCM,data:x]\nsops: {}\n',
      'apps/.sops.yaml': 'creation_rules: []\n',
      'apps/compose.yaml': `services:\n  db:\n    environment:\n      PASSWORD: \${DB_PASSWORD}\n`,
      'apps/.env.example': 'DB_PASSWORD=\n',
    },
    breaks: {
      'secret-files-are-encrypted': { path: 'apps/db.sops.yaml', from: 'ENC[AES256_GCM,data:x]', to: 'hunter2' },
      'no-plain-environment': { path: 'apps/.env', from: '', to: 'DB_PASSWORD=hunter2\n' },
      'no-private-keys': {
        path: 'apps/db.sops.yaml',
        from: 'sops: {}',
        to: 'sops: {}\n-----BEGIN OPENSSH PRIVATE KEY-----',
      },
      'no-passwords-in-compose': { path: 'apps/compose.yaml', from: `\${DB_PASSWORD}`, to: 'hunter2' },
    },
  },
  'pinned-images': {
    files: {
      'stacks/web/compose.yaml': `services:\n  web: { image: "web:1.2@${DIGEST}", ports: ["443:443"] }\n  db: { image: "db:16" }\n  own: { build: . }\n`,
      'quadlets/probe.container': `[Container]\nImage=probe@${DIGEST}\n`,
    },
    breaks: {
      'images-have-a-version': { path: 'stacks/web/compose.yaml', from: 'db:16', to: 'db:latest' },
      'public-images-have-a-digest': { path: 'stacks/web/compose.yaml', from: `@${DIGEST}`, to: '' },
      'units-have-a-digest': { path: 'quadlets/probe.container', from: `@${DIGEST}`, to: ':1' },
    },
  },
  certificates: {
    files: {
      'certificates.csv':
        'name,not_after,checked,acme_client\nweb,2027-02-01,2026-11-01,v3.1.2\nmail,Mar 10 12:00:00 2027 GMT,2026-10-15,\n',
    },
    breaks: {
      'certificates-are-renewed-in-time': { path: 'certificates.csv', from: '2027-02-01', to: '2026-12-10' },
      'certificates-were-looked-at': { path: 'certificates.csv', from: '2026-10-15', to: '2026-06-15' },
      'tools-are-recent': { path: 'certificates.csv', from: 'v3.1.2', to: 'v2.11.0' },
    },
  },
  'docs-index': {
    files: {
      'docs/README.md': '# Docs\n\n- [Backups](backups.md)\n- [Power](site/power.md)\n',
      'docs/backups.md': '# Backups\n',
      'docs/site/power.md': '# Power\n',
    },
    breaks: {
      'pages-are-in-the-index': { path: 'docs/README.md', from: '- [Power](site/power.md)\n', to: '' },
      'links-of-the-index-lead-somewhere': { path: 'docs/README.md', from: '(backups.md)', to: '(backup.md)' },
      'pages-begin-with-a-title': { path: 'docs/backups.md', from: '# Backups', to: 'Backups' },
    },
  },
};
