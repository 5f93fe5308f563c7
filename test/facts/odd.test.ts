import { spawnSync } from 'node:child_process';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHost, type Host, has } from './host.ts';

let host: Host;
beforeEach(async () => {
  host = await createHost();
});
afterEach(() => host.remove());

/** A command that prints this text. */
async function prints(name: string, text: string): Promise<void> {
  await writeFile(join(host.directory, `${name}.out`), text);
  await host.command(name, `cat '${join(host.directory, `${name}.out`)}'`);
}

const QM = 'VMID NAME STATUS MEM(MB) BOOTDISK(GB) PID\n';
const PCT = 'VMID       Status     Lock         Name\n';

describe('guests', () => {
  test('names of every kind', async () => {
    await prints('qm', `${QM} 200 VM 200 running 2048 16.00 1412\n 201 a"b\\c\u0001ü paused 2048 16.00 0\n`);
    await prints(
      'pct',
      `${PCT}301        running                 pröxy\n302        stopped    snapshot-delete scratch\n`,
    );
    expect(await host.rows('guests.sh')).toMatchObject([
      { vmid: 200, name: 'VM 200', status: 'running' },
      { vmid: 201, name: 'a"b\\c\u0001ü', status: 'paused' },
      { vmid: 301, name: 'pröxy', status: 'running' },
      { vmid: 302, name: 'scratch', status: 'stopped' },
    ]);
  });

  test.each(['', QM])('none at all, with %j for a list', async (list) => {
    await prints('qm', list);
    await prints('pct', '');
    expect(await host.rows('guests.sh')).toEqual([]);
  });

  test.each([
    ['qm fails', 'echo "ipcc_send_rec failed" >&2; exit 255', 'true'],
    ['pct fails after a part of its list', `printf '${PCT}'`, 'echo 301 running web; exit 2'],
    ['qm says something else', 'echo "Unable to load access control list"', 'true'],
    ['a line is cut off', `echo '${QM.trim()}'; echo '200 names'`, 'true'],
  ])('are not known when %s', async (_, qm, pct) => {
    await host.command('qm', qm);
    await host.command('pct', pct);
    const { code, stderr } = await host.run('guests.sh');
    expect(code).not.toBe(0);
    expect(stderr).not.toContain('syntax');
  });
});

describe('whatever the machine speaks', () => {
  test('words are asked for in English', async () => {
    await host.command(
      'smartctl',
      `case "$*" in --scan) echo '/dev/sda -d sat # /dev/sda' ;; *)
        if [ "$LC_ALL" = C ]; then echo 'SMART overall-health self-assessment test result: PASSED'; else echo 'Ergebnis: BESTANDEN'; fi
      esac`,
    );
    const { stdout } = await host.run('disks.sh', [], { LC_ALL: 'de_DE.UTF-8', LANG: 'tr_TR.UTF-8' });
    expect(JSON.parse(stdout)).toMatchObject({ health: 'PASSED', ok: true });
  });

  test('the host is called by its first name, and another one as it is named', async () => {
    await prints('zpool', 'ssd\tONLINE\t3\t10\t9\n');
    expect(await host.rows('pools.sh')).toMatchObject([{ host: 'pve' }]);
    const { stdout } = await host.run('pools.sh', [], { FACTS_HOST: 'nas.lan' });
    expect(JSON.parse(stdout).host).toBe('nas.lan');
  });

  test('names with commands for a terminal and names of 900 letters are names', async () => {
    const names = ['a\u001b[31mb\u0007\u007f', 'x'.repeat(900)];
    await prints('qm', `${QM}${names.map((name, index) => `${index + 200} ${name} running 2048 16.00 1\n`).join('')}`);
    await prints('pct', '');
    expect((await host.rows('guests.sh')).map((row) => (row as { name: string }).name)).toEqual(names);
  });
});

