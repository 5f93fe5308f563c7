import { expect, test } from 'vitest';
import { renderBody } from '../../src/inbox/github/render/body.ts';
import type { RenderContext } from '../../src/inbox/github/render/context.ts';

const context: RenderContext = {
  repo: 'you/homelab',
  webUrl: 'https://github.com',
  sha: 'a'.repeat(40),
  dashboardUrl: 'https://lanekeeper.example/you/homelab',
};
const summary = { lanes: [], open: [], baseline: [], waivers: [], blind: [], errors: [] };
const content = { kind: 'inbox', summary } as const;

test('the Gap inbox shows the badge, for freshness, where GitHub can fetch it', () => {
  const badgeUrl = 'https://lanekeeper.example/badge/you/homelab/all.svg';
  expect(renderBody(content, { ...context, badgeUrl })).toContain(`![Last audit](${badgeUrl})`);
  expect(renderBody(content, context)).not.toContain('![');
});
