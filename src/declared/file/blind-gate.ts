import type { DeclaredGate } from '../gate.ts';
import type { BrokenGate } from './read.ts';

/** The lane of gates that name none. */
export const LANE = 'declared';

/** A gate that somebody meant to declare: whoever knows it by name learns that it was not judged. */
export function blindGate({ id, lane, mistakes }: BrokenGate): DeclaredGate {
  const [mistake] = mistakes;
  const blind = mistake
    ? `${mistake.path}:${mistake.line}:${mistake.column}: ${mistake.message}`
    : 'its declaration cannot be used';
  const own = { number: id, lane: lane ?? LANE, severity: 'medium' };
  const remarks = [{ blind }];
  return {
    name: id,
    mirrors: [],
    own,
    why: '',
    fix: 'Correct the gate file at the place that is named.',
    rules: {},
    reads: [],
    examples: { pass: [], fail: [] },
    check: () => remarks,
    examine: () => remarks,
  };
}
