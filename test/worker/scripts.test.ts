import { describe, expect, test } from 'vitest';
import { parseSnippets, runSnippet } from '../scripts/snippet.ts';
import errexit from '../scripts/snippets/errexit.txt?raw';
import errors from '../scripts/snippets/errors.txt?raw';
import expansion from '../scripts/snippets/expansion.txt?raw';
import text from '../scripts/snippets/text.txt?raw';

/** What holds in Node holds where audits run. */
describe('scripts in the Worker runtime do what bash does', () => {
  test.each(parseSnippets(errexit + errors + expansion + text).map((snippet) => [snippet.title, snippet] as const))(
    '%s',
    async (_, { script, status, output }) => {
      const run = await runSnippet(script);
      const ended = run.output === '' || run.output.endsWith('\n') ? run.output : `${run.output}\n`;
      expect({ status: run.status, output: ended, limit: run.limit }).toEqual({ status, output, limit: null });
    },
  );
});
