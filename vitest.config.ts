import { cloudflareTest } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // What passing tests log is the Worker's own log, many lines a night.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', 'test/browser/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                GITHUB_API_URL: inject('githubUrl'),
                GITHUB_TOKEN: inject('githubToken'),
                WEBHOOK_SECRET: 'a webhook secret for tests',
                DASHBOARD_TOKEN: 'dashboard-token-for-tests',
                DASHBOARD_URL: 'https://lanekeeper.example.workers.dev',
                RESULTS_SECRET: 'a results secret for tests',
                ACTIONS_ISSUER: inject('stageUrl'),
                TARGETS: JSON.stringify({
                  targets: [
                    { repo: 'you/homelab', inbox: 'on', siblings: { workbench: { repo: 'you/workbench' } } },
                    { repo: 'you/reporting', inbox: 'on' },
                    { repo: 'you/scripted', inbox: 'on' },
                    // Results are believed for seven seconds.
                    { repo: 'you/aging', inbox: 'on', resultsMaxAge: 0.002 },
                  ],
                }),
              },
            },
          })),
        ],
        test: {
          name: 'workerd',
          include: ['test/worker/**/*.test.ts'],
          globalSetup: ['./test/worker/global-setup.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