describe('a command that fails or is not there is never an empty list', () => {
  const NOTHING = [
    ['guests.sh', 'qm'],
    ['pools.sh', 'zpool'],
    ['disks.sh', 'smartctl'],
    ['backups-pbs.sh', 'proxmox-backup-client'],
    ['backups-restic.sh', 'restic'],
    ['backups-borg.sh', 'borg'],
  ] as const;

  test.each(NOTHING)('%s without %s', async (script, program) => {
    expect((await host.run(script)).code).not.toBe(0);
    await host.command(program, 'echo "it is broken" >&2; exit 1');
    const { code, stderr, stdout } = await host.run(script);
    expect([code === 0, stdout, stderr]).toEqual([false, '', expect.stringContaining('it is broken')]);
  });
});

describe('pools', () => {
  test('one that cannot be opened, one with an odd name, one that resilvers', async () => {
    await prints('zpool', 'dead\tUNAVAIL\t-\t-\t-\nbig tank:1\tDEGRADED\t87\t1000\t130\nssd\tONLINE\t3\t10\t9\n');
    expect(await host.rows('pools.sh')).toEqual([
      { pool: 'dead', health: 'UNAVAIL', ok: false, used_percent: null, bytes: null, free: null, host: 'pve' },
      { pool: 'big tank:1', health: 'DEGRADED', ok: false, used_percent: 87, bytes: 1000, free: 130, host: 'pve' },
      { pool: 'ssd', health: 'ONLINE', ok: true, used_percent: 3, bytes: 10, free: 9, host: 'pve' },
    ]);
  });

  test('none', async () => {
    await prints('zpool', '');
    expect(await host.rows('pools.sh')).toEqual([]);
  });

  test('something else than a list is an error', async () => {
    await prints('zpool', 'The ZFS modules are not loaded.\n');
    expect((await host.run('pools.sh')).code).toBe(1);
  });
});

describe('disks', () => {
  test('SATA, SAS, NVMe, and two behind one controller', async () => {
    await host.command(
      'smartctl',
      `case "$*" in
        --scan) echo '/dev/sda -d scsi # /dev/sda, SCSI device'
          echo '/dev/nvme0 -d nvme # /dev/nvme0, NVMe device'
          echo '/dev/bus/0 -d megaraid,8 # /dev/bus/0 [megaraid_disk_08], SCSI device'
          echo '/dev/bus/0 -d megaraid,9 # /dev/bus/0 [megaraid_disk_09], SCSI device'
          echo '# /dev/sdz -d scsi # /dev/sdz, SCSI device open failed' ;;
        '-H /dev/sda') echo 'SMART overall-health self-assessment test result: PASSED'; exit 64 ;;
        '-H /dev/nvme0') echo 'SMART overall-health self-assessment test result: FAILED!'; exit 8 ;;
        '-H -d megaraid,8 /dev/bus/0') echo 'SMART Health Status: OK' ;;
        '-H -d megaraid,9 /dev/bus/0') echo 'SMART Health Status: FAILURE PREDICTION THRESHOLD EXCEEDED [asc=5d, ascq=0]' ;;
      esac`,
    );
    expect(await host.rows('disks.sh')).toMatchObject([
      { disk: '/dev/sda', health: 'PASSED', ok: true },
      { disk: '/dev/nvme0', health: 'FAILED!', ok: false },
      { disk: '/dev/bus/0 megaraid,8', health: 'OK', ok: true },
      { disk: '/dev/bus/0 megaraid,9', health: expect.stringContaining('THRESHOLD'), ok: false },
    ]);
  });
});

