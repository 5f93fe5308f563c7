import { defineConfig } from 'vitest/config';

/** `npm run test:browser`: the dashboard in real Chromium. Apart from `npm test`, which needs no browser. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    root: new URL('../..', import.meta.url).pathname,
    testTimeout: 60_000,
    hookTimeout: 240_000,
    fileParallelism: false,
  },
});
