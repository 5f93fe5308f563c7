import type { GateCommand } from '../core/gate.ts';
import type { DeclaredGate } from './gate.ts';
import type { Sighting } from './rules/rule.ts';

export interface CommandDefinition {
  readonly id: string;
  readonly lane: string;
  readonly severity: string;
  readonly why: string;
  readonly fix: string;
  readonly command: GateCommand;
  /** Where it is declared. */
  readonly place: { readonly path: string; readonly line: number };
}

/** A gate that a run of its command decides. An audit runs nothing, so that it is blind until a runner reports. */
export function commandGate({ id, lane, severity, why, fix, command, place }: CommandDefinition): DeclaredGate {
  const remarks = [{ blind: `a run of \`${command.command}\` decides it, and an audit runs nothing` }];
  const sighting: Sighting = {
    at: { place: { repo: 'target', ...place } },
    subject: id,
    outcome: 'unclear',
    values: { run: command.command, timeout: `${command.timeout} s` },
  };
  return {
    name: id,
    mirrors: [],
    own: { number: id, lane, severity },
    command,
    why,
    fix,
    rules: {},
    reads: [],
    examples: { pass: [], fail: [] },
    check: () => remarks,
    examine(_, witness) {
      witness(sighting);
      return remarks;
    },
  };
}
