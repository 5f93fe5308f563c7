import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsKey, verifySignature } from '../../src/reported/hmac.ts';
import { parseResults } from '../../src/reported/results.ts';

const FACTS = join(import.meta.dirname, '../../scripts/facts');
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

/** A fresh machine has Node, npm and git; what a script needs beyond is tested where it is there, as it is in CI. */
function has(...programs: readonly string[]): boolean {
  return programs.every((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0);
}

let scratch: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'lanekeeper-facts-'));
  const bin = join(scratch, 'bin');
  await mkdir(bin);
  for (const [name, answers] of Object.entries(COMMANDS)) {
    const cases = Object.entries(answers).map(([args, file]) => `  '${args}') cat '${join(RECORDED, file)}' ;;`);
    await command(
      join(bin, name),
      `case "$*" in\n${cases.join('\n')}\n  *) echo "$0 $*: not recorded" >&2; exit 9 ;;\nesac`,
    );
  }
  await command(join(bin, 'hostname'), 'echo pve');
  env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

async function command(place: string, script: string): Promise<void> {
  await writeFile(place, `#!/bin/sh\n${script}\n`);
  await chmod(place, 0o755);
}

interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function run(script: string, args: readonly string[] = [], extra: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile('sh', [join(FACTS, script), ...args], { env: { ...env, ...extra } }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

async function rowsOf(script: string, ...args: readonly string[]): Promise<readonly unknown[]> {
  const { stdout } = await run(script, args);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a fact script prints one row a line', () => {
  test('guests', async () => {
    expect(await rowsOf('guests.sh')).toEqual([
      { vmid: 200, name: 'names', kind: 'vm', status: 'running', host: 'pve' },
      { vmid: 214, name: 'photos', kind: 'vm', status: 'running', host: 'pve' },
      { vmid: 231, name: 'spare', kind: 'vm', status: 'stopped', host: 'pve' },
      { vmid: 301, name: 'proxy', kind: 'ct', status: 'running', host: 'pve' },
      { vmid: 302, name: 'scratch', kind: 'ct', status: 'stopped', host: 'pve' },
    ]);
  });

  test('ZFS pools', async () => {
    expect(await rowsOf('pools.sh')).toMatchObject([
      { pool: 'rpool', health: 'ONLINE', used_percent: 41 },
      { pool: 'tank', health: 'DEGRADED', used_percent: 87, bytes: 7937399554048 },
    ]);
  });

  test('disks, one that cannot be opened among them', async () => {
    expect(await rowsOf('disks.sh')).toEqual([
      { disk: '/dev/sda', health: 'PASSED', ok: true, host: 'pve' },
      { disk: '/dev/nvme0', health: 'FAILED!', ok: false, host: 'pve' },
      { disk: '/dev/sdb', health: 'unknown', ok: false, host: 'pve' },
    ]);
  });

  test('vzdump archives, by the time they were written', async () => {
    const dump = join(scratch, 'dump');
    await mkdir(dump);
    const archive = join(dump, 'vzdump-qemu-200-2026_02_18-04_00_01.vma.zst');
    for (const file of [archive, `${archive}.notes`, join(dump, 'vzdump-qemu-200-2026_02_18-04_00_01.log')])
      await writeFile(file, '12345');
    await utimes(archive, new Date(), new Date('2026-02-18T03:01:00Z'));
    expect(await rowsOf('backups-vzdump.sh', dump)).toEqual([
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
    const { code, stderr } = await run('backups-vzdump.sh', [join(scratch, 'gone')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('is not a folder (is the NAS mounted?)')]);
  });

  test.runIf(has('jq'))('snapshots of PBS, restic and borg', async () => {
    expect(await rowsOf('backups-pbs.sh')).toEqual([
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
        bytes: null,
        verified: false,
        host: 'pve',
      },
    ]);
    expect(await rowsOf('backups-restic.sh')).toMatchObject([
      { kind: 'restic', name: 'photos', host: 'nas', time: '2026-02-18T03:00:01Z', bytes: 1234 },
      { kind: 'restic', name: '/etc', time: '2026-02-17T03:00:01Z', bytes: null },
    ]);
    expect(await rowsOf('backups-borg.sh')).toMatchObject([{ kind: 'borg', time: '2026-02-18T03:00:01Z' }]);
  });

  test.runIf(has('openssl'))('when a certificate expires', async () => {
    const [key, file] = [join(scratch, 'key.pem'), join(scratch, 'cert.pem')];
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
    const [row] = (await rowsOf('certificates.sh', file)) as [{ expires: string }];
    expect((Date.parse(row.expires) - Date.now()) / 86_400_000).toBeCloseTo(30, 1);
  });
});

describe.runIf(has('curl', 'openssl'))('post.sh', () => {
  const KEY = resultsKey('a secret of the Worker', 'you/homelab', 1);

  /** Posts to a server of this test and gives what arrived there. */
  async function post(args: readonly string[], status = 202) {
    const arrived: { url: string | undefined; signature: string; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      arrived.push({ url: request.url, signature: String(request.headers['x-lanekeeper-signature']), body });
      response.writeHead(status).end('{"title":"said by the server"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const keyFile = join(scratch, 'results-key');
    await writeFile(keyFile, `${await KEY}\n`, { mode: 0o600 });
    const outcome = await run('post.sh', args, {
      LANEKEEPER_URL: `http://127.0.0.1:${port}`,
      LANEKEEPER_REPO: 'you/homelab',
      LANEKEEPER_KEY_FILE: keyFile,
    });
    await new Promise((resolve) => server.close(resolve));
    return { ...outcome, arrived };
  }

  test('posts what the Worker takes, signed with the key of the repository', async () => {
    const { code, arrived } = await post(['guests=./guests.sh', 'pools=./pools.sh']);
    const [{ url, signature, body } = { url: '', signature: '', body: '' }] = arrived;
    expect([code, url]).toEqual([0, '/api/repos/you/homelab/results']);
    await verifySignature(await KEY, signature, body, Date.now());
    const results = parseResults(body, { known: new Map(), now: Date.now(), maxAge: 3_600_000 });
    expect([results.runner, results.facts.guests?.rows.length, results.facts.pools?.rows.length]).toEqual([
      'pve',
      5,
      2,
    ]);
  });

  test('a table whose command fails is left out and named, the rest arrives', async () => {
    const { code, stderr, arrived } = await post(['guests=./guests.sh', 'pools=false']);
    expect([code, stderr]).toEqual([1, 'post: false failed, so pools is not posted\n']);
    expect(Object.keys(JSON.parse(arrived[0]?.body ?? '{}').facts)).toEqual(['guests']);
  });

  test('an empty table is posted as one: nothing there is a fact, too', async () => {
    const { arrived } = await post(['backups=true']);
    expect(JSON.parse(arrived[0]?.body ?? '{}').facts.backups.rows).toEqual([]);
  });

  test('says what the Worker answered when it refuses', async () => {
    const { code, stderr } = await post(['guests=./guests.sh'], 401);
    expect([code, stderr]).toEqual([1, expect.stringContaining('answered 401: {"title":"said by the server"}')]);
  });

  test('a post that had arrived before is no error', async () => {
    expect((await post(['guests=./guests.sh'], 409)).code).toBe(0);
  });
});

describe('every shell file', async () => {
  const files = (await readdir(FACTS)).map((file) => join(FACTS, file));

  test.each(files)('%s begins by saying what it is for', async (file) => {
    expect(await readFile(file, 'utf8')).toMatch(/^#!\/bin\/sh\n# \w/);
  });

  test.runIf(has('shellcheck'))('is one in which shellcheck finds nothing', () => {
    const project = join(FACTS, '../..');
    const found = spawnSync('shellcheck', [...files, join(project, '.ci/run')], { encoding: 'utf8' });
    expect(found.stdout).toBe('');
  });
});
