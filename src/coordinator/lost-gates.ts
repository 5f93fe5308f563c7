import { CouldNotAudit } from '../audit/registry/could-not-audit.ts';
import type { Report } from '../core/report.ts';

/** Refuses an audit that finds none of the gates that the repo itself had. Throws `CouldNotAudit`: an accident must not look like a wish to have no gates. */
export function expectOwnGates(before: Report | undefined, now: Report, governance: 'repo' | 'none'): void {
  if (governance === 'none' || !before || !hasOwnGates(before) || hasOwnGates(now)) return;
  throw new CouldNotAudit(
    'none of the gates that this repo registered is left: its governance files are gone or empty. Nothing is closed.',
    'Restore them, or say `governance: none` for this target in bindings/targets.yaml.',
  );
}

/** Whether any gate is of the repo's own registry; an id that only a lane lists has no name. */
function hasOwnGates({ gates }: Report): boolean {
  return gates.some(({ ours, name }) => !ours && name !== '');
}
