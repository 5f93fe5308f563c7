import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsKey, verifySignature } from '../../src/reported/hmac.ts';
import { parseResults } from '../../src/reported/results.ts';
import { createHost, type Host, has } from './host.ts';

describe.runIf(has('curl', 'openssl'))('post.sh', () => {
  const KEY = resultsKey('a secret of the Worker', 'you/homelab', 1);

  let host: Host;
  beforeAll(async () => {
    host = await createHost();
    await host.command(
      'qm',
      "echo 'VMID NAME STATUS MEM(MB) BOOTDISK(GB) PID'; echo '200 names running 2048 16.00 1412'",
    );
    await host.command('pct', 'true');
    await host.command('zpool', "printf 'tank\\tONLINE\\t41\\t1000\\t590\\n'");
  });
  afterAll(() => host.remove());

  /** Posts to a server of this test and gives what arrived there. */
  async function post(args: readonly string[], status = 202, environment: NodeJS.ProcessEnv = {}) {
    const arrived: { url: string | undefined; signature: string; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      arrived.push({ url: request.url, signature: String(request.headers['x-lanekeeper-signature']), body });
      response.writeHead(status).end('{"title":"said by the server"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const keyFile = join(host.directory, 'results-key');
    await writeFile(keyFile, `${await KEY}\n`, { mode: 0o600 });
    const outcome = await host.run('post.sh', args, {
      LANEKEEPER_URL: `http://127.0.0.1:${port}`,
      LANEKEEPER_REPO: 'you/homelab',
      LANEKEEPER_KEY_FILE: keyFile,
      ...environment,
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
      1,
      1,
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

  test('odd words in a table or a runner are JSON all the same; blank lines are no rows', async () => {
    const odd = 'a "quoted" \\ host\tü';
    const { arrived } = await post(['guests=./guests.sh; echo; echo " "'], 202, { LANEKEEPER_RUNNER: odd });
    const { runner, facts } = JSON.parse(arrived[0]?.body ?? '{}');
    expect([runner, facts.guests.rows.length]).toEqual([odd, 1]);
  });

  test('a table that is named twice is refused rather than half posted', async () => {
    const { code, stderr, arrived } = await post(['guests=./guests.sh', 'guests=./guests.sh']);
    expect([code, stderr, arrived]).toEqual([1, 'post: guests is named twice; join its commands with &&\n', []]);
  });

  test('facts about another machine carry its name', async () => {
    const { arrived } = await post(['pools=./pools.sh && FACTS_HOST=nas ./pools.sh']);
    const { facts } = JSON.parse(arrived[0]?.body ?? '{}');
    expect(facts.pools.rows.map(({ host }: { host: string }) => host)).toEqual(['pve', 'nas']);
  });

  test('a key file that is missing or empty is named, and nothing is sent', async () => {
    const gone = await post(['guests=./guests.sh'], 202, { LANEKEEPER_KEY_FILE: '/no/such/key' });
    const empty = await post(['guests=./guests.sh'], 202, { LANEKEEPER_KEY_FILE: '/dev/null' });
    expect([gone.code === 0, gone.stderr, gone.arrived]).toEqual([false, expect.stringContaining('/no/such/key'), []]);
    expect([empty.code, empty.stderr, empty.arrived]).toEqual([1, 'post: /dev/null is empty\n', []]);
  });

  describe.each([
    ['with a timeout', undefined],
    ['without one that knows signals', 'exit 1'],
  ])('%s', (_, timeout) => {
    test.runIf(timeout !== undefined || has('timeout'))(
      'a command that hangs, and one that is deaf, are ended, and the rest arrives',
      async () => {
        if (timeout !== undefined) await host.command('timeout', timeout);
        const hung = ['pools=exec sleep 60', "disks=trap '' TERM INT; exec sleep 60", 'guests=./guests.sh'];
        const before = Date.now();
        const { code, stderr, arrived } = await post(hung, 202, { LANEKEEPER_TIMEOUT: '1' });
        expect(code).toBe(1);
        expect(stderr).toContain('post: exec sleep 60 took over 1 s, so pools is not posted\n');
        expect(stderr).toContain('so disks is not posted\n');
        expect(Object.keys(JSON.parse(arrived[0]?.body ?? '{}').facts)).toEqual(['guests']);
        expect(Date.now() - before).toBeLessThan(20_000);
      },
    );

    test('a command that fails, and one that asks a question, wait for nobody', async () => {
      if (timeout !== undefined) await host.command('timeout', timeout);
      const { code, stderr, arrived } = await post(['pools=exit 3', 'backups=read -r answer', 'guests=./guests.sh']);
      expect([code, stderr.match(/is not posted/g)?.length]).toEqual([1, 2]);
      expect(Object.keys(JSON.parse(arrived[0]?.body ?? '{}').facts)).toEqual(['guests']);
    });
  });
});
