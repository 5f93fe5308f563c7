/** One repository's issues, comments, labels and commit statuses. Records are replaced, never changed. */
import type { Person } from './people.ts';

export type StateReason = 'completed' | 'not_planned' | 'reopened' | 'duplicate';

/** The App through which something was written, as GitHub remembers it. */
export interface AppIdentity {
  id: number;
  slug: string;
  clientId: string;
  owner: Person;
  permissions: Record<string, string>;
  createdAt: string;
}

export interface Author {
  person: Person;
  app: AppIdentity | null;
}

export interface IssueRecord {
  readonly id: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly author: Author;
  readonly state: 'open' | 'closed';
  readonly stateReason: StateReason | null;
  readonly labels: readonly number[];
  readonly locked: boolean;
  readonly lockReason: string | null;
  readonly pinned: boolean;
  readonly isPullRequest: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  readonly closedBy: Person | null;
  /** Deleted, or the repository and number it was transferred to. */
  readonly gone: 'deleted' | { repositoryId: number; number: number } | null;
}

export interface CommentRecord {
  readonly id: number;
  readonly issue: number;
  readonly body: string;
  readonly author: Author;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface LabelRecord {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface StatusRecord {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: Person;
  readonly createdAt: string;
}

/** A check run of CI. */
export interface CheckRunRecord {
  readonly sha: string;
  readonly name: string;
  readonly workflow: string | null;
  /** GitHub's conclusion in lower case; null while it runs. */
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly completedAt: string | null;
  readonly annotations: readonly AnnotationRecord[];
}

export interface AnnotationRecord {
  readonly level: 'failure' | 'warning' | 'notice';
  readonly path: string;
  readonly line: number;
  readonly title: string | null;
  readonly message: string;
}

export type NewIssue = Pick<IssueRecord, 'title' | 'body' | 'author' | 'labels'> & Partial<IssueRecord>;

export interface IssueStore {
  readonly comments: CommentRecord[];
  readonly labels: Map<number, LabelRecord>;
  readonly statuses: StatusRecord[];
  readonly checkRuns: CheckRunRecord[];
  add(issue: NewIssue, now: string): IssueRecord;
  get(number: number): IssueRecord | undefined;
  /** Replaces an issue's fields and counts as one write. */
  write(number: number, change: Partial<IssueRecord>, now: string): IssueRecord;
  /** The issues that exist, as they are now or as they were some writes ago. */
  list(writesAgo?: number): readonly IssueRecord[];
  nextId(): number;
  labelNamed(name: string): LabelRecord | undefined;
  addLabel(name: string, color: string, description: string | null): LabelRecord;
  removeLabel(id: number): void;
}

const rememberedWrites = 200;

export function createIssueStore(repositoryId: number): IssueStore {
  const issues = new Map<number, IssueRecord>();
  const history: IssueRecord[][] = [[]];
  const comments: CommentRecord[] = [];
  const labels = new Map<number, LabelRecord>();
  let ids = repositoryId * 100_000;

  function present(): IssueRecord[] {
    return [...issues.values()].filter((issue) => issue.gone === null);
  }

  function replace(issue: IssueRecord): IssueRecord {
    issues.set(issue.number, issue);
    history.push(present());
    if (history.length > rememberedWrites) history.shift();
    return issue;
  }

  function nextId(): number {
    ids += 1;
    return ids;
  }

  return {
    comments,
    labels,
    statuses: [],
    checkRuns: [],
    nextId,
    add(issue, now) {
      const number = issues.size + 1;
      return replace({
        state: 'open',
        stateReason: null,
        locked: false,
        lockReason: null,
        pinned: false,
        isPullRequest: false,
        createdAt: now,
        updatedAt: now,
        closedAt: null,
        closedBy: null,
        gone: null,
        ...issue,
        id: nextId(),
        number,
      });
    },
    get: (number) => issues.get(number),
    write(number, change, now) {
      const issue = issues.get(number);
      if (issue === undefined) throw new Error(`no issue ${number}`);
      return replace({ ...issue, ...change, updatedAt: now });
    },
    list: (writesAgo = 0) => history[Math.max(0, history.length - 1 - writesAgo)] ?? [],
    labelNamed(name) {
      const wanted = name.toLowerCase();
      return [...labels.values()].find((label) => label.name.toLowerCase() === wanted);
    },
    addLabel(name, color, description) {
      const label = { id: nextId(), name, color, description };
      labels.set(label.id, label);
      return label;
    },
    removeLabel(id) {
      labels.delete(id);
      for (const issue of issues.values()) {
        if (!issue.labels.includes(id)) continue;
        issues.set(issue.number, { ...issue, labels: issue.labels.filter((each) => each !== id) });
      }
    },
  };
}
