/**
 * Runs the snippets of test/scripts/snippets in this machine's bash and in the engine and says where they differ.
 *   node scripts/compare-shell.ts [--record] [file or title part]…
 * `--record` writes what the real programs did into the snippet files: the tests hold the engine to it, where no bash 5 is needed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSnippets, printSnippets, runSnippet, type Snippet } from '../test/scripts/snippet.ts';
import { runReal } from './shell/real-shell.ts';

const FOLDER = join(import.meta.dirname, '../test/scripts/snippets');
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const records = process.argv.includes('--record');

let same = 0;
let different = 0;
for (const name of readdirSync(FOLDER).sort()) {
  const file = join(FOLDER, name);
  const snippets = parseSnippets(readFileSync(file, 'utf8'));
  const recorded: Snippet[] = [];
  for (const snippet of snippets) {
    if (wanted.length > 0 && !wanted.some((part) => name.includes(part) || snippet.title.includes(part))) {
      recorded.push(snippet);
      continue;
    }
    const real = runReal(snippet.script);
    recorded.push({
      ...snippet,
      ...real,
      output: real.output === '' || real.output.endsWith('\n') ? real.output : `${real.output}\n`,
    });
    let ours: { status: number; output: string };
    try {
      const run = await runSnippet(snippet.script);
      ours = {
        status: run.limit ? -1 : run.status,
        output: run.output + run.needs.map(({ what }) => `needs ${what}\n`).join(''),
      };
    } catch (error) {
      ours = { status: -2, output: error instanceof Error ? (error.stack ?? '') : String(error) };
    }
    if (ours.status === real.status && ours.output === real.output) same++;
    else {
      different++;
      console.log(
        `=== ${name}: ${snippet.title}\n${snippet.script}--- real ${real.status}\n${real.output}--- ours ${ours.status}\n${ours.output}`,
      );
    }
  }
  if (records) writeFileSync(file, printSnippets(recorded));
}
console.log(`${same} the same, ${different} different`);
