/** What people do on github.com while nobody looks: straight to the state, past tokens and limits. */
import type { World } from './call.ts';
import { timestamp } from './clock.ts';
import type { IssueRecord, StateReason } from './issue-store.ts';
import type { Person } from './people.ts';
import type { SimulatedRepository } from './repositories.ts';

export interface IssueDraft {
  title: string;
  body?: string;
  labels?: string[];
  /** Makes it a pull request, which shares numbers and lists with issues. */
  pullRequest?: boolean;
}

/** A person at the keyboard of one repository. */
export interface Human {
  openIssue(draft: IssueDraft): number;
  close(issue: number, reason?: StateReason): void;
  reopen(issue: number): void;
  edit(issue: number, change: { title?: string; body?: string | null }): void;
  label(issue: number, ...names: string[]): void;
  unlabel(issue: number, ...names: string[]): void;
  comment(issue: number, body: string): void;
  lock(issue: number, reason?: string): void;
  unlock(issue: number): void;
  unpin(issue: number): void;
  deleteIssue(issue: number): void;
  /** Returns its number in the other repository. */
  transfer(issue: number, to: SimulatedRepository): number;
  createLabel(name: string, color?: string, description?: string): void;
  deleteLabel(name: string): void;
}

export function createHuman(world: World, repository: SimulatedRepository, person: Person): Human {
  const { issues } = repository;
  const now = (): string => timestamp(world.clock.now());
  const author = { person, app: null };

  function labelId(name: string): number {
    return (issues.labelNamed(name) ?? issues.addLabel(name, 'ededed', null)).id;
  }

  function write(number: number, change: Partial<IssueRecord>): void {
    issues.write(number, change, now());
  }

  function labelsOf(number: number): readonly number[] {
    return issues.get(number)?.labels ?? [];
  }

  return {
    openIssue({ title, body, labels = [], pullRequest = false }) {
      const draft = { title, body: body ?? null, labels: labels.map(labelId), author };
      return issues.add({ ...draft, isPullRequest: pullRequest }, now()).number;
    },
    close(number, reason = 'completed') {
      write(number, { state: 'closed', stateReason: reason, closedAt: now(), closedBy: person });
    },
    reopen(number) {
      write(number, { state: 'open', stateReason: 'reopened', closedAt: null, closedBy: null });
    },
    edit: write,
    label(number, ...names) {
      write(number, { labels: [...new Set([...labelsOf(number), ...names.map(labelId)])] });
    },
    unlabel(number, ...names) {
      const gone = names.map(labelId);
      write(number, { labels: labelsOf(number).filter((id) => !gone.includes(id)) });
    },
    comment(number, body) {
      const comment = { id: issues.nextId(), issue: number, body, author };
      issues.comments.push({ ...comment, createdAt: now(), updatedAt: now() });
      write(number, {});
    },
    lock: (number, reason) => write(number, { locked: true, lockReason: reason ?? null }),
    unlock: (number) => write(number, { locked: false, lockReason: null }),
    unpin: (number) => write(number, { pinned: false }),
    deleteIssue: (number) => write(number, { gone: 'deleted' }),
    transfer(number, to) {
      const issue = issues.get(number);
      if (issue === undefined) throw new Error(`no issue ${number}`);
      const moved = to.issues.add({ ...issue, labels: [], gone: null }, issue.createdAt);
      write(number, { gone: { repositoryId: to.id, number: moved.number } });
      return moved.number;
    },
    createLabel(name, color = 'ededed', description) {
      issues.addLabel(name, color, description ?? null);
    },
    deleteLabel(name) {
      const label = issues.labelNamed(name);
      if (label !== undefined) issues.removeLabel(label.id);
    },
  };
}
