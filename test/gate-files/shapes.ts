/** A change that breaks one rule: in `path`, `from` becomes `to`; the gate has to say so at `at`. */
export interface Fault {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly gate: string;
  /** `path:line`. */
  readonly at: string;
}

/** A small repo of our own in the shape of one that we were not modelled on, and what may go wrong in it. */
export interface Shape {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly faults: readonly Fault[];
}

const DIGEST = `sha256:${'0'.repeat(64)}`;

export const SHAPES: readonly Shape[] = [
  {
    name: 'location-files',
    files: {
      'locations/mill.yml': `location: mill
community: north
latitude: 52.1
longitude: 13.2
hosts:
  - hostname: mill-core
    role: gateway
    model: box-one
  - hostname: mill-ap
    role: ap
    model: box-two
    mac_override: { eth0: 02:00:00:00:00:01 }
snmp_devices:
  - hostname: mill-north
    address: 10.1.0.2
    snmp_profile: radio
networks:
  - role: mgmt
    prefix: 10.1.0.0/24
  - role: mesh
    prefix: 10.1.1.0/24
`,
      'locations/tower.yml': `location: tower
community: north
latitude: 52.2
longitude: 13.3
hosts:
  - hostname: tower-core
    role: gateway
    model: box-one
networks:
  - role: mgmt
    prefix: 10.1.2.0/24
`,
      'group_vars/model_box_one.yml': 'brand_nice: Box\nmodel_nice: One\n',
      'group_vars/model_box_two.yml': 'brand_nice: Box\nmodel_nice: Two\nrequires_mac_override: true\n',
    },
    faults: [
      {
        path: 'locations/tower.yml',
        from: 'tower-core',
        to: 'Mill-Core',
        gate: 'hostnames-are-unique',
        at: 'locations/tower.yml:6',
      },
      {
        path: 'locations/tower.yml',
        from: '    role: gateway\n',
        to: '',
        gate: 'hosts-have-a-role',
        at: 'locations/tower.yml:6',
      },
      {
        path: 'locations/tower.yml',
        from: 'model: box-one',
        to: 'model: box-9',
        gate: 'models-are-known',
        at: 'locations/tower.yml:8',
      },
      {
        path: 'locations/mill.yml',
        from: '    mac_override: { eth0: 02:00:00:00:00:01 }\n',
        to: '',
        gate: 'mac-is-overridden-where-it-must-be',
        at: 'locations/mill.yml:9',
      },
      {
        path: 'group_vars/model_box_one.yml',
        from: 'model_nice: One',
        to: 'model: One',
        gate: 'models-have-a-name',
        at: 'group_vars/model_box_one.yml:1',
      },
      {
        path: 'locations/tower.yml',
        from: 'location: tower',
        to: 'location: towel',
        gate: 'locations-are-named-after-their-file',
        at: 'locations/tower.yml:1',
      },
      {
        path: 'locations/tower.yml',
        from: '52.2',
        to: '13.3',
        gate: 'locations-have-coordinates',
        at: 'locations/tower.yml:3',
      },
      {
        path: 'locations/mill.yml',
        from: '10.1.1.0/24',
        to: '10.1.0.128/25',
        gate: 'prefixes-do-not-overlap',
        at: 'locations/mill.yml:21',
      },
      {
        path: 'locations/mill.yml',
        from: '10.1.1.0/24',
        to: '10.1.1.0/33',
        gate: 'prefixes-are-prefixes',
        at: 'locations/mill.yml:21',
      },
      {
        path: 'locations/mill.yml',
        from: '    snmp_profile: radio\n',
        to: '',
        gate: 'snmp-devices-have-a-profile',
        at: 'locations/mill.yml:14',
      },
    ],
  },
  {
    name: 'compose-stacks',
    files: {
      'stacks.yaml': `storage:
  pool: fast
stacks:
  media:
    ct_id: 101
    hostname: lxc-media
    cpu_cores: 2
    memory_mb: 4096
    disk_gb: 40
  tools:
    ct_id: 102
    hostname: lxc-tools
    cpu_cores: 2
    memory_mb: 2048
    disk_gb: 20
`,
      'docker/media/docker-compose.yml': `services:
  player:
    image: player:1.2
    container_name: player
    restart: unless-stopped
    environment:
      TOKEN: \${PLAYER_TOKEN}
`,
      'docker/media/.env.example': '# the player\nPLAYER_TOKEN=<token>\n',
      'docker/media/.env.enc': 'x',
      'docker/tools/docker-compose.yml':
        'services:\n  shell:\n    image: shell:1\n    container_name: shell\n    restart: always\n',
      'docker/tools/.env.enc': 'x',
    },
    faults: [
      {
        path: 'stacks.yaml',
        from: 'ct_id: 102',
        to: 'ct_id: 101',
        gate: 'container-ids-are-unique',
        at: 'stacks.yaml:11',
      },
      { path: 'stacks.yaml', from: 'lxc-tools', to: 'lxc-tool', gate: 'hostnames-say-the-stack', at: 'stacks.yaml:12' },
      {
        path: 'stacks.yaml',
        from: 'ct_id: 102',
        to: 'ct_id: 1020',
        gate: 'container-ids-are-in-range',
        at: 'stacks.yaml:11',
      },
      { path: 'stacks.yaml', from: '    disk_gb: 20\n', to: '', gate: 'stacks-have-resources', at: 'stacks.yaml:10' },
      { path: 'stacks.yaml', from: '4096', to: '409600', gate: 'memory-fits-the-host', at: 'stacks.yaml:1' },
      { path: 'stacks.yaml', from: '  tools:', to: '  gadgets:', gate: 'stacks-have-secrets', at: 'stacks.yaml:10' },
      {
        path: 'stacks.yaml',
        from: '  tools:',
        to: '  gadgets:',
        gate: 'folders-are-stacks',
        at: 'docker/tools/docker-compose.yml',
      },
      {
        path: 'docker/media/.env.example',
        from: 'PLAYER_TOKEN',
        to: 'TOKEN',
        gate: 'compose-variables-are-declared',
        at: 'docker/media/docker-compose.yml:7',
      },
      {
        path: 'docker/tools/docker-compose.yml',
        from: 'always',
        to: 'sometimes',
        gate: 'services-restart',
        at: 'docker/tools/docker-compose.yml:5',
      },
    ],
  },
  {
    name: 'quadlets',
    files: {
      'quadlets/web.container': `[Container]\nImage=docker.io/web@${DIGEST}\nContainerName=web\nNetwork=systemd-reverse_proxy:ip=10.89.2.5\nNetwork=systemd-data\n\n[Service]\nRestart=always\n\n[Install]\nWantedBy=default.target\n`,
      'quadlets/notes-db.container':
        '[Container]\nImage=docker.io/library/postgres:16\nContainerName=notes-db\nNetwork=systemd-data\n\n[Service]\nRestart=on-failure\n\n[Install]\nWantedBy=default.target\n',
      'quadlets/probe.container':
        '[Container]\nImage=docker.io/probe:1\nContainerName=probe\n\n[Service]\nRestart=always\n\n[Install]\nWantedBy=default.target\n',
      'quadlets/reverse_proxy.network': '[Network]\nSubnet=10.89.2.0/24\n',
      'quadlets/data.network': '[Network]\nInternal=true\n',
      'scripts/db-dump.sh': '#!/bin/bash\nENGINES=(notes-db vault)\n',
    },
    faults: [
      {
        path: 'quadlets/web.container',
        from: `@${DIGEST}`,
        to: ':latest',
        gate: 'images-are-pinned',
        at: 'quadlets/web.container:2',
      },
      {
        path: 'quadlets/probe.container',
        from: 'ContainerName=probe',
        to: 'ContainerName=web',
        gate: 'container-names-are-unique',
        at: 'quadlets/probe.container:3',
      },
      {
        path: 'quadlets/probe.container',
        from: 'ContainerName=probe',
        to: 'ContainerName=prober',
        gate: 'files-are-named-after-their-container',
        at: 'quadlets/probe.container:3',
      },
      {
        path: 'quadlets/web.container',
        from: 'Network=systemd-data',
        to: 'Network=host',
        gate: 'no-host-network',
        at: 'quadlets/web.container:4',
      },
      {
        path: 'quadlets/web.container',
        from: 'systemd-data',
        to: 'systemd-dada',
        gate: 'networks-are-there',
        at: 'quadlets/web.container:4',
      },
      {
        path: 'scripts/db-dump.sh',
        from: 'notes-db ',
        to: '',
        gate: 'databases-are-dumped',
        at: 'quadlets/notes-db.container:3',
      },
      {
        path: 'quadlets/probe.container',
        from: '\n[Install]\nWantedBy=default.target\n',
        to: '',
        gate: 'services-come-back',
        at: 'quadlets/probe.container:1',
      },
    ],
  },
  {
    name: 'salt-pillars',
    files: {
      'pillar/prod/roles.sls':
        'roles:\n  web:\n    pattern: "web*"\n    purpose: "Pages"\n    contact: "Ann"\n  mail:\n    pattern: "mail*"\n    purpose: "Mail"\n    contact: "Bob"\n',
      'pillar/prod/backup/web.sls':
        'backup:\n  directories:\n    web-data:\n      source_directory: /srv\n      target_host: backup.example.net\n      target_directory: /backup/web\n      frequency: daily\n      increment_retention: 30D\n',
      'pillar/prod/backup/mail.sls':
        'backup:\n  directories:\n    mail-data:\n      source_directory: /var/mail\n      target_host: backup.example.net\n      target_directory: /backup/mail\n      frequency: hourly\n      increment_retention: 7D\n',
    },
    faults: [
      {
        path: 'pillar/prod/roles.sls',
        from: '"Bob"',
        to: '""',
        gate: 'roles-have-a-contact',
        at: 'pillar/prod/roles.sls:9',
      },
      {
        path: 'pillar/prod/roles.sls',
        from: '    purpose: "Mail"\n',
        to: '',
        gate: 'roles-have-a-purpose',
        at: 'pillar/prod/roles.sls:6',
      },
      {
        path: 'pillar/prod/backup/mail.sls',
        from: 'backup.example.net',
        to: 'web.example.net',
        gate: 'backups-go-to-a-backup-host',
        at: 'pillar/prod/backup/mail.sls:5',
      },
      {
        path: 'pillar/prod/backup/mail.sls',
        from: 'hourly',
        to: 'monthly',
        gate: 'backups-say-how-often',
        at: 'pillar/prod/backup/mail.sls:7',
      },
      {
        path: 'pillar/prod/backup/mail.sls',
        from: '/backup/mail',
        to: '/backup/web',
        gate: 'backup-targets-are-distinct',
        at: 'pillar/prod/backup/mail.sls:6',
      },
    ],
  },
  {
    name: 'event-facts',
    files: {
      'facts/aps/aps.csv': 'serial,mac\na-1,02:00:00:00:00:01\na-2,02:00:00:00:00:02\n',
      'facts/aps/apuse.csv': 'name,serial,ipv4,2.4Ghz_chan\nHall-a,a-1,10.1.0.1,6\nHall-b,a-2,10.1.0.2,11\n',
      'facts/pi/pis.csv': 'serial,mac\np-1,02:00:00:00:01:01\n',
      'facts/pi/piuse.csv': 'name,serial,ip\ndesk,p-1,110\n',
      'facts/routers/routerlist.csv': 'name,ipv6\nr-1,fd00::1\nr-2,fd00::2\n',
      'facts/servers/serverlist.csv':
        'name,ipv6,ipv4,role\ncore,fd00::20,10.0.0.20,core\nedge,fd00::21,10.0.0.21,edge\n',
    },
    faults: [
      { path: 'facts/aps/aps.csv', from: 'a-2', to: 'A-1', gate: 'ap-serials-are-unique', at: 'facts/aps/aps.csv:3' },
      { path: 'facts/aps/aps.csv', from: '00:02', to: '0:02', gate: 'ap-macs-are-macs', at: 'facts/aps/aps.csv:3' },
      { path: 'facts/aps/apuse.csv', from: 'a-2', to: 'a-3', gate: 'used-aps-are-known', at: 'facts/aps/apuse.csv:3' },
      {
        path: 'facts/aps/apuse.csv',
        from: 'Hall-b',
        to: 'Hall-a',
        gate: 'ap-names-are-unique',
        at: 'facts/aps/apuse.csv:3',
      },
      {
        path: 'facts/aps/apuse.csv',
        from: '10.1.0.2',
        to: '11.1.0.2',
        gate: 'ap-addresses-are-in-range',
        at: 'facts/aps/apuse.csv:3',
      },
      { path: 'facts/aps/apuse.csv', from: ',11\n', to: ',12\n', gate: 'channels-exist', at: 'facts/aps/apuse.csv:3' },
      {
        path: 'facts/routers/routerlist.csv',
        from: 'fd00::2',
        to: 'fd00::g',
        gate: 'router-addresses-are-addresses',
        at: 'facts/routers/routerlist.csv:3',
      },
      {
        path: 'facts/servers/serverlist.csv',
        from: ',edge\n',
        to: ',\n',
        gate: 'servers-have-a-role',
        at: 'facts/servers/serverlist.csv:3',
      },
    ],
  },
  {
    name: 'vm-table',
    files: {
      'Operations/Inventory/Home/VMs.md': `# Machines

| VMID | Name | Node | OS | IPv4 | Gateway | HA |
| --- | --- | --- | --- | --- | --- | --- |
| 101 | files | one | Debian | 192.168.1.11/24 | 192.168.1.1 | off |
| 102 | names | two | Debian | 192.168.1.12/24 | 192.168.1.1 | off |

### VM 101 - files

### VM 102 - names
`,
    },
    faults: [
      {
        path: 'Operations/Inventory/Home/VMs.md',
        from: '| 102 |',
        to: '| 101 |',
        gate: 'ids-are-unique',
        at: 'Operations/Inventory/Home/VMs.md:6',
      },
      {
        path: 'Operations/Inventory/Home/VMs.md',
        from: '192.168.1.12',
        to: '192.168.1.11',
        gate: 'addresses-are-unique',
        at: 'Operations/Inventory/Home/VMs.md:6',
      },
      {
        path: 'Operations/Inventory/Home/VMs.md',
        from: '192.168.1.12/24 | 192.168.1.1',
        to: '192.168.1.12/24 | 192.168.2.1',
        gate: 'gateways-are-near',
        at: 'Operations/Inventory/Home/VMs.md:6',
      },
      {
        path: 'Operations/Inventory/Home/VMs.md',
        from: '### VM 102',
        to: '### VM 112',
        gate: 'machines-are-described',
        at: 'Operations/Inventory/Home/VMs.md:6',
      },
    ],
  },
  {
    name: 'team-files',
    files: {
      'people/ann.toml': "name = 'Ann'\ngithub = 'ann'\ngithub-id = 1\n",
      'people/bob.toml': "name = 'Bob'\ngithub = 'Bob'\ngithub-id = 2\n",
      'teams/core.toml': 'name = "core"\nkind = "team"\n\n[people]\nleads = ["ann"]\nmembers = ["ann", "bob"]\n',
      'teams/docs.toml': 'name = "docs"\nsubteam-of = "core"\n\n[people]\nleads = ["bob"]\nmembers = ["bob"]\n',
      'repos/org/site.toml': 'org = "org"\nname = "site"\ndescription = "Pages"\n',
    },
    faults: [
      {
        path: 'people/bob.toml',
        from: "github = 'Bob'",
        to: "github = 'b o b'",
        gate: 'people-have-an-account',
        at: 'people/bob.toml:2',
      },
      {
        path: 'people/bob.toml',
        from: 'github-id = 2',
        to: 'github-id = 1',
        gate: 'github-ids-are-unique',
        at: 'people/bob.toml:3',
      },
      {
        path: 'teams/docs.toml',
        from: '"docs"',
        to: '"Core"',
        gate: 'team-names-are-unique',
        at: 'teams/docs.toml:1',
      },
      {
        path: 'teams/docs.toml',
        from: 'leads = ["bob"]',
        to: 'leads = ["eve"]',
        gate: 'leads-are-people',
        at: 'teams/docs.toml:5',
      },
      { path: 'teams/docs.toml', from: '"core"', to: '"gone"', gate: 'parents-are-teams', at: 'teams/docs.toml:2' },
      {
        path: 'repos/org/site.toml',
        from: '"site"',
        to: '"sites"',
        gate: 'repos-are-called-as-their-file',
        at: 'repos/org/site.toml:2',
      },
    ],
  },
];
