/** What one opening of a target finds out at GitHub. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createScratchRepository, type ScratchRepository } from '../simulator/scratch-repository.ts';
import { type GitHubSimulator, startGitHubSimulator } from '../simulator/server.ts';
import { parseSettings } from '../src/config/settings.ts';
import { parseTargets } from '../src/config/targets.ts';
import { memoryBlobCache } from '../src/core/blob-cache.ts';
import { openTarget } from '../src/open-target.ts';

let scratch: ScratchRepository;
let simulator: GitHubSimulator;
beforeEach(async () => {
  scratch = createScratchRepository();
  scratch.commit({ 'README.md': 'Both of them.\n' });
  const roles = { bot: 'write' } as const;
  simulator = await startGitHubSimulator({
    repositories: ['homelab', 'workbench'].map((name) => ({ owner: 'you', name, gitDir: scratch.gitDir, roles })),
    tokens: [{ token: 'github_pat_bot', login: 'bot' }],
  });
});
afterEach(async () => {
  expect(simulator.violations).toEqual([]);
  await simulator.close();
  scratch.remove();
});

/** Who is private, as the audit hears it, and how many requests that took. */
async function visibility(more = '') {
  const text = `targets: [{ repo: you/homelab, siblings: { workbench: { repo: you/workbench } } ${more} }]`;
  const [target] = parseTargets(text);
  if (!target) throw new Error('no target');
  const settings = parseSettings({ GITHUB_API_URL: simulator.url, GITHUB_TOKEN: 'github_pat_bot' });
  const before = simulator.requests.length;
  const access = await openTarget(target, settings, memoryBlobCache(), Date.now);
  const { isPrivate } = await access.open(await access.head());
  const { workbench } = access.siblings;
  const sibling = await workbench?.open(await workbench.head());
  return [isPrivate, sibling?.isPrivate, simulator.requests.length - before];
}

test('a snapshot says whether its repository is private, without a request of its own', async () => {
  const [, , requests] = await visibility();
  expect(await visibility()).toEqual([false, false, requests]);
  simulator.repository('you/workbench').private = true;
  expect(await visibility()).toEqual([false, true, requests]);
  simulator.repository('you/homelab').private = true;
  expect(await visibility()).toEqual([true, true, requests]);
});

test('a private target whose pages are public has everybody for a reader', async () => {
  simulator.repository('you/homelab').private = true;
  expect((await visibility(', public: badge'))[0]).toBe(true);
  expect((await visibility(', public: all'))[0]).toBe(false);
});
