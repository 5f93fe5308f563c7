import { problem } from '../../core/finding.ts';
import type { GateContext, Remark } from '../../core/gate.ts';

/** A gate that a composite runs. Its script goes through the interpreter, so it needs no executable bit. */
export interface Part {
  readonly gate: string;
  readonly script: string;
}

/** A finding for each part whose script is missing or whose gate fails; what a part cannot judge stays open here too. */
export function* partsPass({ repo, verdictOf }: GateContext, parts: readonly Part[]): Generator<Remark> {
  for (const { gate, script } of parts) {
    if (!repo.isFile(script)) {
      yield problem('part-passes', gate, repo.at(script), `${script} does not exist.`);
      continue;
    }
    const { verdict, unverified, reason } = verdictOf(gate);
    for (const part of unverified) yield { unverified: part };
    if (verdict === 'fail') yield problem('part-passes', gate, repo.at(script), `The part ${gate} fails.`);
    else if (verdict !== 'pass') yield { blind: `the part ${gate} has no verdict: ${reason ?? verdict}` };
  }
}
