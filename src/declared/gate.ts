import type { Problem } from '../core/finding.ts';
import type { Gate, GateContext, Remark } from '../core/gate.ts';
import { BudgetSpent, createBudget, GATE_STEPS } from './expressions/budget.ts';
import type { Message } from './message.ts';
import { type Flaw, isFlaw, type Rule, type Witness } from './rules/rule.ts';
import type { TableShelf } from './tables/shelf.ts';
import { tableInWords } from './tables/table.ts';

/** A gate that the audited repo declares. */
export interface DeclaredGate extends Gate {
  /** Judges as `check` does, and tells the witness what was looked at. */
  examine(context: GateContext, witness: Witness): readonly Remark[];
}

export interface GateDefinition {
  readonly id: string;
  readonly lane: string;
  readonly severity: string;
  readonly why: string;
  readonly fix: string;
  readonly say: Message | undefined;
  readonly min: number;
  readonly rule: Rule;
}

/** More findings of one gate than anybody reads; the rest is counted. */
const MOST_FINDINGS = 500;

/** Makes a gate like any other of a definition. Tables are read once for all gates of the `shelf`. */
export function declaredGate(definition: GateDefinition, shelf: TableShelf): DeclaredGate {
  const { id, lane, severity, why, fix, rule } = definition;
  return {
    name: id,
    mirrors: [],
    own: { number: id, lane, severity },
    why,
    fix,
    rules: {},
    reads: [...rule.files, ...rule.tables.flatMap((name) => shelf.definition(name)?.files ?? [])],
    examples: { pass: [], fail: [] },
    check: (context) => judge(definition, shelf, context, undefined),
    examine: (context, witness) => [...judge(definition, shelf, context, witness)],
  };
}

function* judge(
  { rule, min, say }: GateDefinition,
  shelf: TableShelf,
  context: GateContext,
  witness: Witness | undefined,
): Generator<Remark> {
  const host = shelf.hostFor(context);
  const budget = createBudget(GATE_STEPS);
  const tables = rule.tables.map((name) => host.table(name));
  const hasFiles = rule.files.some((pattern) => host.hasFiles(pattern)) || tables.some(({ files }) => files.length > 0);
  if (!hasFiles) {
    const patterns = [...rule.files, ...tables.flatMap(({ definition }) => definition.files)];
    yield { notApplicable: `there is no ${[...new Set(patterns)].join(' and no ')}` };
    return;
  }
  for (const { unread } of tables) for (const reason of unread.slice(0, 20)) yield { blind: reason };
  let count = 0;
  try {
    const remarks = rule.check({ host, budget, table: host.table, witness });
    let next = remarks.next();
    for (; !next.done; next = remarks.next()) {
      if (!isFlaw(next.value)) yield next.value;
      else if (++count <= MOST_FINDINGS) yield problemOf(next.value, say, host, budget);
    }
    if (count > MOST_FINDINGS) yield { unverified: `${count - MOST_FINDINGS} more findings are not listed` };
    if (next.value < min)
      yield {
        blind: tooFew(
          rule,
          tables.map(({ definition }) => tableInWords(definition)),
          next.value,
          min,
        ),
      };
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    yield { blind: `it was given up: ${error.message}` };
  }
}

function tooFew({ subjects, files }: Rule, tables: readonly string[], found: number, min: number): string {
  const where =
    tables.length > 0 ? `in ${tables.join(', ')}` : `matching ${files.map((file) => `\`${file}\``).join(', ')}`;
  return `it looked for ${subjects} ${where} and found ${found === 0 ? 'none' : `only ${found}`}, where at least ${min} ${min === 1 ? 'is' : 'are'} expected`;
}

type Judge = ReturnType<TableShelf['hostFor']>;

function problemOf(
  flaw: Flaw,
  say: Message | undefined,
  host: Judge,
  budget: ReturnType<typeof createBudget>,
): Problem {
  const { rule, subject, at, message } = flaw;
  return { rule, subject, at, message: say ? say(flaw, host, budget) : message };
}
