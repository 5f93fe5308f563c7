import { type FindingKey, findingKeys } from '../../core/finding.ts';
import { shortHash } from '../../core/hash.ts';
import type { GateReport } from '../../core/report.ts';
import type { Issue, Whereabouts } from '../port.ts';
import type { GateState, InboxState, IssueState } from '../state.ts';
import type { Call, IssueContent, Step, Transition } from '../writes.ts';

/** The labels that mean something to us. `accepted` and `quiet` are for people to set. */
export const LABELS = {
  audit: 'audit',
  accepted: 'audit/accepted',
  quiet: 'audit/quiet',
  waived: 'audit/waived',
  retired: 'audit/retired',
  flapping: 'audit/flapping',
  grouped: 'audit/grouped',
  inbox: 'audit/inbox',
  broken: 'audit/broken',
} as const;

export type GateContent = Extract<IssueContent, { kind: 'gate' }>;

/** What a gate's issue shows. */
export function gateContent(
  gate: GateReport,
  { lastPass, firstFail }: Pick<GateState, 'lastPass' | 'firstFail'>,
  fresh: readonly FindingKey[],
  follows: number | null,
): GateContent {
  const known = findingKeys(gate.findings).filter((key) => !fresh.includes(key));
  return { kind: 'gate', gate, fresh, known, lastPass, firstFail, follows };
}

/** Hash of what makes an edit worth it: no messages, lines, counters or times. */
export function fingerprintOf({ gate, fresh, known }: GateContent): string {
  const { number, name, severity, lanes } = gate;
  return shortHash(JSON.stringify([number, name, severity, lanes, [...fresh].sort(), [...known].sort()]));
}

/** The labels of ours that a gate's issue carries. */
export function gateLabels({ lanes, severity }: Pick<GateReport, 'lanes' | 'severity'>): readonly string[] {
  const ofLanes = lanes.map((lane) => `audit/lane:${lane}`);
  return [LABELS.audit, ...ofLanes, ...(severity ? [`audit/severity:${severity}`] : [])];
}

/** A gate's issue as it stands right after it was opened. */
export function openedIssue(number: number, content: GateContent, now: number): IssueState {
  return {
    number,
    phase: 'open',
    findings: content.fresh,
    severity: content.gate.severity,
    fingerprint: fingerprintOf(content),
    openedAt: now,
    closedAt: null,
    reopenedOnce: false,
    closedSha: null,
    isHeld: false,
    follows: content.follows,
    turns: [],
    flapping: null,
    until: null,
  };
}

/** A transition of one issue. A step's key says whose it is, after how many transitions, what it does and what it says. */
export function toTransition(
  about: string,
  severity: string,
  revision: number,
  calls: readonly Call[],
  apply: Transition['apply'],
): Transition {
  const steps = calls.map((call): Step => {
    const parts = [about, `r${revision}`, call.kind, meaningOf(call)];
    return { key: parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/'), call };
  });
  return { about, severity, steps, apply };
}

/** What a call says, by identity: the same meaning in other words is the same call. */
function meaningOf(call: Call): string {
  switch (call.kind) {
    case 'create':
      return 'create';
    case 'edit':
      return shortHash(JSON.stringify(meaningOfContent(call.content)));
    case 'comment': {
      const fresh = call.content.kind === 'new-findings' ? [...call.content.fresh].sort() : [];
      const names = call.content.kind === 'group-grew' ? call.content.gates.map(({ name }) => name).sort() : [];
      return [
        call.content.kind,
        ...(fresh.length + names.length > 0 ? [shortHash([...fresh, ...names].join('\n'))] : []),
      ].join('-');
    }
    case 'close':
      return call.reason;
    case 'add-label':
    case 'remove-label':
      return call.label;
    case 'reopen':
    case 'pin':
      return call.kind;
  }
}

function meaningOfContent(content: IssueContent): unknown {
  switch (content.kind) {
    case 'gate':
      return fingerprintOf(content);
    case 'group':
      return content.gates.map(({ gate, fresh, hasRecovered }) => [gate.name, [...fresh].sort(), hasRecovered]);
    case 'inbox':
      return content.summary;
    case 'unverified':
      return content.since;
    case 'broken':
      return content.error;
  }
}

/** Puts a gate's issue into the whole state, counting the transition. */
export function withIssue(state: InboxState, name: string, issue: IssueState | null): InboxState {
  const gate = state.gates[name];
  if (!gate) return state;
  return withGate(state, name, { ...gate, issue, revision: gate.revision + 1 });
}

export function withGate(state: InboxState, name: string, gate: GateState): InboxState {
  return { ...state, gates: { ...state.gates, [name]: gate } };
}

export function withoutGate(state: InboxState, name: string): InboxState {
  const { [name]: _, ...gates } = state.gates;
  return { ...state, gates };
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** 0 is the worst. */
export function rank(severity: string): number {
  const index = SEVERITIES.indexOf(severity);
  return index < 0 ? SEVERITIES.length : index;
}

export function isIssue(whereabouts: Whereabouts | undefined): whereabouts is Issue {
  return typeof whereabouts === 'object';
}

/** Whether an issue carries our marker for this gate (or `@group`, `@inbox`, `@broken`). */
export function isAbout(whereabouts: Whereabouts | undefined, about: string): whereabouts is Issue {
  return isIssue(whereabouts) && whereabouts.marker?.about === about;
}
