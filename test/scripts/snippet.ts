import { executeScript, type ScriptRun } from '../../src/scripts/execute.ts';
import { treeOf } from './tree-of.ts';

/** A few lines of shell with what the real programs make of them. */
export interface Snippet {
  readonly title: string;
  readonly script: string;
  readonly status: number | null;
  readonly output: string | null;
}

/** Snippets of a file: each starts with `### title`, and its recorded outcome follows `--- status N`. */
export function parseSnippets(text: string): readonly Snippet[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((block) => {
      const [title = '', ...rest] = block.split('\n');
      const [script = '', recorded] = rest.join('\n').split(/^--- status /m);
      const [, status, output = ''] = /^(\d+)\n([\s\S]*)$/.exec(recorded ?? '') ?? [];
      return {
        title,
        script,
        status: status === undefined ? null : Number(status),
        output: status === undefined ? null : output,
      };
    });
}

export function printSnippets(snippets: readonly Snippet[]): string {
  return snippets
    .map(({ title, script, status, output }) => `### ${title}\n${script}--- status ${status}\n${output}`)
    .join('');
}

/** Small files that the snippets look at. */
export const FIXTURE: Readonly<Record<string, string>> = {
  'a.txt': 'one\ntwo\nthree\nfour\nfive\n',
  'b.txt': 'Alpha beta\nalpha BETA\ngamma=1\n\nkey: value # note\n',
  'dir/x.md': '# Title\nsee [a](a.txt)\n',
  'dir/sub/y.sh': '#!/usr/bin/env bash\necho "y: $1 $#"\n',
  'dir/.hidden': 'secret\n',
  'table.psv': 'id|name|state\n1|core|up\n2|edge|down\n',
  'data.json': '{"items":[{"name":"a","n":1},{"name":"b","n":2}]}\n',
  'spaced name.txt': 'spaced\n',
};
export const EXECUTABLE: readonly string[] = ['dir/sub/y.sh'];
export const ROOT = '/tmp/snippets/repo';

export function runSnippet(script: string): Promise<ScriptRun> {
  return executeScript({
    script: 'snippet.sh',
    tree: treeOf({ ...FIXTURE, 'snippet.sh': script }, EXECUTABLE),
    siblings: new Map(),
    now: Date.parse('2026-02-18T01:00:00Z'),
    layout: { root: ROOT, home: '/tmp/snippets/home', siblings: new Map(), environment: new Map() },
  });
}
