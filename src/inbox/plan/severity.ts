const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** 0 is the worst; a word that nobody knows comes last. */
export function rank(severity: string): number {
  const index = SEVERITIES.indexOf(severity);
  return index < 0 ? SEVERITIES.length : index;
}
