/** Labels of a repository, and of one issue. */
import { hasRole } from './access.ts';
import { type Answer, type Call, type Handler, nowOf, param, repositoryOf, text } from './call.ts';
import { forbidden, notFound, validationFailed } from './errors.ts';
import { presentLabel } from './issue-shapes.ts';
import type { IssueRecord, LabelRecord } from './issue-store.ts';
import { issueInPath } from './issues.ts';
import { checkedLabelName, labelIds } from './label-names.ts';
import { pageAnswer } from './pages.ts';

const maximumDescription = 100;

function checkedColor(color: string): string {
  if (!/^[0-9a-f]{6}$/i.test(color)) {
    throw validationFailed({ resource: 'Label', field: 'color', code: 'invalid' });
  }
  return color.toLowerCase();
}

function checkedDescription(description: string | null): string | null {
  if (description !== null && [...description].length > maximumDescription) {
    const message = `description is too long (maximum is ${maximumDescription} characters)`;
    throw validationFailed({ resource: 'Label', field: 'description', code: 'custom', message });
  }
  return description;
}

function present(call: Call): (label: LabelRecord) => unknown {
  return (label) => presentLabel(call.world, repositoryOf(call), label);
}

function labelInPath(call: Call): LabelRecord {
  const label = repositoryOf(call).issues.labelNamed(param(call, 'name'));
  if (label === undefined) throw notFound();
  return label;
}

function requirePush(call: Call): void {
  if (!hasRole(call.caller, repositoryOf(call), 'write')) throw notFound();
}

function createLabel(call: Call): Answer {
  requirePush(call);
  const { issues } = repositoryOf(call);
  const name = checkedLabelName(text(call.body.name) ?? '');
  const color = checkedColor(text(call.body.color) ?? 'ededed');
  const description = checkedDescription(text(call.body.description) ?? null);
  if (issues.labelNamed(name) !== undefined) {
    throw validationFailed({ resource: 'Label', field: 'name', code: 'already_exists' });
  }
  const body = present(call)(issues.addLabel(name, color, description));
  return { status: 201, body, headers: { location: String((body as { url: unknown }).url) } };
}

function updateLabel(call: Call): Answer {
  requirePush(call);
  const label = labelInPath(call);
  const changed = {
    ...label,
    name: checkedLabelName(text(call.body.new_name) ?? label.name),
    color: checkedColor(text(call.body.color) ?? label.color),
    description: checkedDescription(text(call.body.description) ?? label.description),
  };
  repositoryOf(call).issues.labels.set(label.id, changed);
  return { status: 200, body: present(call)(changed) };
}

function labelsOf(call: Call, issue: IssueRecord): LabelRecord[] {
  const { labels } = repositoryOf(call).issues;
  return issue.labels.flatMap((id) => labels.get(id) ?? []);
}

function setLabels(call: Call, change: (issue: IssueRecord, ids: number[]) => number[]): Answer {
  const { issues } = repositoryOf(call);
  const issue = issueInPath(call);
  const ids = labelIds(call, call.body.labels ?? []);
  if (ids === undefined) throw forbidden('Must have triage access to set labels');
  const labels = [...new Set(change(issue, ids))];
  const written = issues.write(issue.number, { labels }, nowOf(call));
  return { status: 200, body: labelsOf(call, written).map(present(call)) };
}

function removeLabel(call: Call): Answer {
  const label = repositoryOf(call).issues.labelNamed(param(call, 'name'));
  if (label === undefined || !issueInPath(call).labels.includes(label.id)) {
    issueInPath(call);
    throw notFound();
  }
  return setLabels(call, (issue) => issue.labels.filter((id) => id !== label.id));
}

export const labelHandlers: Record<string, Handler> = {
  'issues/list-labels-for-repo': (call) =>
    pageAnswer(call, [...repositoryOf(call).issues.labels.values()], present(call)),
  'issues/list-labels-on-issue': (call) => pageAnswer(call, labelsOf(call, issueInPath(call)), present(call)),
  'issues/get-label': (call) => ({ status: 200, body: present(call)(labelInPath(call)) }),
  'issues/create-label': createLabel,
  'issues/update-label': updateLabel,
  'issues/add-labels': (call) => setLabels(call, (issue, ids) => [...issue.labels, ...ids]),
  'issues/set-labels': (call) => setLabels(call, (_issue, ids) => ids),
  'issues/remove-label': removeLabel,
};