describe('vzdump archives', () => {
  async function dump(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
    const place = join(host.directory, folder);
    await mkdir(place);
    for (const [name, time] of Object.entries(files)) {
      await writeFile(join(place, name), 'x');
      await utimes(join(place, name), new Date(), new Date(time));
    }
    return place;
  }

  test('what lies beside them is none: marks, logs, notes, what is being written, names of others', async () => {
    const time = '2026-02-18T03:01:00Z';
    const folder = await dump('a "dump" \\ für', {
      'vzdump-qemu-200-2026_02_18-03_00_01.vma.zst': time,
      'vzdump-qemu-200-2026_02_18-03_00_01.vma.zst.notes': time,
      'vzdump-qemu-200-2026_02_18-03_00_01.vma.zst.protected': time,
      'vzdump-qemu-200-2026_02_18-03_00_01.log': time,
      'vzdump-qemu-214-2026_02_18-03_00_01.vma.dat': time,
      'vzdump-qemu-214-2026_02_18-03_00_01.vma.zst.part': time,
      'vzdump-lxc-301-2026_02_18-03_00_01.tar.zst': time,
      'vzdump-qemu-old.vma.zst': time,
      'vzdump-qemu-0200-2026_02_18-03_00_01.vma': time,
    });
    expect(await host.rows('backups-vzdump.sh', folder)).toMatchObject([
      { vmid: 301, folder },
      { vmid: 200, folder, file: 'vzdump-qemu-200-2026_02_18-03_00_01.vma.zst', bytes: 1, time },
    ]);
  });

  test('an old archive that a copy made look young is as old as its name says', async () => {
    const folder = await dump('copies', { 'vzdump-qemu-200-2026_01_01-03_00_00.vma.zst': '2026-02-18T03:01:00Z' });
    const { stdout } = await host.run('backups-vzdump.sh', [folder], { TZ: 'UTC' });
    expect(JSON.parse(stdout).time).toBe('2026-01-01T03:00:00Z');
  });

  test.each([
    ['Europe/Berlin', '2026_03_29-02_30_00', 'an hour that spring leaves out there'],
    ['America/New_York', '2026_03_08-02_30_00', 'an hour that spring leaves out there'],
    ['Pacific/Apia', '2011_12_30-12_00_00', 'a day that never was there'],
    ['Asia/Kathmandu', '2026_02_31-12_00_00', 'a day that is none'],
  ])('in %s, a file with the time %s (%s) is as old as it was written', async (TZ, name) => {
    const written = `${name.slice(0, 10).replaceAll('_', '-').replace('02-31', '03-03')}T12:00:00Z`;
    const folder = await dump('odd', { [`vzdump-qemu-200-${name}.vma.zst`]: written });
    const { code, stdout } = await host.run('backups-vzdump.sh', [folder], { TZ });
    expect([code, JSON.parse(stdout).time]).toEqual([0, written]);
  });

  test('a file whose name has no time is none', async () => {
    const folder = await dump('named', { 'vzdump-qemu-200-last_of_all-in_th_is.vma.zst': '2026-02-18T03:01:00Z' });
    expect(await host.rows('backups-vzdump.sh', folder)).toEqual([]);
  });

  test('an empty folder holds none', async () => {
    expect(await host.rows('backups-vzdump.sh', await dump('empty', {}))).toEqual([]);
  });
});

