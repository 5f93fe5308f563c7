import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseSnippets, runSnippet } from './snippet.ts';

const FOLDER = join(import.meta.dirname, 'snippets');

/** What bash 5.2 and the GNU tools did is recorded by `scripts/compare-shell.ts --record`. */
describe.each(readdirSync(FOLDER))('%s', (name) => {
  test.each(
    parseSnippets(readFileSync(join(FOLDER, name), 'utf8')).map((snippet) => [snippet.title, snippet] as const),
  )('%s', async (_, { script, status, output }) => {
    const run = await runSnippet(script);
    const ended = run.output === '' || run.output.endsWith('\n') ? run.output : `${run.output}\n`;
    expect({ status: run.status, output: ended, limit: run.limit }).toEqual({ status, output, limit: null });
  });
});
