import type { Place } from '../../core/finding.ts';
import type { Gate } from '../../core/gate.ts';
import type { Repo } from '../../core/repo.ts';
import type { TreeEntry } from '../../core/snapshot.ts';
import type { Evaluation } from '../evaluate.ts';
import { GOVERNANCE_FILES, type RegisteredGate } from './governance.ts';

/** Something to report on: a gate id with what the registry says of it, and our implementation where there is one. */
export interface Task {
  readonly entry: RegisteredGate;
  readonly gate: Gate | undefined;
  readonly scriptChanged?: boolean;
  /** The gate is of a lane that we bring along. */
  readonly isOurs?: true;
  /** Decided without running it. */
  readonly settled?: Settled;
}

type Settled = Pick<Evaluation, 'verdict' | 'reason' | 'findings'>;

/** What there is to choose from when a lane lists an id. */
export interface Roster {
  readonly registered: ReadonlyMap<string, RegisteredGate>;
  readonly gates: ReadonlyMap<string, Gate>;
  /** The audited tree, for the ids of scripts. */
  readonly entries: ReadonlyMap<string, TreeEntry>;
}

export const NOT_IMPLEMENTED = { verdict: 'skip', reason: 'not implemented', findings: [] } as const;

/** What registry and tree say of a gate before it runs: of the rows of LANES.md 3, the first that matches. Reading the tree may suspend. */
export function standing(id: string, { registered, gates, entries }: Roster, repo: Repo): Task {
  const entry = registered.get(id);
  if (!entry) {
    return {
      entry: unregistered(id),
      gate: undefined,
      settled: failed('has-check-script', id, `A lane lists ${id}, but it is not registered.`),
    };
  }
  if (entry.script === '') {
    const settled = failed('has-check-script', id, `The registry names no check_script for ${id}.`, entry.place);
    return { entry, gate: gates.get(entry.name), settled };
  }
  const sha = entries.get(entry.script)?.sha ?? null;
  const gate = implementationOf(entry, sha, gates);
  if (entry.isRetired) return { entry, gate, settled: skipped('retired') };
  if (entry.isInline) {
    return { entry, gate, settled: skipped('inline only: it runs in the release run, not in lanes') };
  }
  if (!repo.isExecutable(entry.script) || !repo.isFile(entry.script)) {
    const message = `\`${entry.script.replace('\n', ' ')}\` is missing or not executable, so ${id} cannot run.`;
    return { entry, gate, settled: failed('script-is-executable', id, message, entry.place) };
  }
  if (!gate) return { entry, gate, settled: NOT_IMPLEMENTED };
  return { entry, gate, scriptChanged: sha !== null && !gate.mirrors.includes(sha) };
}

/** The gate of that name; but where the registry points the name at a script that another gate mirrors, that other gate. */
function implementationOf(
  { name }: RegisteredGate,
  sha: string | null,
  gates: ReadonlyMap<string, Gate>,
): Gate | undefined {
  const named = gates.get(name);
  if (sha === null || named?.mirrors.includes(sha)) return named;
  return [...gates.values()].find(({ mirrors }) => mirrors.includes(sha)) ?? named;
}

function unregistered(id: string): RegisteredGate {
  return { id, name: '', category: '', severity: '', fixHint: '', script: '', isRetired: false, isInline: false };
}

function skipped(reason: string): Settled {
  return { verdict: 'skip', reason, findings: [] };
}

function failed(rule: string, id: string, message: string, place?: Place): Settled {
  const { repo, path, line } = place ?? { repo: 'target', path: GOVERNANCE_FILES.registry, line: null };
  return { verdict: 'fail', reason: undefined, findings: [{ rule, subject: id, repo, path, line, message }] };
}
