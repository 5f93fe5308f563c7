import { describe, expect, test } from 'vitest';
import { REPO, stage } from './fixture.ts';

/** Names that every plain object knows, and others that are no name at all. */
const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', '@group', '%00', '..', '%', ' '];

/** The addresses of a route with a name in place of each of its parts: of one at a time, and of all. */
function addresses(path: string, name: string): readonly string[] {
  const values = new Map([
    ['owner', 'you'],
    ['repo', 'homelab'],
    ['audit', 'latest'],
    ['gate', 'D138'],
    ['file', 'infra.svg'],
  ]);
  const parts = [...path.matchAll(/:(\w+)/g)].map(([, part = '']) => part);
  const fill = (hostile: readonly string[]) =>
    path
      .replace(/:(\w+)(?:\{[^}]*\})?/g, (_, part: string) => {
        if (!hostile.includes(part)) return values.get(part) ?? 'x';
        return part === 'file' ? `${name}.svg` : name;
      })
      .replace('*', name);
  return [...parts.map((part) => fill([part])), fill(parts)];
}

describe.each(NAMES)('a thing that is called %j', async (name) => {
  const { app, get } = await stage();
  const reads = app.routes.filter(({ method, path }) => method === 'GET' && path !== '/*').map(({ path }) => path);

  test('is found or not found on every route, and breaks none', async () => {
    expect(reads.length).toBeGreaterThan(15);
    for (const route of new Set(reads)) {
      for (const address of addresses(route, name)) {
        const { status } = await get(encodeURI(decodeSafely(address)));
        expect([address, status < 500]).toEqual([address, true]);
      }
    }
  });

  test('is no lane, no gate and no audit', async () => {
    const encoded = encodeURIComponent(decodeSafely(name));
    for (const path of [
      `/badge/${REPO}/${encoded}.svg`,
      `/${REPO}/gates/${encoded}`,
      `/${REPO}?at=${encoded}`,
      `/${REPO}/compare?from=${encoded}`,
      `/api/repos/${REPO}/audits/latest/gates/${encoded}`,
      `/api/repos/${REPO}/compare?from=latest&to=${encoded}`,
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });
});

test.each(['constructor', '__proto__', 'toString'])('a gate and a lane that are called %s are shown', async (name) => {
  const { get } = await stage({ rename: name });
  for (const path of ['/', `/${REPO}`, `/${REPO}/gates/${name}`, `/${REPO}/compare?from=aaaaaaa`])
    expect([path, (await get(path)).status]).toEqual([path, 200]);
  for (const format of ['json', 'md', 'sarif'])
    expect((await get(`/api/repos/${REPO}/audits/latest/report.${format}`)).status).toBe(200);
});

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
