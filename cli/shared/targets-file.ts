import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { ConfigError } from '../../src/config/targets.ts';

/** The repository that `bindings/targets.yaml` names before anybody has written their own. */
export const PLACEHOLDER = 'your-name/your-ops-repo';

/** What setup says of a target; whatever else its entry holds stays. */
export interface TargetWish {
  readonly repo: string;
  /** What is undefined stays as it is; for a new entry it is `main`, none, and a dry run. */
  readonly branch?: string | undefined;
  /** Repositories by the names that gates use. */
  readonly siblings?: Readonly<Record<string, string>>;
  readonly inbox?: 'on' | 'dry-run' | undefined;
}

/**
 * Puts a target into the text of `bindings/targets.yaml`: into its own entry, else in place of the placeholder, else as a new one.
 * Comments and everything else stay. Throws `ConfigError` for a text that is no such file.
 */
export function withTarget(text: string, wish: TargetWish): string {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new ConfigError(`bindings/targets.yaml: ${error.message.split('\n', 1)[0]}`);
  const targets = document.get('targets');
  if (!isSeq(targets))
    return withTarget(`${text.trim() === '' ? '' : text.replace(/^targets:.*\n?/m, '')}targets: []\n`, wish);
  const named = (name: string) =>
    targets.items.find((item): item is YAMLMap => isMap(item) && same(String(item.get('repo')), name));
  const entry = named(wish.repo) ?? named(PLACEHOLDER);
  const siblings = Object.entries(wish.siblings ?? {}).map(([name, repo]) => [name, { repo, branch: 'main' }] as const);
  if (!entry) {
    const { repo, branch = 'main', inbox = 'dry-run' } = wish;
    const fresh = { repo, branch, ...(siblings.length > 0 ? { siblings: Object.fromEntries(siblings) } : {}), inbox };
    targets.flow = false;
    targets.add(document.createNode(fresh));
    return document.toString({ lineWidth: 120 });
  }
  entry.set('repo', wish.repo);
  if (wish.branch) entry.set('branch', wish.branch);
  for (const [name, sibling] of siblings) {
    const before = entry.getIn(['siblings', name, 'repo']);
    if (!same(String(before), sibling.repo)) entry.setIn(['siblings', name], document.createNode(sibling));
  }
  if (wish.inbox) entry.set('inbox', wish.inbox);
  return document.toString({ lineWidth: 120 });
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
