import { isIssue, type TrackerView } from '../port.ts';

const MAX_NAMED = 10;

/** Open issues that only another author's name keeps from being ours, as a sentence for each author, with the remedy. */
export function formerAuthorProblems({ issues }: Pick<TrackerView, 'issues'>): readonly string[] {
  const byAuthor = new Map<string, number[]>();
  for (const issue of issues.values()) {
    if (!isIssue(issue) || issue.state !== 'open' || issue.formerAuthor === null) continue;
    byAuthor.set(issue.formerAuthor, [...(byAuthor.get(issue.formerAuthor) ?? []), issue.number]);
  }
  return [...byAuthor].map(([author, numbers]) => {
    const ordered = numbers.sort((one, other) => one - other);
    const named = ordered.slice(0, MAX_NAMED).map((number) => `#${number}`);
    const rest = ordered.length > MAX_NAMED ? ` and ${ordered.length - MAX_NAMED} more` : '';
    const [carry, were, they] = ordered.length === 1 ? ['carries', 'was', 'it is'] : ['carry', 'were', 'they are'];
    const what = `${named.join(', ')}${rest} ${carry} Lanekeeper's marker but ${were} opened by ${author}, so ${they} left alone.`;
    return `${what} If Lanekeeper used that account before, add \`${author}\` to \`formerAuthors\` of this target in bindings/targets.yaml.`;
  });
}
