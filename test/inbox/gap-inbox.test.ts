import { expect, test } from 'vitest';
import { type RenderContext, renderBody } from '../../src/inbox/github/render.ts';
import type { IssueContent } from '../../src/inbox/writes.ts';

const context: RenderContext = {
  repo: 'you/homelab',
  webUrl: 'https://github.com',
  sha: 'a'.repeat(40),
  dashboardUrl: 'https://lanekeeper.example/you/homelab',
};
const summary = { lanes: [], open: [], baseline: [], waivers: [], blind: [], errors: [] };
const content: IssueContent = { kind: 'inbox', summary };

test('the Gap inbox shows the badge, for freshness, where GitHub can fetch it', () => {
  const badgeUrl = 'https://lanekeeper.example/badge/you/homelab/all.svg';
  expect(renderBody(content, { ...context, badgeUrl })).toContain(`![How fresh the last audit is](${badgeUrl})`);
  expect(renderBody(content, context)).not.toContain('![');
});
