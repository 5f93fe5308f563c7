import { createPrivateKey } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GitHubSimulator, type InstalledApp, startGitHubSimulator } from '../../simulator/server.ts';
import { memoryBlobCache } from '../../src/core/blob-cache.ts';
import { toPkcs8 } from '../../src/github/app-key.ts';
import { type Installation, openSession, signIn as signInAs } from '../../src/github/credentials.ts';
import { githubHead, githubSnapshot } from '../../src/snapshot/github/snapshot.ts';
import { createGitFixture, type GitFixture } from '../conformance/git-fixture.ts';

const PLACE = { owner: 'ronny', repo: 'ops' };

let fixture: GitFixture;
let simulator: GitHubSimulator;
let app: InstalledApp;
beforeAll(async () => {
  fixture = createGitFixture([{ name: 'only', files: { 'a.yaml': 'a: 1\n', 'b.bin': 'b\0' } }]);
});
beforeEach(async () => {
  simulator = await startGitHubSimulator({
    repositories: [
      { owner: 'ronny', name: 'ops', gitDir: fixture.gitDir, private: true, roles: { 'lanekeeper-bot': 'write' } },
      { owner: 'ronny', name: 'workbench', gitDir: fixture.gitDir, private: true },
    ],
    now: '2026-02-18T03:00:00Z',
    jwtClock: 'system',
  });
  app = simulator.installApp('lanekeeper');
});
afterEach(async () => {
  expect(simulator.violations).toEqual([]);
  await simulator.close();
});
afterAll(() => fixture.remove());

const options = () => ({ baseUrl: simulator.url, now: Date.now, retryDelays: [1, 1] });
const signIn = (privateKey = app.privateKey, place = PLACE) =>
  openSession({ kind: 'app', appId: String(app.app.id), privateKey }, place, options());
const pkcs8 = () => createPrivateKey(app.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
const escaped = (pem: string) => pem.replaceAll('\n', '\\n');

describe('an app’s key', () => {
  test('is accepted as GitHub hands it out, as PKCS#8, on one line, and with stray spaces', () => {
    const [one, eight] = [app.privateKey, pkcs8()];
    expect(one).toContain('BEGIN RSA PRIVATE KEY');
    for (const pem of [one, eight, escaped(one), escaped(eight), `\n  ${one}\n\n`, one.replaceAll('\n', '\r\n')])
      expect(toPkcs8(pem)).toBe(eight);
  });

  test.each(['', 'not a key', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----'])(
    'is refused where it is none: %j',
    async (pem) => {
      expect(() => toPkcs8(pem)).toThrow();
      await expect(signIn(pem)).rejects.toMatchObject({
        name: 'GitHubError',
        failure: 'unauthorized',
        message: expect.stringContaining('paste the whole file'),
      });
      expect(simulator.requests).toEqual([]);
    },
  );
});

describe('an app', () => {
  test.each(['PKCS#1', 'PKCS#8'])(
    'signs in with %s and reads a private repository as its installation',
    async (form) => {
      const { client, login } = await signIn(form === 'PKCS#1' ? escaped(app.privateKey) : pkcs8());
      expect(login).toBe('lanekeeper[bot]');
      expect(client.counts).toEqual({ target: 0, sibling: 0, token: 3, status: 0, inbox: 0 });
      const sha = await githubHead(client, PLACE, 'main');
      const contents = await (await githubSnapshot(client, PLACE, sha, memoryBlobCache())).read(['a.yaml', 'b.bin']);
      expect([...contents.values()].map((content) => 'bytes' in content && content.bytes.length)).toEqual([5, 2]);
      expect(client.counts).toEqual({ target: 4, sibling: 0, token: 3, status: 0, inbox: 0 });
    },
  );

  test('asks for a token only, once it is known where it is installed, and finds out anew where that has changed', async () => {
    let kept: Installation | undefined;
    const installations = {
      recall: async () => kept,
      note: async (installation: Installation) => {
        kept = installation;
      },
    };
    const credentials = { kind: 'app', appId: String(app.app.id), privateKey: app.privateKey } as const;
    const again = async () => {
      const { client, login } = await signInAs(credentials, PLACE, { ...options(), installations });
      expect([login, await githubHead(client, PLACE, 'main')]).toEqual(['lanekeeper[bot]', fixture.sha('only')]);
      return client.counts.token;
    };
    expect(await again()).toBe(3);
    expect(await again()).toBe(1);
    kept = { id: 4711, slug: 'lanekeeper' };
    expect(await again()).toBe(4);
    expect(kept).toEqual({ id: app.installation.id, slug: 'lanekeeper' });
    app.installation.suspended = true;
    await expect(again()).rejects.toMatchObject({ failure: 'forbidden' });
  });

  test('may read siblings that it is installed on', async () => {
    const { client } = await signIn();
    const workbench = { owner: 'ronny', repo: 'workbench' };
    expect(await githubHead(client.for('sibling'), workbench, 'main')).toBe(fixture.sha('only'));
    expect(client.counts.sibling).toBe(1);
  });

  test('finds its installation of a renamed repository', async () => {
    simulator.renameRepository('homelab', 'ronny/ops');
    const { client } = await signIn();
    expect(await githubHead(client, PLACE, 'main')).toBe(fixture.sha('only'));
    expect(client.counts).toMatchObject({ token: 4, target: 2 });
  });

  test('that is not installed there, or not known, is told so', async () => {
    await expect(signIn(app.privateKey, { owner: 'ronny', repo: 'else' })).rejects.toMatchObject({
      failure: 'not-found',
    });
    const stranger = { kind: 'app', appId: '12345', privateKey: app.privateKey } as const;
    await expect(openSession(stranger, PLACE, options())).rejects.toMatchObject({ failure: 'not-found' });
  });

  test('that is suspended is told so', async () => {
    app.installation.suspended = true;
    await expect(signIn()).rejects.toMatchObject({ failure: 'forbidden' });
  });

  test('mints its token once, whatever happens', async () => {
    const operation = 'apps/create-installation-access-token';
    simulator.faults.add({ match: { operation }, kind: 'error-502-after-effect' });
    await expect(signIn()).rejects.toMatchObject({ failure: 'transport' });
    expect(simulator.requests.filter((request) => request.operation === operation)).toHaveLength(1);
  });
});

describe('a personal token', () => {
  const withToken = (token: string) => openSession({ kind: 'token', token }, PLACE, options());

  test('says whose it is', async () => {
    const { client, login } = await withToken(simulator.token);
    expect(login).toBe('lanekeeper-bot');
    expect(client.counts).toMatchObject({ token: 1, target: 0 });
  });

  test('that is wrong or revoked is unauthorized', async () => {
    await expect(withToken('github_pat_wrong')).rejects.toMatchObject({ failure: 'unauthorized' });
    simulator.revokeToken(simulator.token);
    await expect(withToken(simulator.token)).rejects.toMatchObject({ failure: 'unauthorized' });
  });
});
