import { isIssue, type TrackerView, type Whereabouts } from '../port.ts';

const MAX_NAMED = 10;

/** Open issues that only their author's name keeps from being ours, by that name. */
export function byFormerAuthor(issues: Iterable<Whereabouts>): ReadonlyMap<string, readonly number[]> {
  const byAuthor = new Map<string, readonly number[]>();
  for (const issue of issues) {
    if (!isIssue(issue) || issue.state !== 'open' || issue.formerAuthor === null) continue;
    byAuthor.set(issue.formerAuthor, [...(byAuthor.get(issue.formerAuthor) ?? []), issue.number]);
  }
  return byAuthor;
}

/** A sentence for each former author, with the remedy. */
export function formerAuthorProblems({ issues }: Pick<TrackerView, 'issues'>): readonly string[] {
  return [...byFormerAuthor(issues.values())].map(([author, numbers]) => {
    const ordered = [...numbers].sort((one, other) => one - other);
    const named = ordered.slice(0, MAX_NAMED).map((number) => `#${number}`);
    const rest = ordered.length > MAX_NAMED ? ` and ${ordered.length - MAX_NAMED} more` : '';
    const [carry, were, they] = ordered.length === 1 ? ['carries', 'was', 'it is'] : ['carry', 'were', 'they are'];
    const what = `${named.join(', ')}${rest} ${carry} Lanekeeper's marker but ${were} opened by ${author}, so ${they} left alone.`;
    return `${what} If Lanekeeper used that account before, add \`${author}\` to \`formerAuthors\` of this target in bindings/targets.yaml.`;
  });
}
