import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { ConfigError } from '../../src/config/targets.ts';

/** The repository that `bindings/targets.yaml` names before anybody has written their own. */
export const PLACEHOLDER = 'your-name/your-ops-repo';

/** What setup says of a target; whatever else its entry holds stays. */
export interface TargetEntry {
  readonly repo: string;
  /** What is undefined stays as it is; for a new entry it is `main`, none, and a dry run. */
  readonly branch?: string | undefined;
  /** Repositories by the names that gates use. */
  readonly siblings?: Readonly<Record<string, string>>;
  readonly inbox?: 'on' | 'dry-run' | undefined;
  /** Checks of CI that count as gates. */
  readonly checks?: readonly string[] | undefined;
}

/**
 * Puts a target into the text of `bindings/targets.yaml`: into its own entry, else in place of the placeholder, else as a new one.
 * Comments and everything else stay. Throws `ConfigError` for a text that is no such file.
 */
export function withTarget(text: string, wanted: TargetEntry): string {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new ConfigError(`bindings/targets.yaml: ${error.message.split('\n', 1)[0]}`);
  const targets = document.get('targets');
  if (!isSeq(targets))
    return withTarget(`${text.trim() === '' ? '' : text.replace(/^targets:.*\n?/m, '')}targets: []\n`, wanted);
  const named = (name: string) =>
    targets.items.find((item): item is YAMLMap => isMap(item) && same(String(item.get('repo')), name));
  const entry = named(wanted.repo) ?? named(PLACEHOLDER);
  const siblings = Object.entries(wanted.siblings ?? {}).map(
    ([name, repo]) => [name, { repo, branch: 'main' }] as const,
  );
  if (!entry) {
    const { repo, branch = 'main', inbox = 'dry-run', checks = [] } = wanted;
    const added = {
      ...{ repo, branch },
      ...(siblings.length > 0 ? { siblings: Object.fromEntries(siblings) } : {}),
      ...(checks.length > 0 ? { checks } : {}),
      inbox,
    };
    targets.flow = false;
    targets.add(document.createNode(added));
    return document.toString({ lineWidth: 120 });
  }
  entry.set('repo', wanted.repo);
  if (wanted.branch) entry.set('branch', wanted.branch);
  for (const [name, sibling] of siblings) {
    const before = entry.getIn(['siblings', name, 'repo']);
    if (!same(String(before), sibling.repo)) entry.setIn(['siblings', name], document.createNode(sibling));
  }
  if (wanted.inbox) entry.set('inbox', wanted.inbox);
  if (wanted.checks?.length) entry.set('checks', document.createNode(wanted.checks));
  if (wanted.checks?.length === 0) entry.delete('checks');
  return document.toString({ lineWidth: 120 });
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
