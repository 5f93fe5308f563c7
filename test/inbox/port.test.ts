import { describe, expect, test } from 'vitest';
import { createScratchRepository } from '../../simulator/scratch-repository.ts';
import { startGitHubSimulator } from '../../simulator/server.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { parseTargets } from '../../src/config/targets.ts';
import { memoryBlobCache } from '../../src/core/blob-cache.ts';
import { openTarget } from '../../src/open-target.ts';
import { type InboxStage, testInboxPort, testInboxWrites } from '../conformance/inbox.ts';
import { paperInbox, paperIssues } from './paper-issues.ts';

/** GitHub's double, and the adapter of a target that is switched on or not. */
async function atGitHub(mode: 'on' | 'dry-run'): Promise<InboxStage> {
  const scratch = createScratchRepository();
  scratch.commit({ 'README.md': 'Hello.\n' });
  const simulator = await startGitHubSimulator({
    repositories: [{ owner: 'you', name: 'homelab', gitDir: scratch.gitDir }],
  });
  const settings = parseSettings({ GITHUB_API_URL: simulator.url, GITHUB_TOKEN: simulator.token });
  const open = async (inbox: 'on' | 'dry-run') => {
    const [target] = parseTargets(`targets: [{ repo: you/homelab, inbox: ${inbox} }]`);
    if (!target) throw new Error('no target');
    return (await openTarget(target, settings, memoryBlobCache(), Date.now)).inbox;
  };
  const person = simulator.actAs('ronny');
  return {
    inbox: await open(mode),
    writer: await open('on'),
    openIssue: (title, labels) => person.openIssue({ title, body: 'By hand.', labels: [...labels] }),
    closeIssue: (issue) => person.close(issue, 'completed'),
    deleteIssue: (issue) => person.deleteIssue(issue),
    async end() {
      await simulator.close();
      scratch.remove();
      expect(simulator.violations).toEqual([]);
    },
  };
}

async function onPaper(): Promise<InboxStage> {
  const issues = paperIssues(Date.now);
  const inbox = paperInbox(issues);
  return {
    inbox,
    writer: inbox,
    openIssue: (title, labels) => issues.open(title, labels, null),
    closeIssue: (issue) =>
      issues.change(issue, { state: 'closed', stateReason: 'completed', closedAt: Date.now(), closedBy: 'person' }),
    deleteIssue: (issue) => void issues.all.set(issue, 'deleted'),
    end: async () => {},
  };
}

describe('issues at GitHub', () => {
  testInboxPort(() => atGitHub('on'));
  testInboxWrites(() => atGitHub('on'));
});

describe('issues on paper', () => {
  testInboxPort(onPaper);
  testInboxWrites(onPaper);
});

describe('issues of a target that is not switched on', () => {
  testInboxPort(() => atGitHub('dry-run'));

  test('are never written', async () => {
    const stage = await atGitHub('dry-run');
    const { issue } = await stage.writer.perform(
      { kind: 'create', about: '@broken', content: { kind: 'broken', error: 'No.' }, labels: ['audit'] },
      'key',
    );
    await expect(stage.inbox.perform({ kind: 'close', issue, reason: 'completed' }, 'key')).rejects.toThrow('dry run');
    expect([await stage.inbox.findCreated('key'), await stage.inbox.hasComment(issue, 'key')]).toEqual([null, false]);
    expect(await stage.inbox.get(issue)).toMatchObject({ state: 'open' });
    await stage.end();
  });
});
