import type { GateReport } from '../../../core/report.ts';
import { code } from '../../../core/text/neutral.ts';
import { hexOf } from './context.ts';

/** How to see for oneself what an issue says of a gate; empty where its fix says it already. */
export function reproduction({ number, category, facts, runs, reported, verdict }: GateReport, sha: string): string {
  if (category === 'checks') return '';
  if (facts) {
    const names = facts.map((name) => code(name, 100)).join(', ');
    return `**Where to look:** on the machines. No clone holds what they reported (${names}).`;
  }
  const ranElsewhere = runs !== undefined || reported?.verdict === verdict;
  const command = ranElsewhere ? 'report' : 'audit';
  const gate = number.replace(/[^A-Za-z0-9._-]/g, '');
  return [
    '**Reproduce:** in a Lanekeeper checkout, with `<clone>` your clone of this repository:',
    `\`\`\`sh\nnpm run --silent ${command} -- <clone> --at ${hexOf(sha)} --gate ${gate}\n\`\`\``,
  ].join('\n\n');
}
