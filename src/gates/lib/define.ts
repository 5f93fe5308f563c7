import { type GateFinding, gateFinding, type Located } from '../../core/finding.ts';
import type { Gate, GateContext, Remark } from '../../core/gate.ts';
import { type MessageValue, type PlaceholderOf, renderMessage } from './message.ts';
import { Missing, type Need, type NeedOf } from './needs.ts';

/**
 * What a gate can find: rule → message with `{placeholders}`.
 * A rule that has to say different things carries them as `rule:case`; the part before the colon is the rule.
 */
export type Rules = Readonly<Record<string, string>>;

/** Values for the placeholders of a message; rules that are put together from data are not known to the compiler. */
type Values<Message extends string> = string extends Message
  ? [values?: Readonly<Record<string, MessageValue>>]
  : [PlaceholderOf<Message>] extends [never]
    ? []
    : [values: Readonly<Record<PlaceholderOf<Message>, MessageValue>>];

/** Makes the finding of a rule: its subject, its place, and a value for every placeholder of its message. */
export type Report<R extends Rules> = <Rule extends keyof R & string>(
  rule: Rule,
  subject: string,
  at: Located | undefined,
  ...values: Values<R[Rule]>
) => GateFinding;

type Needs = Readonly<Record<string, Need<unknown>>>;
type Given<N extends Needs> = { readonly [Name in keyof N]: NeedOf<N[Name]> };

interface Definition<N extends Needs, R extends Rules> extends Omit<Gate, 'reads' | 'rules' | 'check'> {
  /** Its inputs, in the order in which they are looked for; the first that is missing ends the gate. */
  readonly needs: N;
  /** Paths and globs that it also asks for, whether they are there or not. */
  readonly alsoReads?: readonly string[];
  readonly rules: R;
  check(given: Given<N>, report: Report<R>, context: GateContext): Iterable<Remark>;
}

/** A gate from what it needs, what it can find, and the rules' order. */
export function defineGate<const N extends Needs, const R extends Rules>(definition: Definition<N, R>): Gate {
  const { needs, alsoReads = [], rules, check, ...rest } = definition;
  const report = reporterFor(rules);
  return {
    ...rest,
    rules,
    reads: [...new Set([...Object.values(needs).map(({ path }) => path), ...alsoReads])],
    *check(context) {
      const { repo } = context;
      for (const need of Object.values(needs)) {
        const missing = need.absence(repo);
        if (missing) return yield missing;
      }
      try {
        // Every need is read under its own name.
        const given = Object.fromEntries(Object.entries(needs).map(([name, need]) => [name, need.read(repo)]));
        for (const remark of check(given as Given<N>, report, context)) {
          yield remark;
          if (definition.stopsAtFirst && 'rule' in remark) return;
        }
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        yield error.remark;
      }
    },
  };
}

/** The function that turns a rule and its values into a finding. */
export function reporterFor<R extends Rules>(rules: R): Report<R> {
  return (rule, subject, at, ...[values = {}]) => {
    const [id = rule] = rule.split(':');
    return gateFinding(id, subject, at, renderMessage(rules[rule] ?? '', values));
  };
}
