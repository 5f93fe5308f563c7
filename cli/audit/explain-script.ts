import { type GateReport, gateTitle, type ScriptReport } from '../../src/core/report.ts';
import { redactText } from '../../src/core/text/redact.ts';
import { parseQuestion, type Trace } from '../../src/core/trace.ts';
import { layoutOf } from '../../src/scripts/engine.ts';
import { executeScript, type ScriptRun } from '../../src/scripts/execute.ts';
import { SnapshotTree } from '../../src/scripts/files/tree.ts';
import { RESPECTS } from '../../src/scripts/surroundings.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { expectationsOf } from '../shared/audit-clone.ts';
import { loadPython } from '../shared/python.ts';
import type { AuditArguments } from './arguments.ts';

/** More of a kind than these say nothing new. */
const MOST_NAMED = 100;
const MOST_LINES = 200;

type Explained = Pick<AuditArguments, 'directory' | 'at' | 'now' | 'siblings' | 'checkoutRoot' | 'absent'>;

/** Runs the script of a gate once more and tells what it did. Throws `SnapshotError`. */
export async function explainScriptOf(gate: GateReport, script: ScriptReport, options: Explained): Promise<string> {
  const { directory, at, now, siblings, checkoutRoot, absent } = options;
  const opened = [...siblings].map(
    async ([name, place]) => [name, new SnapshotTree(await directorySnapshot(place))] as const,
  );
  const layout = layoutOf(await expectationsOf({ directory, siblings, checkoutRoot, absent }));
  const run = await executeScript({
    script: script.path,
    tree: new SnapshotTree(await directorySnapshot(directory, at)),
    siblings: new Map(await Promise.all(opened)),
    now,
    layout,
    python: loadPython,
  });
  const environment = ['HOME', ...layout.environment.keys()].sort();
  return [...told(gate, script, run), ...looks(run.trace, environment), ...printed(run.output)].join('\n');
}

function told(gate: GateReport, script: ScriptReport, run: ScriptRun): readonly string[] {
  const reason = script.reason === undefined ? '' : ` (${script.reason})`;
  const end = run.limit === null ? `it ended with status ${run.status}` : `it was ended: ${run.limit}`;
  return [
    `${gateTitle(gate)}: ${script.path} says ${script.verdict}${reason}, and is ${script.standing}`,
    `  ${end}, after ${run.commands} commands`,
    ...[...run.leansOn].map(([respect, place]) => `  ~ ${place} leans on ${RESPECTS[respect]}`),
    ...run.needs.map(({ what, place }) => `  ? ${place} needs ${redactText(what)}`),
    ...run.absent.map((place) => `  was told that ${redactText(place)} is absent`),
  ];
}

function looks({ facts, asksTime }: Trace, environment: readonly string[]): readonly string[] {
  const files: string[] = [];
  const missing: string[] = [];
  const listed: string[] = [];
  const asked = new Set<string>();
  for (const [text, answer] of facts) {
    const question = parseQuestion(text);
    if (!question) continue;
    const { kind, repo, subject } = question;
    const path = (repo === 'target' ? '' : `${repo}:`) + (subject === '' ? '.' : subject);
    if (kind === 'names') listed.push(path);
    else if (kind !== 'entry') asked.add(kind === 'below' ? 'which files there are' : 'commits');
    else if (/^(?:100|120)/.test(answer)) files.push(path);
    else if (answer !== 'folder') missing.push(path);
  }
  return [
    line('looked at', files),
    line('did not find', missing),
    line('listed', listed),
    line('asked git for', [...asked]),
    line('was given', environment),
    `  ${asksTime ? 'asked for the time, so it is run every night' : 'did not ask for the time'}`,
  ].filter((text) => text !== '');
}

function line(what: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  const more = items.length > MOST_NAMED ? ` … and ${items.length - MOST_NAMED} more` : '';
  return `  ${what}: ${items.slice(0, MOST_NAMED).map(redactText).join(', ')}${more}`;
}

function printed(output: string): readonly string[] {
  const lines = redactText(output).replace(/\n$/, '').split('\n');
  if (output === '') return ['  printed nothing'];
  const left = lines.length - MOST_LINES;
  return [
    '  printed',
    ...lines.slice(0, MOST_LINES).map((text) => `  | ${text}`),
    ...(left > 0 ? [`  … and ${left} more lines`] : []),
  ];
}