describe.runIf(has('jq'))('snapshots', () => {
  test('of PBS: one that has not ended is none, a host is no guest', async () => {
    const snapshots = [
      {
        'backup-id': '200',
        'backup-type': 'vm',
        'backup-time': 1771383601,
        size: 0,
        verification: { state: 'failed' },
      },
      { 'backup-id': '214', 'backup-type': 'vm', 'backup-time': 1771383601 },
      { 'backup-id': '7', 'backup-type': 'host', 'backup-time': 1771383601, size: 1, verification: null },
      { 'backup-id': 'a "b" ü\n', 'backup-type': 'host', 'backup-time': 1771383601, size: 1 },
    ];
    await prints('proxmox-backup-client', JSON.stringify(snapshots));
    expect(await host.rows('backups-pbs.sh')).toMatchObject([
      { vmid: 200, bytes: 0, verified: false },
      { vmid: null, name: '7', verified: false },
      { vmid: null, name: 'a "b" ü\n' },
    ]);
  });

  test.each(['null', '[]'])('of restic: %s is none', async (text) => {
    await prints('restic', text);
    expect(await host.rows('backups-restic.sh')).toEqual([]);
  });

  test('of restic: offsets, fractions, no tags', async () => {
    const of = (time: string, more = {}) => ({ time, paths: ['/a "b"'], hostname: 'nas', short_id: 'x', ...more });
    const all = [of('2026-02-18T04:00:01.1+01:00', { tags: [] }), of('2026-02-18T03:00:01Z', { tags: null })];
    await prints('restic', JSON.stringify(all));
    const rows = await host.rows('backups-restic.sh');
    expect(rows).toMatchObject([
      { name: '/a "b"', time: '2026-02-18T04:00:01+01:00' },
      { name: '/a "b"', time: '2026-02-18T03:00:01Z' },
    ]);
  });

  test.each([
    ['2026-02-18T03:00:01.000000', '2026-02-18T03:00:01Z'],
    ['2026-02-18T03:00:01', '2026-02-18T03:00:01Z'],
    ['2026-02-18T03:00:01.123456+00:00', '2026-02-18T03:00:01Z'],
    ['2026-02-18T04:00:01.123456+01:00', '2026-02-18T04:00:01+01:00'],
  ])('of borg: %s is %s', async (start, time) => {
    await prints('borg', JSON.stringify({ archives: [{ name: 'a', start }] }));
    expect(await host.rows('backups-borg.sh')).toMatchObject([{ name: 'a', time }]);
  });

  test('text that is no JSON is an error', async () => {
    await prints('borg', 'Enter passphrase:');
    expect((await host.run('backups-borg.sh')).code).not.toBe(0);
  });
});

describe('certificates', () => {
  const withOpenssl = test.runIf(has('openssl'));

  async function certificate(name: string, subject: string): Promise<string> {
    const file = join(host.directory, name);
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', subject];
    spawnSync('openssl', [...words, '-keyout', '/dev/null', '-out', file]);
    return file;
  }

  withOpenssl('each of several in one file is a row', async () => {
    const [one, other] = [await certificate('a.pem', '/CN=a "b" \\\\ c'), await certificate('b.pem', '/CN=b')];
    const both = join(host.directory, 'both of them.pem');
    await writeFile(both, `a comment\n${await readFile(one, 'utf8')}\n${await readFile(other, 'utf8')}`);
    const rows = await host.rows('certificates.sh', both);
    expect(rows).toMatchObject([{ certificate: both }, { certificate: both, subject: 'CN=b' }]);
  });

  withOpenssl.each([
    ['a file without one', 'no certificate'],
    ['one that is cut off', '-----BEGIN CERTIFICATE-----\nMIIB\n'],
    [
      'one that only asks to be signed',
      '-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n',
    ],
  ])('%s is an error', async (_, text) => {
    const file = join(host.directory, 'odd.pem');
    await writeFile(file, text);
    const { code, stderr } = await host.run('certificates.sh', [file]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`${file}`)]);
  });

  test.each([
    ['Jan  5 09:12:33 2027 GMT', '2027-01-05T09:12:33Z'],
    ['Dec 31 23:59:59 9999 GMT', '9999-12-31T23:59:59Z'],
    ['Mar 15 00:00:00 2019 GMT', '2019-03-15T00:00:00Z'],
  ])('%s is %s', async (end, expires) => {
    const file = join(host.directory, 'any.pem');
    await writeFile(file, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
    await prints('openssl', `subject=CN=pve\nnotAfter=${end}\n`);
    expect(await host.rows('certificates.sh', file)).toEqual([{ certificate: file, subject: 'CN=pve', expires }]);
  });

  test('a date in no form that is known, a server that does not answer, and no openssl are errors', async () => {
    const file = join(host.directory, 'any.pem');
    await writeFile(file, '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n');
    await prints('openssl', 'notAfter=2027-01-05\n');
    expect((await host.run('certificates.sh', [file])).code).toBe(1);
    await host.command('openssl', 'exit 1');
    expect((await host.run('certificates.sh', ['pve.lan:8006'])).stderr).toContain('pve.lan:8006 has no certificate');
    expect((await host.run('certificates.sh')).stderr).toContain('name files');
  });
});
