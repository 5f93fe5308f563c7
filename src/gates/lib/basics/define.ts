import type { Gate, GateContext, Remark } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import { Unavailable } from '../../../core/signals.ts';
import { type Report, type Rules, reporterFor } from '../define.ts';

interface Definition<R extends Rules> extends Omit<Gate, 'check' | 'mirrors' | 'own' | 'rules'> {
  readonly number: string;
  readonly severity: 'high' | 'medium' | 'low';
  readonly rules: R;
  /** What it looks at, for the sentence that says there is none. */
  readonly about: string;
  /** Its files, where the globs of `reads` are not enough to tell. The gate does not apply where there are none. */
  files?(repo: Repo): readonly string[];
  check(files: readonly string[], report: Report<R>, context: GateContext): Iterable<Remark>;
}

/** A gate that asks nothing of the way in which a repo is laid out. */
export function defineBasicsGate<const R extends Rules>(definition: Definition<R>): Gate {
  const { number, severity, about, check, files, ...rest } = definition;
  const report = reporterFor(definition.rules);
  return {
    ...rest,
    mirrors: [],
    own: { number, lane: 'basics', severity, isGeneral: true },
    *check(context) {
      const { repo } = context;
      const found = files?.(repo) ?? matching(repo, rest.reads);
      if (found.length === 0) {
        yield { notApplicable: `there are no ${about}` };
        return;
      }
      repo.prefetch(found);
      yield* check(found, report, context);
    },
  };
}

/** Files that match any of the patterns, each once, sorted; what others brought along is left out. */
export function matching(repo: Repo, patterns: readonly string[]): readonly string[] {
  const found = new Set(patterns.flatMap((pattern) => repo.files(pattern)));
  return [...found].filter((path) => !FOREIGN.test(path)).sort();
}

/** The same without what was put away: nobody runs or applies it any more. */
export function matchingInUse(repo: Repo, patterns: readonly string[]): readonly string[] {
  return matching(repo, patterns).filter((path) => !/(?:^|\/)[._]?archived?\//i.test(path));
}

/** Other people's files, and files that are broken on purpose. */
const FOREIGN =
  /(?:^|\/)(?:node_modules|vendor|third_party|\.terraform|\.git|fixtures?|testdata|__fixtures__|\.venv|charts\/[^/]+\/charts)\//;

/** A file's text, or the sentence that says why it cannot be had. */
export function textOr(repo: Repo, path: string): string | { readonly blind: string } {
  try {
    return repo.text(path);
  } catch (error) {
    if (error instanceof Unavailable) return { blind: error.message };
    throw error;
  }
}

/** Whether a file cannot be had because a link leads to another repository: it is not this one's to judge. */
export function isElsewhere({ blind }: { readonly blind: string }): boolean {
  return blind.includes('it lies in the submodule ');
}
