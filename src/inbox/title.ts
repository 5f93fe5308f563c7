import { gateTitle } from '../core/report.ts';
import { plural } from '../core/text/plural.ts';
import type { IssueContent } from './writes.ts';

/** The title of an issue, such as `D86 vm-operating-profile-parity-lock is failing`; what it quotes from a repo is not made harmless yet. */
export function issueTitle(content: Exclude<IssueContent, { kind: 'unverified' }>): string {
  switch (content.kind) {
    case 'gate':
      return `${gateTitle(content.gate)} is failing`;
    case 'group':
      return `${plural(content.gates.length, 'gate')} started failing at once`;
    case 'inbox':
      return 'Gap inbox';
    case 'broken':
      return 'Lanekeeper cannot audit this repository';
  }
}
