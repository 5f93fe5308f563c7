import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, parseTargets } from '../src/config/targets.ts';

const [path = join(import.meta.dirname, '../bindings/targets.yaml')] = process.argv.slice(2);
try {
  const targets = parseTargets(await readFile(path, 'utf8'));
  for (const { repo, branch, inbox, siblings } of targets) {
    const through = Object.entries(siblings).map(([name, sibling]) => `${name} = ${sibling.repo}`);
    console.log(`${repo} (${branch}): inbox ${inbox}${through.length > 0 ? `, siblings ${through.join(', ')}` : ''}`);
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
