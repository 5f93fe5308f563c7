import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RegisteredGate } from '../../src/audit/registry/governance.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { isExpected } from '../shared/audit-clone.ts';
import { type Checkout, checkOut } from '../shared/checkout.ts';
import { runAsCommand, UsageError } from '../shared/command-line.ts';
import { registeredGates } from '../shared/registry.ts';
import { missingTool } from '../shared/tools.ts';
import { type CertifyArguments, parseCertifyArguments, USAGE } from './arguments.ts';
import { type Certificate, certificateOf, printCertificates } from './certificate.ts';
import { compare, inWords, type Outcome } from './compare.ts';
import { tryScript } from './trial.ts';

async function certifyCommand(options: CertifyArguments): Promise<number> {
  const startedAt = new Date();
  const scripts = await scriptsToTry(options);
  const checkout = await checkOut(options.directory, options.at);
  const certificates: Certificate[] = [];
  const counts = new Map<Outcome['kind'], number>();
  try {
    for (const [script, gates] of scripts) {
      const outcome = await outcomeOf(script, checkout, options);
      counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
      process.stdout.write(`${gates.join(' ')} ${script}: ${inWords(outcome)}\n`);
      const certificate = await certificateOf(outcome, script, checkout, startedAt);
      if (certificate) certificates.push(certificate);
    }
  } finally {
    await checkout.remove();
  }
  if (options.output !== undefined) await writeFile(options.output, printCertificates(certificates));
  process.stdout.write(`\n${summary(counts, scripts.size)}\n`);
  if (certificates.length === 0) return 2;
  return counts.has('differs') ? 1 : 0;
}

async function outcomeOf(script: string, checkout: Checkout, options: CertifyArguments): Promise<Outcome> {
  const text = await readFile(join(checkout.directory, script), 'utf8').catch(() => undefined);
  if (text === undefined) return { kind: 'not-run', reason: 'it does not exist' };
  const missing = await missingTool(text);
  if (missing !== null) return { kind: 'not-run', reason: missing };
  return compare(await tryScript(script, checkout, options));
}

/** Gate numbers by script, in the registry's order. */
async function scriptsToTry({
  directory,
  at,
  gates,
}: CertifyArguments): Promise<ReadonlyMap<string, readonly string[]>> {
  const registered = await registeredGates(await directorySnapshot(directory, at), Date.now());
  const scripts = new Map<string, string[]>();
  const isWanted = ({ id, name }: RegisteredGate) => gates.length === 0 || gates.includes(id) || gates.includes(name);
  for (const gate of registered) {
    if (gate.isRetired || gate.isInline || gate.script === '' || !isWanted(gate)) continue;
    scripts.set(gate.script, [...(scripts.get(gate.script) ?? []), gate.id]);
  }
  if (scripts.size === 0) throw new UsageError('No gate of this repo has such a number or name, and a script.');
  return scripts;
}

function summary(counts: ReadonlyMap<Outcome['kind'], number>, all: number): string {
  const count = (kind: Outcome['kind']) => counts.get(kind) ?? 0;
  const compared = count('certified') + count('never-fails') + count('differs');
  const agreed = compared - count('differs');
  return [
    `${all} scripts: ${agreed} of ${compared} that could be compared agree, ${count('certified')} of them certified`,
    `${count('differs')} differ, ${count('unsteady')} are unsteady in bash itself, ${count('blind')} blind, ${count('not-run')} not run`,
  ].join('\n');
}

await runAsCommand(USAGE, async (argv) => {
  try {
    return await certifyCommand(parseCertifyArguments(argv));
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
});
