import { shortHash } from '../core/hash.ts';
import {
  type Call,
  type FindingKey,
  findingKey,
  type GateState,
  type GroupEntry,
  type GroupState,
  type InboxState,
  type InboxSummary,
  type Issue,
  type IssueContent,
  type Marker,
  type Plan,
  type StandingIssue,
  type Transition,
  type Whereabouts,
} from '../core/inbox.ts';
import type { GateReport, Report } from '../core/report.ts';
import {
  decideGate,
  fingerprintOf,
  type GateDecision,
  gateContent,
  gateLabels,
  LABELS,
  rank,
  toTransition,
  withGate,
} from './lifecycle.ts';
import { isWaivedBy, unusedWaivers, type Waivers } from './waivers.ts';

/** Single issues that one audit may open; more become one grouped issue. */
const MAX_SINGLES = 5;
/** Share of the evaluated gates that may newly fail at once before we suspect one common cause. */
const GROUP_SHARE = 0.25;

export interface PlanInput {
  readonly report: Report;
  /** Names of the gates that are registered and not retired. */
  readonly registered: ReadonlySet<string>;
  readonly waivers: Waivers;
  readonly state: InboxState;
  /** What GitHub says of every issue whose number the state knows, and of every listed issue of ours. */
  readonly issues: ReadonlyMap<number, Whereabouts>;
  /** When the audited commit was first seen as the head (ms since the epoch). */
  readonly seenAt: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What the audit wants to be true in the tracker. Pure: carrying it out and planning again gives an empty plan. */
export function planInbox(input: PlanInput): Plan {
  const { report } = input;
  const state = claimIssues(input, startDayOne(input));
  const notes: string[] = [];
  const decisions = report.gates.map((gate) => ({ gate, decision: decide({ ...input, state }, gate, notes) }));
  const creates = decisions.filter(({ decision }) => decision.create !== undefined);
  const evaluated = report.gates.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').length;
  const isFlood = creates.length > MAX_SINGLES || (creates.length > 1 && creates.length > evaluated * GROUP_SHARE);
  const grouped = new Set(isFlood ? creates.map(({ gate }) => gate.name) : []);
  const singles = decisions.filter(({ gate }) => !grouped.has(gate.name));
  const transitions = [
    begin(state, input),
    ...closeDuplicates(input, state),
    ...retire(input, state),
    ...singles.map(({ gate, decision }) => transitionOf(input, state, gate, decision)),
    ...planGroup(
      input,
      state,
      decisions.filter(({ gate }) => grouped.has(gate.name)),
    ),
    ...endBroken(input, state),
  ];
  return { transitions: transitions.filter((transition) => transition !== undefined).sort(byUrgency), notes };
}

/** Silent changes first, then closes and updates, then creates; the worst severity first among equals. */
function byUrgency(one: Transition, other: Transition): number {
  const order = (transition: Transition) => {
    if (transition.steps.length === 0) return 0;
    return transition.steps.some(({ call }) => call.kind === 'create') ? 2 : 1;
  };
  return order(one) - order(other) || rank(one.severity) - rank(other.severity);
}

/** Gates that this target has never been asked about. On day one, and for gates that we newly implement, what fails is old news; a gate that the repo newly registers is not. */
function startDayOne({ report, state }: PlanInput): InboxState {
  const isDayOne = state.startedAt === null;
  const unseen = report.gates.filter(({ name }) => name !== '' && !state.gates[name]);
  const fresh: GateState = {
    revision: 0,
    baseline: isDayOne ? null : [],
    lastPass: null,
    firstFail: null,
    lastFail: null,
    verifiedAt: null,
    issue: null,
  };
  return { ...state, gates: { ...state.gates, ...Object.fromEntries(unseen.map(({ name }) => [name, fresh])) } };
}

/** Issues of ours that the state has lost are taken back by their marker; the lowest number wins. */
function claimIssues({ report, issues, now }: PlanInput, state: InboxState): InboxState {
  let claimed = state;
  const ours = [...issues.values()].filter(
    (issue): issue is Issue & { marker: NonNullable<Issue['marker']> } =>
      typeof issue === 'object' && issue.marker !== null,
  );
  for (const issue of ours.sort((one, other) => one.number - other.number)) {
    const { about, findings, known } = issue.marker;
    const standing: StandingIssue = {
      number: issue.number,
      revision: 0,
      fingerprint: '',
      isOpen: issue.state === 'open',
    };
    if (about === '@inbox') claimed = { ...claimed, gapInbox: claimed.gapInbox ?? standing };
    if (about === '@broken' && issue.state === 'open') claimed = { ...claimed, broken: claimed.broken ?? standing };
    if (about === '@group' && issue.state === 'open' && !claimed.group) {
      claimed = { ...claimed, group: { number: issue.number, revision: 0, fingerprint: '', openedAt: now, gates: {} } };
    }
    const gate = claimed.gates[about];
    const reported = report.gates.find(({ name }) => name === about);
    if (!gate || gate.issue || !reported) continue;
    if (issue.state === 'closed' && (issue.isClosedByUs || gate.baseline !== null)) continue;
    const keys = reported.findings.map(findingKey);
    const listed = (hashes: readonly string[]) => [...new Set(keys.filter((key) => hashes.includes(shortHash(key))))];
    claimed = withClaimedIssue(claimed, about, gate, issue, listed(findings), listed(known), reported.severity, now);
  }
  return claimed;
}

/** A gate of the group that cannot be judged now keeps a placeholder, so that the group does not count as recovered. */
function _claimedGroupGates(report: Report, { findings, known }: Marker): GroupState['gates'] {
  const members = report.gates.filter(({ name }) => known.includes(shortHash(name)));
  return Object.fromEntries(
    members.map((gate) => {
      const isJudged = gate.verdict === 'pass' || gate.verdict === 'fail';
      const keys = gate.findings.map(findingKey).filter((key) => findings.includes(shortHash(`${gate.name} ${key}`)));
      return [gate.name, isJudged ? [...new Set(keys)] : ['not yet judged again']];
    }),
  );
}

function isIssue(whereabouts: Whereabouts | null | undefined): whereabouts is Issue {
  return typeof whereabouts === 'object' && whereabouts !== null;
}

function withClaimedIssue(
  state: InboxState,
  name: string,
  gate: GateState,
  issue: Issue,
  findings: readonly FindingKey[],
  known: readonly FindingKey[],
  severity: string,
  now: number,
): InboxState {
  const claimed: GateState = {
    ...gate,
    baseline: gate.baseline ?? known,
    issue: {
      number: issue.number,
      phase: issue.state === 'open' ? 'open' : 'acknowledged',
      findings,
      severity,
      fingerprint: '',
      openedAt: now,
      closedAt: issue.closedAt,
      reopenedOnce: false,
      turns: [],
      flapping: issue.labels.includes(LABELS.flapping) ? { quietSince: null } : null,
      until: null,
    },
  };
  return { ...state, gates: { ...state.gates, [name]: claimed } };
}

function decide(input: PlanInput, gate: GateReport, notes: string[]): GateDecision {
  const { report, state, issues, waivers, seenAt, now, registered } = input;
  const stored = state.gates[gate.name];
  if (!stored || !registered.has(gate.name)) return { next: stored ?? emptyGate(), steps: [] };
  const issue = stored.issue ? issues.get(stored.issue.number) : undefined;
  if (stored.issue && issue === undefined && stored.issue.phase !== 'grouped' && stored.issue.phase !== 'gone') {
    notes.push(`${gate.number}: issue #${stored.issue.number} could not be read, so nothing is done about it`);
    return { next: stored, steps: [] };
  }
  if (!waivers.isReadable && stored.issue?.phase === 'waived') return { next: stored, steps: [] };
  return decideGate({
    gate,
    state: stored,
    issue,
    waivers: waivers.active,
    sha: report.sha ?? '',
    seenAt,
    now,
    isComplete: report.complete,
  });
}

function emptyGate(): GateState {
  return {
    revision: 0,
    baseline: null,
    lastPass: null,
    firstFail: null,
    lastFail: null,
    verifiedAt: null,
    issue: null,
  };
}

function transitionOf(
  input: PlanInput,
  state: InboxState,
  gate: GateReport,
  decision: GateDecision,
): Transition | undefined {
  const { name, severity } = gate;
  const stored = state.gates[name];
  if (!stored) return undefined;
  const { next, steps, create } = decision;
  if (!create) {
    if (steps.length === 0 && JSON.stringify(next) === JSON.stringify(input.state.gates[name])) return undefined;
    return toTransition(name, severity, stored.revision, steps, (whole) => withGate(whole, name, next));
  }
  const content = gateContent({ gate, now: input.now }, next, create.fresh, null, create.follows);
  const call: Call = { kind: 'create', about: name, content, labels: gateLabels(gate) };
  return toTransition(name, severity, stored.revision, [call], (whole, number) =>
    number === null
      ? whole
      : withGate(whole, name, { ...next, issue: openedIssue(number, gate, create.fresh, content, input.now) }),
  );
}

function openedIssue(
  number: number,
  { severity }: GateReport,
  findings: readonly FindingKey[],
  content: Extract<IssueContent, { kind: 'gate' }>,
  now: number,
): NonNullable<GateState['issue']> {
  return {
    number,
    phase: 'open',
    findings,
    severity,
    fingerprint: fingerprintOf(content),
    openedAt: now,
    closedAt: null,
    reopenedOnce: false,
    turns: [],
    flapping: null,
    until: null,
  };
}

function begin(state: InboxState, { state: before, now }: PlanInput): Transition | undefined {
  if (JSON.stringify(state) === JSON.stringify(before) && before.startedAt !== null && before.failedAudits === 0)
    return undefined;
  const { gates, group, gapInbox, broken } = state;
  return toTransition('@begin', 'critical', 0, [], (whole) => ({
    ...whole,
    gates,
    group,
    gapInbox,
    broken,
    startedAt: whole.startedAt ?? now,
    failedAudits: 0,
  }));
}

/** Two open issues of ours for one gate can only come from an answer of GitHub that was not true; the older one stays. */
function closeDuplicates({ issues }: PlanInput, state: InboxState): readonly Transition[] {
  const open = [...issues.values()].filter(
    (issue): issue is Issue => typeof issue === 'object' && issue.state === 'open' && issue.marker !== null,
  );
  return open.flatMap((issue) => {
    const original = open.find((other) => other.marker?.about === issue.marker?.about && other.number < issue.number);
    if (!original || state.gates[issue.marker?.about ?? '']?.issue?.number === issue.number) return [];
    const calls: Call[] = [
      { kind: 'comment', issue: issue.number, content: { kind: 'duplicate', of: original.number } },
      { kind: 'close', issue: issue.number, reason: 'not_planned' },
    ];
    return [toTransition(`@duplicate-${issue.number}`, 'low', 0, calls, (whole) => whole)];
  });
}

/** Gates that the repo no longer has: their issues are closed as not planned, once that was read in a complete audit. */
function retire({ report, registered, issues }: PlanInput, state: InboxState): readonly Transition[] {
  if (!report.complete) return [];
  return Object.entries(state.gates).flatMap(([name, gate]) => {
    if (registered.has(name)) return [];
    const issue = gate.issue && issues.get(gate.issue.number);
    const isOurs = isIssue(issue) && issue.state === 'open' && issue.marker?.about === name;
    if (!isOurs) return [toTransition(name, 'low', gate.revision, [], (whole) => forgetGate(whole, name))];
    const calls: Call[] = [
      ...(issue.isLocked
        ? []
        : [{ kind: 'comment', issue: issue.number, content: { kind: 'retired', gate: name } } as const]),
      { kind: 'add-label', issue: issue.number, label: LABELS.retired },
      { kind: 'close', issue: issue.number, reason: 'not_planned' },
    ];
    return [toTransition(name, 'low', gate.revision, calls, (whole) => forgetGate(whole, name))];
  });
}

function forgetGate(state: InboxState, name: string): InboxState {
  const { [name]: _, ...gates } = state.gates;
  return { ...state, gates };
}

interface GroupMember {
  readonly gate: GateReport;
  readonly decision: GateDecision;
}

/** Keeps the common issue of many gates, opens it, or closes it when the last of them has recovered. */
function planGroup(input: PlanInput, state: InboxState, members: readonly GroupMember[]): readonly Transition[] {
  const { report, issues } = input;
  const { group } = state;
  if (!group && members.length === 0) return [];
  const issue = group ? issues.get(group.number) : undefined;
  if (group && issue === undefined) return [];
  const isOurs = typeof issue === 'object' && issue.marker?.about === '@group' && issue.state === 'open';
  if (group && !isOurs) return [acknowledgeGroup(group, state)];
  const before = group?.gates ?? {};
  const gates = { ...before };
  for (const name of Object.keys(before)) gates[name] = stillFailing(input, state, name) ?? before[name] ?? [];
  for (const { gate, decision } of members) gates[gate.name] = decision.create?.fresh ?? [];
  const entries = groupEntries(report, gates);
  const content: IssueContent = { kind: 'group', gates: entries };
  const fingerprint = shortHash(JSON.stringify(Object.entries(gates).sort()));
  const hasRecovered = report.complete && Object.values(gates).every((findings) => findings.length === 0);
  const labels = [LABELS.audit, 'audit/grouped'];
  if (!group) {
    const call: Call = { kind: 'create', about: '@group', content, labels };
    const opened = (number: number): GroupState => ({ number, revision: 0, fingerprint, openedAt: input.now, gates });
    return [
      toTransition('@group', 'critical', groupRevision(state), [call], (whole, number) =>
        number === null ? whole : joinGroup(whole, opened(number), members),
      ),
    ];
  }
  if (hasRecovered) {
    const calls: Call[] = [
      { kind: 'comment', issue: group.number, content: { kind: 'group-recovered' } },
      { kind: 'close', issue: group.number, reason: 'completed' },
    ];
    return [
      toTransition('@group', 'critical', group.revision, calls, (whole) =>
        leaveGroup(whole, Object.keys(gates), group.number),
      ),
    ];
  }
  if (fingerprint === group.fingerprint) return [];
  const call: Call = { kind: 'edit', issue: group.number, about: '@group', content, labels };
  const next = { ...group, gates, fingerprint, revision: group.revision + 1 };
  return [toTransition('@group', 'critical', group.revision, [call], (whole) => joinGroup(whole, next, members))];
}

/** A number that no earlier group of this target had. */
function groupRevision(state: InboxState): number {
  return Object.values(state.gates).reduce((sum, gate) => sum + gate.revision, 0);
}

function joinGroup(state: InboxState, group: GroupState, members: readonly GroupMember[]): InboxState {
  return members.reduce<InboxState>(
    (whole, { gate, decision }) => {
      const { create, next } = decision;
      const content = gateContent({ gate, now: group.openedAt }, next, create?.fresh ?? [], null);
      const issue = openedIssue(group.number, gate, create?.fresh ?? [], content, group.openedAt);
      return withGate(whole, gate.name, { ...next, issue: { ...issue, phase: 'grouped' } });
    },
    { ...state, group },
  );
}

function leaveGroup(state: InboxState, names: readonly string[], number: number): InboxState {
  return names.reduce<InboxState>(
    (whole, name) => {
      const gate = whole.gates[name];
      return gate?.issue?.number === number ? withGate(whole, name, { ...gate, issue: null }) : whole;
    },
    { ...state, group: null },
  );
}

/** A person closed the common issue, deleted it or took the marker out: its gates count as acknowledged. */
function acknowledgeGroup(group: GroupState, state: InboxState): Transition {
  return toTransition('@group', 'critical', group.revision, [], (whole) =>
    Object.entries(group.gates).reduce<InboxState>(
      (rest, [name, findings]) => {
        const gate = state.gates[name];
        if (!gate?.issue) return rest;
        return withGate(rest, name, { ...gate, issue: { ...gate.issue, phase: 'acknowledged', findings } });
      },
      { ...whole, group: null },
    ),
  );
}

/** What of a grouped gate's findings is left; undefined when this audit cannot tell. */
function stillFailing(
  { report, waivers }: PlanInput,
  state: InboxState,
  name: string,
): readonly FindingKey[] | undefined {
  const gate = report.gates.find((candidate) => candidate.name === name);
  if (!gate) return report.complete ? [] : undefined;
  if (gate.verdict !== 'fail' && !(gate.verdict === 'pass' && report.complete)) return undefined;
  const baseline = state.gates[name]?.baseline ?? [];
  const isFresh = (finding: GateReport['findings'][number]) =>
    !baseline.includes(findingKey(finding)) &&
    !waivers.active.some((waiver) => isWaivedBy(waiver, gate, finding.subject));
  return [...new Set(gate.findings.filter(isFresh).map(findingKey))];
}

function groupEntries(report: Report, gates: Readonly<Record<string, readonly FindingKey[]>>): readonly GroupEntry[] {
  return report.gates
    .filter(({ name }) => gates[name])
    .map((gate) => ({ gate, fresh: gates[gate.name] ?? [], hasRecovered: gates[gate.name]?.length === 0 }));
}

/** Plans the one issue that says that nothing can be audited; it takes two failures in a row. */
export function planBroken(state: InboxState, error: string): Plan {
  const failedAudits = state.failedAudits + 1;
  const { broken } = state;
  const counted = (whole: InboxState): InboxState => ({ ...whole, failedAudits });
  if (failedAudits < 2 || broken?.isOpen)
    return { transitions: [toTransition('@broken', 'critical', 0, [], counted)], notes: [] };
  const call: Call = {
    kind: 'create',
    about: '@broken',
    content: { kind: 'broken', error },
    labels: [LABELS.audit, 'audit/broken'],
  };
  const revision = (broken?.revision ?? 0) + 1;
  const opened = toTransition('@broken', 'critical', revision, [call], (whole, number) =>
    number === null
      ? whole
      : { ...counted(whole), broken: { number, revision, fingerprint: shortHash(error), isOpen: true } },
  );
  return { transitions: [opened], notes: [] };
}

function endBroken({ report, issues }: PlanInput, { broken }: InboxState): readonly Transition[] {
  if (!broken?.isOpen || !report.complete) return [];
  const issue = issues.get(broken.number);
  if (issue === undefined) return [];
  const ended = (whole: InboxState): InboxState => ({ ...whole, broken: { ...broken, isOpen: false } });
  const isOurs = typeof issue === 'object' && issue.state === 'open' && issue.marker?.about === '@broken';
  const calls: Call[] = isOurs
    ? [
        { kind: 'comment', issue: broken.number, content: { kind: 'audit-works-again' } },
        { kind: 'close', issue: broken.number, reason: 'completed' },
      ]
    : [];
  return [toTransition('@broken', 'critical', broken.revision, calls, ended)];
}

/** Plans the Gap inbox after everything else is done, so that it names the issues that were just opened. */
export function planGapInbox({ report, waivers, state, issues }: PlanInput, errors: readonly string[]): Plan {
  const summary = summarize(report, waivers, state, errors);
  const content: IssueContent = { kind: 'inbox', summary };
  const fingerprint = shortHash(JSON.stringify(summary));
  const labels = [LABELS.audit, 'audit/inbox'];
  const { gapInbox } = state;
  if (!gapInbox) {
    const call: Call = { kind: 'create', about: '@inbox', content, labels };
    const opened = toTransition('@inbox', 'low', 0, [call], (whole, number) =>
      number === null ? whole : { ...whole, gapInbox: { number, revision: 1, fingerprint, isOpen: true } },
    );
    return { transitions: [opened], notes: [] };
  }
  const issue = issues.get(gapInbox.number);
  const isOurs = typeof issue === 'object' && issue.state === 'open' && issue.marker?.about === '@inbox';
  const isJustMade = issue === undefined && gapInbox.revision > 0;
  if (gapInbox.fingerprint === fingerprint || !(isOurs || isJustMade)) return { transitions: [], notes: [] };
  const call: Call = { kind: 'edit', issue: gapInbox.number, about: '@inbox', content, labels };
  const next = { ...gapInbox, fingerprint, revision: gapInbox.revision + 1 };
  return {
    transitions: [toTransition('@inbox', 'low', gapInbox.revision, [call], (whole) => ({ ...whole, gapInbox: next }))],
    notes: [],
  };
}

/** Absolute facts only: nothing here changes in a night in which nothing happened. */
export function summarize(
  report: Report,
  waivers: Waivers,
  state: InboxState,
  errors: readonly string[],
): InboxSummary {
  const stateOf = ({ name }: GateReport) => state.gates[name];
  const open = report.gates.flatMap((gate) => {
    const issue = stateOf(gate)?.issue;
    const isOpen = issue?.phase === 'open' || issue?.phase === 'grouped';
    return issue && isOpen
      ? [{ number: gate.number, name: gate.name, severity: gate.severity, issue: issue.number }]
      : [];
  });
  const baseline = report.gates.flatMap((gate) => {
    const findings = stateOf(gate)?.baseline?.length ?? 0;
    return findings > 0 ? [{ number: gate.number, name: gate.name, findings }] : [];
  });
  const blind = report.gates
    .filter(({ verdict }) => verdict === 'blind' || verdict === 'crashed')
    .map(({ number, name, reason }) => ({ number, name, reason: reason ?? '' }));
  const unused = unusedWaivers(waivers.active, report.gates).map(
    ({ gate, subject }) => `The waiver for ${gate}${subject ? ` (${subject})` : ''} covers nothing; remove it.`,
  );
  const bySeverity = [...open].sort((one, other) => rank(one.severity) - rank(other.severity));
  return {
    lanes: report.lanes,
    open: bySeverity,
    baseline,
    waivers: waivers.active,
    blind,
    errors: [...waivers.problems, ...unused, ...errors],
  };
}
