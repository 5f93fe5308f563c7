import { describe, expect, test } from 'vitest';
import { resultsKey, signResults, verifySignature } from '../../src/reported/hmac.ts';

const NOW = Date.parse('2026-02-18T04:17:00Z');
const BODY = '{"schemaVersion":1}';
const SECRET = 'a secret of the Worker';

describe('a results key', () => {
  test('signs for its own repository, in any case of its name', async () => {
    const key = await resultsKey(SECRET, 'You/Homelab', 1);
    const header = await signResults(key, BODY, NOW);
    await verifySignature(await resultsKey(SECRET, 'you/homelab', 1), header, BODY, NOW + 299_000);
  });

  test.each([
    ['of another repository', 'you/other', 1, SECRET],
    ['of an earlier generation', 'you/homelab', 0, SECRET],
    ['of another Worker', 'you/homelab', 1, 'another secret of a Worker'],
  ])('%s is refused', async (_, repo, generation, secret) => {
    const header = await signResults(await resultsKey(secret, repo, generation), BODY, NOW);
    const mine = await resultsKey(SECRET, 'you/homelab', 1);
    await expect(verifySignature(mine, header, BODY, NOW)).rejects.toThrow('not one by this repository');
  });
});

describe('a signature', async () => {
  const key = await resultsKey(SECRET, 'you/homelab', 1);
  const good = await signResults(key, BODY, NOW);

  test.each<[string, string, string, number]>([
    ['of another body', good, `${BODY} `, NOW],
    ['made five minutes ago', good, BODY, NOW + 301_000],
    ['from the future', good, BODY, NOW - 301_000],
    ['with another time written in', good.replace(/^t=\d+/, `t=${NOW / 1000 + 1}`), BODY, NOW],
    ['that is empty', '', BODY, NOW],
    ['that is cut', good.slice(0, -1), BODY, NOW],
    ['in capitals', good.toUpperCase(), BODY, NOW],
    ['with something behind it', `${good},v1=00`, BODY, NOW],
  ])('%s is refused', async (_, header, body, now) => {
    await expect(verifySignature(key, header, body, now)).rejects.toMatchObject({
      name: 'ResultsRefused',
      status: 401,
    });
  });
});
