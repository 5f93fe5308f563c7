import type { GateReport } from '../core/report.ts';

const PREFIX = 'audit';

/** The labels that mean something to us. `accepted` and `quiet` are for people to set. */
export const LABELS = {
  audit: PREFIX,
  accepted: `${PREFIX}/accepted`,
  quiet: `${PREFIX}/quiet`,
  waived: `${PREFIX}/waived`,
  retired: `${PREFIX}/retired`,
  flapping: `${PREFIX}/flapping`,
  grouped: `${PREFIX}/grouped`,
  inbox: `${PREFIX}/inbox`,
  broken: `${PREFIX}/broken`,
  /** Never on an issue: what doctor tries to write. */
  doctor: `${PREFIX}/doctor`,
} as const;

const LANE = `${PREFIX}/lane:`;
const SEVERITY = `${PREFIX}/severity:`;

/** Lanes that an issue is labelled with; GitHub allows 100 labels on an issue, and people have theirs. The body names every lane. */
const MAX_LANES = 40;

/** The labels of ours that a gate's issue carries. */
export function gateLabels({ lanes, severity }: Pick<GateReport, 'lanes' | 'severity'>): readonly string[] {
  const ofLanes = lanes.slice(0, MAX_LANES).map((lane) => `${LANE}${lane}`);
  return [LABELS.audit, ...ofLanes, ...(severity ? [`${SEVERITY}${severity}`] : [])];
}

/** Labels that we derive from lanes and severity, and take off again; all others are somebody's decision. */
export function isDerived(label: string): boolean {
  return [LANE, SEVERITY].some((prefix) => label.toLowerCase().startsWith(prefix));
}

/** Whether a label is of this kind, whoever made it. */
export function isOurLabel(label: string): boolean {
  return isSameLabel(label, PREFIX) || label.toLowerCase().startsWith(`${PREFIX}/`);
}

/** To GitHub `audit/quiet` and `Audit/Quiet` are one label. */
export function hasLabel(labels: readonly string[], wanted: string): boolean {
  return labels.some((label) => isSameLabel(label, wanted));
}

export function isSameLabel(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

const COLORS: readonly (readonly [prefix: string, color: string])[] = [
  [`${SEVERITY}critical`, 'b60205'],
  [`${SEVERITY}high`, 'd93f0b'],
  [`${SEVERITY}medium`, 'fbca04'],
  [`${SEVERITY}low`, 'c2e0c6'],
  [LANE, 'bfd4f2'],
  [`${PREFIX}/`, 'd4c5f9'],
];

/** The colour in which a label of ours is created, as six hex digits. */
export function colorOf(label: string): string {
  return COLORS.find(([prefix]) => label.startsWith(prefix))?.[1] ?? '5319e7';
}
