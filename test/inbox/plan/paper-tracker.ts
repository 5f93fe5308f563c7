/** An issue tracker on paper: plans are carried out at once, in memory, so that a test reads as the table of docs/inbox.md. */

import type { Verdict } from '../../../src/core/gate.ts';
import { own } from '../../../src/core/own.ts';
import type { GateReport, Report } from '../../../src/core/report.ts';
import type { Waiver, Waivers } from '../../../src/core/waiver.ts';
import { planBroken } from '../../../src/inbox/plan/broken.ts';
import { planGapInbox } from '../../../src/inbox/plan/gap-inbox.ts';
import { planInbox } from '../../../src/inbox/plan/plan.ts';
import type { Issue, Marker } from '../../../src/inbox/port.ts';
import { EMPTY_INBOX, type GateState, type InboxState } from '../../../src/inbox/state.ts';
import type { Call, Plan } from '../../../src/inbox/writes.ts';
import { paperIssues } from '../paper-issues.ts';

export const DAY = 86_400_000;
const NAMES = 'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima'.split(' ');

/** What an audit says of a gate: the subjects that it finds, or another verdict. */
export type Said = readonly string[] | Exclude<Verdict, 'fail'>;

export interface AuditOptions {
  readonly complete?: boolean;
  readonly waivers?: readonly Waiver[];
  readonly waiversReadable?: boolean;
  /** A new one by default. */
  readonly sha?: string;
  readonly severity?: string;
  readonly retired?: readonly string[];
  /** Gates that no lane lists. */
  readonly unlisted?: readonly string[];
  readonly gates?: readonly string[];
}

/** What a person may do to an issue. */
export interface Person {
  close(reason?: Issue['stateReason'], by?: Issue['closedBy']): void;
  reopen(): void;
  label(label: string): void;
  takeMarkerOut(): void;
  delete(): void;
  restore(issue: Issue): void;
  transfer(): void;
  lock(): void;
  /** From now on GitHub answers 404 for it, or 403. */
  hide(): void;
}

export function paperTracker() {
  let state: InboxState = EMPTY_INBOX;
  let now = Date.parse('2026-02-18T04:17:00Z');
  let commits = 0;
  const { all: issues, hidden, issue, change, perform } = paperIssues(() => now);
  const theirs = new Map<number, Marker>();
  let problems: readonly string[] = [];

  function carryOut({ transitions, unread }: Plan): readonly string[] {
    const done: string[] = [];
    for (const { steps, apply } of transitions) {
      let created: number | null = null;
      for (const { call } of steps) {
        const number = perform(call);
        if (call.kind === 'create') created = number;
        done.push(said(call, number));
      }
      state = apply(state, created);
    }
    return [...done, ...unread.map((number) => `has to read #${number}`)];
  }

  function reportOf(verdicts: Readonly<Record<string, Said>>, options: AuditOptions): Report {
    const { complete = true, sha = `${++commits}`, severity = 'medium', unlisted = [], gates: names = NAMES } = options;
    const gates = names
      .filter((name) => !unlisted.includes(name))
      .map((name, index): GateReport => {
        const says = own(verdicts, name) ?? 'pass';
        const isFailing = typeof says !== 'string';
        const findings = (isFailing ? says : []).map((subject) => {
          return { rule: 'is-listed', subject, repo: 'target', path: null, line: null, message: subject };
        });
        const verdict = isFailing ? 'fail' : says;
        return { number: `D${900 + index}`, name, category: '', severity, lanes: ['infra'], verdict, findings };
      });
    const at = new Date(now).toISOString();
    return { schemaVersion: 1, repo: 'you/homelab', sha, now: at, complete, siblings: {}, lanes: [], gates };
  }

  const tracker = {
    get state() {
      return state;
    },
    gate(name: string): GateState | undefined {
      return state.gates[name];
    },
    phase: (name: string) => state.gates[name]?.issue?.phase ?? 'none',
    issue,
    issues: () => [...issues.values()],
    /** What the last audit had to say beside its writes. */
    problems: () => problems,
    wait(milliseconds: number) {
      now += milliseconds;
    },
    /** Audits, does what is planned and says it; an hour passes before. */
    audit(verdicts: Readonly<Record<string, Said>> = {}, options: AuditOptions = {}): readonly string[] {
      now += 3_600_000;
      const { waivers = [], waiversReadable = true, retired = [], gates = NAMES } = options;
      const ofRepo: Waivers = { active: waivers, problems: [], isReadable: waiversReadable };
      const registered = new Set(gates.filter((name) => !retired.includes(name)));
      const report = reportOf(verdicts, options);
      const view = { issues, hidden, ownActs: new Map() };
      const plan = () => planInbox({ report, registered, waivers: ofRepo, state, tracker: view, now });
      const done = carryOut(plan());
      problems = plan().problems;
      const again = plan().transitions.flatMap(({ steps }) => steps.map(({ key }) => key));
      if (again.length > 0) throw new Error(`planning again is not quiet: ${again.join(', ')}`);
      return done;
    },
    fails(error: string): readonly string[] {
      now += 3_600_000;
      return carryOut(planBroken(state, error, { issues, hidden, ownActs: new Map() }, now));
    },
    forget() {
      state = EMPTY_INBOX;
    },
    remember(other: InboxState) {
      state = other;
    },
    /** Writes the Gap inbox anew, as the audit that has just been planned would. */
    keepGapInbox(): readonly string[] {
      const report = reportOf({}, { sha: 'inbox' });
      const waivers: Waivers = { active: [], problems: [], isReadable: true };
      const registered = new Set(NAMES);
      const view = { issues, hidden, ownActs: new Map() };
      return carryOut(planGapInbox({ report, registered, waivers, state, tracker: view, now }));
    },
    /** We write as somebody else from now on; what `old-bot` opened is not ours until it is named as a former author. */
    changeCredentials() {
      for (const issue of issues.values()) {
        if (typeof issue !== 'object' || !issue.marker) continue;
        theirs.set(issue.number, issue.marker);
        change(issue.number, { marker: null, formerAuthor: 'old-bot' });
      }
    },
    nameFormerAuthor() {
      for (const [number, marker] of theirs) change(number, { marker, formerAuthor: null });
    },
    person(number: number): Person {
      return {
        close: (reason = 'completed', closedBy = 'person') =>
          change(number, { state: 'closed', stateReason: reason, closedAt: now, closedBy }),
        reopen: () => change(number, { state: 'open', stateReason: 'reopened', closedAt: null, closedBy: null }),
        label: (label) => change(number, { labels: [...issue(number).labels, label] }),
        takeMarkerOut: () => change(number, { marker: null }),
        delete: () => void issues.set(number, 'deleted'),
        restore: (issue) => void issues.set(number, issue),
        transfer: () => void issues.set(number, 'transferred'),
        lock: () => change(number, { isLocked: true }),
        hide() {
          issues.delete(number);
          hidden.add(number);
        },
      };
    },
  };
  return tracker;
}

function said(call: Call, number: number): string {
  switch (call.kind) {
    case 'create':
      return `open #${number} ${call.about}`;
    case 'comment':
      return `comment #${number} ${call.content.kind}`;
    case 'close':
      return `close #${number} ${call.reason}`;
    case 'add-label':
      return `label #${number} ${call.label}`;
    case 'remove-label':
      return `unlabel #${number} ${call.label}`;
    case 'edit':
      return call.content.kind === 'unverified' ? `note #${number} ${call.content.since}` : `edit #${number}`;
    default:
      return `${call.kind} #${number}`;
  }
}
