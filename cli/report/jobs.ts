import type { DeclarationProblem } from '../../src/core/declaration.ts';
import type { GateCommand } from '../../src/core/gate.ts';
import { isPartlyOpen, isReportable, isUnjudged } from '../../src/reported/reportable.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { cloneAuditor } from '../shared/audit-clone.ts';
import { UsageError } from '../shared/command-line.ts';
import { registeredGates } from '../shared/registry.ts';
import type { ReportArguments } from './arguments.ts';

/** One gate that can be run here. */
export interface Job {
  readonly gate: string;
  readonly name: string;
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
  /** What is wrong when it fails and prints nothing that says so. */
  readonly say: string | undefined;
}

export interface Work {
  readonly jobs: readonly Job[];
  /** What is wrong in gate files, so that a gate of theirs may not be among the jobs. */
  readonly mistakes: readonly DeclarationProblem[];
}

/** The gates that were asked for; without a wish, those that an audit of the commit leaves blind, in part or as a whole. */
export async function workFor(options: ReportArguments): Promise<Work> {
  const { directory, at, gates, all, siblings, gateFiles, timeout } = options;
  const now = Date.now();
  const commands = new Map<string, GateCommand>();
  const audit = await cloneAuditor({
    directory,
    siblings,
    now,
    gateFiles,
    governance: 'repo',
    listen(gate) {
      if (gate.command) commands.set(gate.name, gate.command);
      return gate;
    },
  });
  const { report } = await audit(at);
  const candidates = report.gates.filter(isReportable);
  const scripts = candidates.some(({ ours }) => !ours) ? await scriptsIn(directory, at, now) : new Map();
  const jobs = candidates.flatMap((gate): readonly (Job & { readonly isNeeded: boolean })[] => {
    const { number, name } = gate;
    const command = gate.ours ? commands.get(name) : undefined;
    const script = gate.ours ? undefined : scripts.get(number);
    const base = { gate: number, name, isNeeded: isUnjudged(gate) || isPartlyOpen(gate) };
    if (command)
      return [{ ...base, command: ['bash', '-c', command.command], timeout: command.timeout * 1000, say: command.say }];
    return script === undefined ? [] : [{ ...base, command: ['bash', script], timeout, say: undefined }];
  });
  const isWanted = ({ gate, name }: Job) => gates.includes(gate) || gates.includes(name);
  const unknown = gates.find((wanted) => !jobs.some(({ gate, name }) => gate === wanted || name === wanted));
  if (unknown !== undefined) throw new UsageError(`--gate ${unknown} is not a gate with a script or command here.`);
  const mistakes = report.problems ?? [];
  if (gates.length > 0) return { jobs: jobs.filter(isWanted), mistakes };
  return { jobs: all ? jobs : jobs.filter(({ isNeeded }) => isNeeded), mistakes };
}

/** The script of each registered gate that lanes run, by its number. */
async function scriptsIn(directory: string, at: string, now: number): Promise<ReadonlyMap<string, string>> {
  const registered = await registeredGates(await directorySnapshot(directory, at), now);
  const runnable = registered.filter(({ isRetired, isInline, script }) => !isRetired && !isInline && script !== '');
  return new Map(runnable.map(({ id, script }) => [id, script]));
}
