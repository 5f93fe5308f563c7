import { execFile, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHost, FACTS, type Host, has } from './host.ts';

const RECORDED = join(import.meta.dirname, 'recorded');
/** What each command printed on a host of ours, by the arguments it was called with. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  qm: { list: 'qm-list.txt' },
  pct: { list: 'pct-list.txt' },
  zpool: { 'list -H -p -o name,health,capacity,size,free': 'zpool-list.txt' },
  smartctl: {
    '--scan': 'smartctl-scan.txt',
    '-H /dev/sda': 'smartctl-sda.txt',
    '-H /dev/nvme0': 'smartctl-nvme0.txt',
    '-H /dev/sdb': 'smartctl-sdb.txt',
  },
  'proxmox-backup-client': { 'snapshot list --output-format json': 'pbs-snapshots.json' },
  restic: { 'snapshots --json --no-lock': 'restic-snapshots.json' },
  borg: { 'list --json': 'borg-list.json' },
};

let host: Host;

beforeAll(async () => {
  host = await createHost();
  for (const [name, answers] of Object.entries(COMMANDS)) {
    const cases = Object.entries(answers).map(([args, file]) => `  '${args}') cat '${join(RECORDED, file)}' ;;`);
    await host.command(name, `case "$*" in\n${cases.join('\n')}\n  *) echo "$0 $*: not recorded" >&2; exit 9 ;;\nesac`);
  }
});
afterAll(() => host.remove());

describe('a fact script prints one row a line', () => {
  test('guests', async () => {
    expect(await host.rows('guests.sh')).toEqual([
      { vmid: 200, name: 'names', kind: 'vm', status: 'running', host: 'pve' },
      { vmid: 214, name: 'photos', kind: 'vm', status: 'running', host: 'pve' },
      { vmid: 231, name: 'spare', kind: 'vm', status: 'stopped', host: 'pve' },
      { vmid: 301, name: 'proxy', kind: 'ct', status: 'running', host: 'pve' },
      { vmid: 302, name: 'scratch', kind: 'ct', status: 'stopped', host: 'pve' },
    ]);
  });

  test('ZFS pools', async () => {
    expect(await host.rows('pools.sh')).toMatchObject([
      { pool: 'rpool', health: 'ONLINE', used_percent: 41 },
      { pool: 'tank', health: 'DEGRADED', used_percent: 87, bytes: 7937399554048 },
    ]);
  });

  test('disks, one that cannot be opened among them', async () => {
    expect(await host.rows('disks.sh')).toEqual([
      { disk: '/dev/sda', health: 'PASSED', ok: true, host: 'pve' },
      { disk: '/dev/nvme0', health: 'FAILED!', ok: false, host: 'pve' },
      { disk: '/dev/sdb', health: 'unknown', ok: false, host: 'pve' },
    ]);
  });

  test('vzdump archives, by the time they were written', async () => {
    const dump = join(host.directory, 'dump');
    await mkdir(dump);
    const archive = join(dump, 'vzdump-qemu-200-2026_02_18-04_00_01.vma.zst');
    for (const file of [archive, `${archive}.notes`, join(dump, 'vzdump-qemu-200-2026_02_18-04_00_01.log')])
      await writeFile(file, '12345');
    await utimes(archive, new Date(), new Date('2026-02-18T03:01:00Z'));
    expect(await host.rows('backups-vzdump.sh', dump)).toEqual([
      {
        kind: 'vzdump',
        vmid: 200,
        time: '2026-02-18T03:01:00Z',
        bytes: 5,
        file: 'vzdump-qemu-200-2026_02_18-04_00_01.vma.zst',
        folder: dump,
        host: 'pve',
      },
    ]);
  });

  test('a folder that is not mounted is an error, not an empty table', async () => {
    const { code, stderr } = await host.run('backups-vzdump.sh', [join(host.directory, 'gone')]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('is not a folder that can be read (is the NAS mounted?)'),
    ]);
  });

  test.runIf(has('jq'))('snapshots of PBS, restic and borg', async () => {
    expect(await host.rows('backups-pbs.sh')).toEqual([
      {
        kind: 'pbs',
        vmid: 200,
        name: '200',
        time: '2026-02-18T03:00:01Z',
        bytes: 17179869184,
        verified: true,
        host: 'pve',
      },
      {
        kind: 'pbs',
        vmid: null,
        name: 'laptop',
        time: '2026-02-18T03:01:40Z',
        bytes: 4096,
        verified: false,
        host: 'pve',
      },
    ]);
    expect(await host.rows('backups-restic.sh')).toMatchObject([
      { kind: 'restic', name: 'photos', host: 'nas', time: '2026-02-18T03:00:01Z', bytes: 1234 },
      { kind: 'restic', name: '/etc', time: '2026-02-17T03:00:01Z', bytes: null },
    ]);
    expect(await host.rows('backups-borg.sh')).toMatchObject([{ kind: 'borg', time: '2026-02-18T03:00:01Z' }]);
  });

  test.runIf(has('openssl'))('when a certificate expires', async () => {
    const [key, file] = [join(host.directory, 'key.pem'), join(host.directory, 'cert.pem')];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '30',
      '-subj',
      '/CN=pve',
      '-keyout',
      key,
      '-out',
      file,
    ];
    await new Promise((resolve) => execFile('openssl', request, resolve));
    const [row] = (await host.rows('certificates.sh', file)) as [{ subject: string; expires: string }];
    expect(row.subject).toBe('CN=pve');
    expect((Date.parse(row.expires) - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
  });
});

const SHELLS = [['dash'], ['bash', '--posix'], ['busybox', 'sh'], ['mksh'], ['ksh'], ['yash']].filter(
  ([program = '']) => has(program),
);

describe.each(SHELLS)('in %s', (...shell) => {
  const scripts = ['guests.sh', 'pools.sh', 'disks.sh'];
  const all = has('jq') ? [...scripts, 'backups-pbs.sh', 'backups-restic.sh', 'backups-borg.sh'] : scripts;
  test.each(all)('%s prints what it prints in sh', async (script) => {
    expect(await host.run(script, [], {}, shell)).toEqual(await host.run(script));
  });
});

describe.runIf(has('busybox'))("with busybox's commands and no others", () => {
  /** Whatever busybox brings along, and the programs that the facts come from. */
  async function bare(): Promise<NodeJS.ProcessEnv> {
    const tools = join(host.directory, 'busybox');
    await mkdir(tools);
    const words = spawnSync('sh', ['-c', 'busybox --list'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
    const whole = spawnSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).stdout.trim();
    for (const word of words) await symlink(whole, join(tools, word));
    for (const program of ['jq', 'openssl', 'curl']) {
      const found = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
      if (found !== '') await symlink(found, join(tools, program));
    }
    return { PATH: `${join(host.directory, 'bin')}:${tools}`, TZ: 'Europe/Berlin' };
  }

  test('every script prints what it prints with those of GNU', async () => {
    const dump = join(host.directory, 'busybox-dump');
    await mkdir(dump);
    for (const time of ['2026_02_18-04_00_01', '2026_03_29-05_30_00'])
      await writeFile(join(dump, `vzdump-qemu-200-${time}.vma.zst`), '12345');
    const environment = await bare();
    const scripts = ['guests.sh', 'pools.sh', 'disks.sh', 'backups-vzdump.sh'];
    const all = has('jq') ? [...scripts, 'backups-pbs.sh', 'backups-restic.sh', 'backups-borg.sh'] : scripts;
    for (const script of all) {
      const args = script === 'backups-vzdump.sh' ? [dump] : [];
      const theirs = await host.run(script, args, environment);
      expect(theirs, script).toEqual(await host.run(script, args, { TZ: 'Europe/Berlin' }));
      expect([theirs.code, theirs.stdout === ''], script).toEqual([0, false]);
    }
  });
});

describe('every shell file', async () => {
  const files = (await readdir(FACTS)).map((file) => join(FACTS, file));

  test.each(files)('%s begins by saying what it is for', async (file) => {
    expect(await readFile(file, 'utf8')).toMatch(/^#!\/bin\/sh\n# \w/);
  });

  test.runIf(has('shellcheck'))('is one in which shellcheck finds nothing', () => {
    const project = join(FACTS, '../..');
    const found = spawnSync('shellcheck', ['-x', '-P', 'SCRIPTDIR', ...files, join(project, '.ci/run')], {
      encoding: 'utf8',
    });
    expect(found.stdout).toBe('');
  });
});
