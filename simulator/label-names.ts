/** From label names in a request to labels of the repository, and back. */
import { hasRole } from './access.ts';
import { type Call, repositoryOf } from './call.ts';
import { GitHubError, validationFailed } from './errors.ts';
import type { IssueRecord, LabelRecord } from './issue-store.ts';
import { isRecord } from './openapi-schemas.ts';
import type { SimulatedRepository } from './repositories.ts';

const maximumName = 50;

export function labelNames(repository: SimulatedRepository, issue: IssueRecord): string[] {
  return issue.labels.flatMap((id) => repository.issues.labels.get(id)?.name ?? []);
}

export function checkedLabelName(name: string): string {
  const problem = { resource: 'Label', field: 'name' };
  if (name.trim() === '') throw validationFailed({ ...problem, code: 'missing_field' });
  if ([...name].length > maximumName) {
    const message = `name is too long (maximum is ${maximumName} characters)`;
    throw validationFailed({ ...problem, code: 'custom', message });
  }
  return name;
}

function requestedNames(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  return list.map((item) => checkedLabelName(String(isRecord(item) ? (item.name ?? '') : item)));
}

/** An unknown label is made on the fly, in grey, for those who may create labels (Songmu/tagpr#194). */
function labelFor(call: Call, name: string): LabelRecord {
  const repository = repositoryOf(call);
  const known = repository.issues.labelNamed(name);
  if (known !== undefined) return known;
  if (!hasRole(call.caller, repository, 'write')) {
    const errors = [{ resource: 'Repository', field: 'label', code: 'unauthorized' }];
    throw new GitHubError(403, 'You do not have permission to create labels on this repository.', { errors });
  }
  return repository.issues.addLabel(name, 'ededed', null);
}

/** The labels a request sets, or undefined where it sets none or GitHub silently drops them. */
export function labelIds(call: Call, value: unknown): number[] | undefined {
  if (value === undefined || !hasRole(call.caller, repositoryOf(call), 'triage')) return undefined;
  return [...new Set(requestedNames(value).map((name) => labelFor(call, name).id))];
}
