import { type CelEnv, type CelInput, type CelValue, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { compilePattern, type Pattern, PatternError } from '../pattern.ts';
import { deeperThan, unmatched } from './brackets.ts';
import { type Budget, stepsFor } from './budget.ts';
import { ExpressionError } from './error.ts';
import { hostFunctions } from './functions.ts';
import type { Guarded, Host } from './host.ts';
import { nullSafeFunctions } from './null-safe.ts';
import { type Conjunct, type Names, rewrite, signature } from './rewrite.ts';

/** What an expression came to: a value, or why there is none. `isMissing` when that is because something in it is null. */
export type Result = { readonly value: CelValue } | { readonly problem: string; readonly isMissing: boolean };

/** What can be evaluated for a row. */
export interface Part {
  /** Every path from `row` that it asks for, in order. */
  readonly rowPaths: readonly (readonly string[])[];
  /** Evaluates it. What the host throws comes out as it is; `BudgetSpent` when it takes too long. */
  evaluate(values: Readonly<Record<string, CelInput>>, host: Host, budget: Budget): Result;
}

export interface Expression extends Part {
  readonly source: string;
  /** Tables that it asks for by name. */
  readonly tables: readonly string[];
  /** The parts of `a && b`, each of which has to hold; one where there is no `&&`. */
  readonly conjuncts: readonly Part[];
}

/** The library's text functions without those that can grow without end: ours are counted. */
const TEXTS = strings.filter(({ name }) => !['replace', 'split', 'join', 'format'].includes(name));

/** Compiling a pattern takes longer than trying it on a short text. */
const STEPS_PER_PATTERN = 30;

/** Nobody writes more by hand, and the parser recurses. */
const LIMITS = { characters: 2000, depth: 48 };

/**
 * CEL as gates speak it: a key that is missing reads as null, whole numbers are `int`, and everything is counted against a budget.
 * One language serves one gate file; evaluation is synchronous and not reentrant.
 */
export class ExpressionLanguage {
  readonly #env: CelEnv;
  readonly #patterns = new Map<string, Pattern>();
  readonly #functions: ReadonlySet<string>;
  readonly #signatures: ReadonlySet<string>;
  #running: { readonly host: Host; readonly budget: Budget; readonly source: string; thrown?: unknown } | undefined;

  constructor() {
    const running = () => {
      if (!this.#running) throw new Error('no expression is being evaluated');
      return this.#running;
    };
    /** The library turns what functions throw into values; what is not about the row has to get past it. */
    const guarded: Guarded = (call) => {
      const state = running();
      try {
        return call(state.host, state.budget, state.source);
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof PatternError)) state.thrown ??= error;
        throw error;
      }
    };
    this.#env = celEnv({
      funcs: [...TEXTS, ...nullSafeFunctions(guarded), ...hostFunctions(guarded)],
      re2: { compile: (source) => ({ test: (text) => guarded((_, budget) => this.#test(source, text, budget)) }) },
    });
    const functions = [...this.#env.funcs];
    this.#functions = new Set(functions.map(({ name }) => name));
    this.#signatures = new Set(
      functions.map((known) => signature(known.name, known.target !== undefined, known.arguments.length)),
    );
  }

  /** Compiles an expression in which `variables` and `tables` are known. Throws `ExpressionError`. */
  compile(source: string, variables: readonly string[], tables: ReadonlySet<string>): Expression {
    if (source.length > LIMITS.characters)
      throw new ExpressionError(`longer than ${LIMITS.characters} characters`, LIMITS.characters);
    const tooDeep = deeperThan(LIMITS.depth, source);
    if (tooDeep !== undefined) throw new ExpressionError(`nested more than ${LIMITS.depth} levels deep`, tooDeep);
    const names: Names = {
      functions: this.#functions,
      signatures: this.#signatures,
      variables: new Set(variables),
      tables,
    };
    const { tables: asked, conjuncts, ...whole } = rewrite(parseExpression(source), source, names);
    // Planned at once, because that finds mistakes, too; parts are planned when somebody asks, which is seldom.
    const run = plan(this.#env, whole.expr);
    return {
      source,
      tables: asked,
      conjuncts: conjuncts.map((part) => this.#part(source, part)),
      ...this.#part(source, whole, run),
    };
  }

  #part(source: string, { expr, size, rowPaths }: Conjunct, run?: ReturnType<typeof plan>): Part {
    let planned = run;
    return {
      rowPaths,
      evaluate: (values, host, budget) => {
        planned ??= plan(this.#env, expr);
        budget.spend(stepsFor(size));
        const outer = this.#running;
        this.#running = { host, budget, source };
        try {
          const result = planned(values);
          if (this.#running.thrown !== undefined) throw this.#running.thrown;
          if (!isCelError(result)) return { value: result };
          return { problem: inWords(result.message), isMissing: /null_type|^nothing there/.test(result.message) };
        } finally {
          this.#running = outer;
        }
      },
    };
  }

  #test(source: string, text: string, budget: Budget): boolean {
    budget.spend(1 + text.length / 16);
    return this.#pattern(source, budget).test(text);
  }

  #pattern(source: string, budget: Budget): Pattern {
    const known = this.#patterns.get(source);
    if (known) return known;
    budget.spend(STEPS_PER_PATTERN + source.length);
    const pattern = compilePattern(source);
    // Patterns may be made of row values: those come in any number.
    if (this.#patterns.size < 1000) this.#patterns.set(source, pattern);
    return pattern;
  }
}

function parseExpression(source: string) {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [, column = '1', message = error.message] = /^<input>:\d+:(\d+): (.*)$/s.exec(error.message) ?? [];
    const bracket = unmatched(source);
    if (bracket) throw new ExpressionError(bracket.message, bracket.at);
    const [, found] = /^found (.*) but expecting/s.exec(message) ?? [];
    const offset = Number(column) - 1;
    throw new ExpressionError(found ? unexpected(source, offset, found) : message, offset);
  }
}

/** How other languages write CEL's operators. */
const OPERATORS: Readonly<Record<string, string>> = {
  '=': '==',
  and: '&&',
  or: '||',
  not: '!',
  '<>': '!=',
  '===': '==',
};

function unexpected(source: string, offset: number, found: string): string {
  const before = /(\w+)\s+$/.exec(source.slice(0, offset))?.[1] ?? '';
  const [word = found] = /^(?:\w+|[=<>]+)/.exec(source.slice(offset)) ?? [];
  const operator = OPERATORS[before] === undefined ? word : before;
  const meant = OPERATORS[operator];
  return meant === undefined ? `${word} is not expected here` : `CEL writes \`${meant}\` for \`${operator}\``;
}

/** The library's sentences, in the words of a gate file. */
function inWords(message: string): string {
  const [, name, types = ''] = /^found no matching overload for '(.+?)' applied to '(.*)'$/.exec(message) ?? [];
  if (name === undefined) return message;
  const said = types
    .replaceAll('null_type', 'null')
    .replace(/^\(|\)$/g, '')
    .replace('.(', ', ')
    .replace(/, $/, '');
  return `\`${name.replaceAll('_', '').replaceAll('@', '')}\` does not take ${said}`;
}
