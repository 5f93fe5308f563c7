import type { GateFinding } from '../core/finding.ts';
import type { Gate, GateContext, Remark } from '../core/gate.ts';
import { BudgetSpent, createBudget, GATE_STEPS } from './expressions/budget.ts';
import type { Message } from './message.ts';
import { type Flaw, isFlaw, type Rule, type Witness } from './rules/rule.ts';
import type { TableShelf } from './tables/shelf.ts';
import { type Table, tableInWords } from './tables/table.ts';

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
  /** Tables that its expressions ask for. */
  readonly asked: readonly string[];
}

/** More findings of one gate than anybody reads; the rest is counted. */
const MOST_FINDINGS = 500;
/** Putting a finding in words and keeping it takes longer than a step, and noting where it stands, too. */
const STEPS_PER_FINDING = 10;
const STEPS_PER_FLAW = 2;
/** Reasons for being blind beyond these say nothing new. */
const MOST_REASONS = 20;

/** Makes a gate like any other of a definition. Tables are read once for all gates of the `shelf`. */
export function declaredGate(definition: GateDefinition, shelf: TableShelf): DeclaredGate {
  const { id, lane, severity, why, fix, rule, asked } = definition;
  return {
    name: id,
    mirrors: [],
    own: { number: id, lane, severity },
    why,
    fix,
    rules: {},
    reads: [...rule.files, ...[...rule.tables, ...asked].flatMap((name) => shelf.definition(name)?.files ?? [])],
    examples: { pass: [], fail: [] },
    check: (context) => judge(definition, shelf, context, undefined),
    examine: (context, witness) => [...judge(definition, shelf, context, witness)],
  };
}

function* judge(
  { rule, min, say, asked }: GateDefinition,
  shelf: TableShelf,
  context: GateContext,
  witness: Witness | undefined,
): Generator<Remark> {
  const host = shelf.hostFor(context);
  const budget = createBudget(GATE_STEPS, shelf.budget);
  const tables = rule.tables.map(host.table);
  const missing = whatIsMissing(rule, tables, asked.map(host.table), host);
  if (missing !== undefined) return yield missing;
  const unclear = new Set(tables.flatMap(({ unread }) => unread));
  let count = 0;
  try {
    const remarks = rule.check({ host, budget, table: host.table, witness });
    let next = remarks.next();
    for (; !next.done; next = remarks.next()) {
      if (isFlaw(next.value)) {
        const isListed = ++count <= MOST_FINDINGS;
        if (isListed) yield problemOf(next.value, say, host, budget);
        budget.spend(isListed ? STEPS_PER_FINDING : STEPS_PER_FLAW);
      } else if ('blind' in next.value) unclear.add(next.value.blind);
      else yield next.value;
    }
    if (next.value < min && unclear.size === 0)
      unclear.add(
        tooFew(
          rule,
          tables.map(({ definition }) => tableInWords(definition)),
          next.value,
          min,
        ),
      );
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    unclear.add(`it was given up: ${error.message}`);
  }
  if (count > MOST_FINDINGS) yield { unverified: `${count - MOST_FINDINGS} more findings are not listed` };
  for (const blind of [...unclear].slice(0, MOST_REASONS)) yield { blind };
  if (unclear.size > MOST_REASONS) yield { blind: `and ${unclear.size - MOST_REASONS} more` };
}

/** Why a gate has no business here: what it is about was never in the repo, or no machine ever told of it. */
function whatIsMissing(
  { files }: Rule,
  tables: readonly Table[],
  asked: readonly Table[],
  host: Judge,
): Remark | undefined {
  const silent = [...tables, ...asked].filter(({ definition, isThere }) => definition.facts !== undefined && !isThere);
  const facts = new Set(silent.map(({ definition }) => `\`${definition.facts}\``));
  if (facts.size > 0) return { notApplicable: `no machine posts the facts ${[...facts].join(', ')}` };
  if (files.some((pattern) => host.hasFiles(pattern)) || tables.some(({ isThere }) => isThere)) return undefined;
  const patterns = [...new Set([...files, ...tables.flatMap(({ definition }) => definition.files)])];
  const other = host.notFileAmong(patterns);
  if (other !== undefined)
    return {
      blind: `${other} is no file: it is a folder, a submodule, or a link that leads nowhere in the repository`,
    };
  return { notApplicable: `there is no ${patterns.join(' and no ')}` };
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
): GateFinding {
  const { rule, subject, at, message } = flaw;
  return { rule, subject, at, message: say ? say(flaw, host, budget) : message };
}
