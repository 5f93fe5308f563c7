import { isTrue, type YqNode } from './node.ts';
import { type Handler, over, type Run, readOnly, spend } from './run.ts';

type Calculate = (left: YqNode, right: YqNode, run: Run) => YqNode;
/** One of the two may be missing, where a side gave nothing. */
type CalculateMissing = (left: YqNode | null, right: YqNode | null) => YqNode | null;

/** An operator on every pair of what its two sides give for a value; nothing where a side gives nothing. */
export function forPairs(calculate: Calculate, isReadOnlyOperator = true): Handler {
  return perCandidate((run, scope, expression, evaluate) => {
    const results: YqNode[] = [];
    const inner = isReadOnlyOperator ? readOnly(scope) : scope;
    for (const left of evaluate(run, inner, expression.left)) {
      for (const right of evaluate(run, inner, expression.right)) results.push(calculate(left, right, run));
    }
    spend(run, results.length);
    return results;
  });
}

/** The same, but a side that gives nothing counts as a missing value. `decide` may decide by the left side alone. */
export function forPairsOrMissing(
  calculate: CalculateMissing,
  decide: (left: YqNode | null) => YqNode | null = () => null,
  isReadOnlyOperator = false,
): Handler {
  return perCandidate((run, scope, expression, evaluate) => {
    const results: YqNode[] = [];
    const inner = isReadOnlyOperator ? readOnly(scope) : scope;
    const lefts = evaluate(run, inner, expression.left);
    for (const left of lefts.length > 0 ? lefts : [null]) {
      const decided = decide(left);
      if (decided) {
        results.push(decided);
        continue;
      }
      const rights = evaluate(run, inner, expression.right);
      for (const right of rights.length > 0 ? rights : [null]) {
        const result = calculate(left, right);
        if (result) results.push(result);
      }
    }
    spend(run, results.length);
    return results;
  });
}

/** Operators look at one value after the other; with eval-all, and over nothing at all, they are asked once. */
export function perCandidate(handler: Handler): Handler {
  return (run, scope, expression, evaluate) => {
    if (scope.nodes.every((node) => node.isTogether)) return handler(run, scope, expression, evaluate);
    return scope.nodes.flatMap((node) => handler(run, over(scope, [node]), expression, evaluate));
  };
}

/** `//` */
export const alternative = forPairsOrMissing(
  (left, right) => {
    if (!left) return right;
    return right && !isTrue(left) ? right : left;
  },
  (left) => (isTrue(left) ? left : null),
);
