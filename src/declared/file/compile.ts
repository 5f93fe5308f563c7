import { ExpressionError } from '../expressions/error.ts';
import { type Expression, ExpressionLanguage } from '../expressions/language.ts';
import { type DeclaredGate, declaredGate } from '../gate.ts';
import { compileMessage, type Message } from '../message.ts';
import { nearest } from '../nearest.ts';
import { compilePattern, PatternError } from '../pattern.ts';
import { containedRule } from '../rules/contained.ts';
import { disjointRule } from '../rules/disjoint.ts';
import { eachRule } from '../rules/each.ts';
import { filesRule } from '../rules/files.ts';
import { compileSchema, SchemaError } from '../rules/json-schema.ts';
import { ROW_VARIABLES } from '../rules/row-values.ts';
import type { FieldReference } from '../rules/rows.ts';
import type { Rule } from '../rules/rule.ts';
import { schemaRule } from '../rules/schema.ts';
import { slipsIn } from '../rules/schema-slips.ts';
import { textRule } from '../rules/text.ts';
import { uniqueRule } from '../rules/unique.ts';
import { TableShelf } from '../tables/shelf.ts';
import { parseSteps } from '../tables/steps.ts';
import { blindGate, LANE } from './blind-gate.ts';
import { commandOf, wordsOf } from './definition.ts';
import type { Mistake, NodePath } from './mistakes.ts';
import type { BrokenGate, GateFile, PlacedGate } from './read.ts';
import { compileTables } from './table.ts';

/** The gates of all gate files of a repo, and every mistake in them. */
export interface Compiled {
  readonly gates: readonly DeclaredGate[];
  readonly mistakes: readonly Mistake[];
  /** Names of CI's checks that count as gates. */
  readonly checks: readonly string[];
}

/** Makes gates of what gate files say. A gate with a mistake keeps its name and is blind; `taken` names belong to other gates. */
export function compileGateFiles(files: readonly GateFile[], taken: ReadonlySet<string>): Compiled {
  const mistakes = files.flatMap((file) => file.mistakes);
  const { definitions, spoilt, names } = compileTables(files, mistakes);
  const language = new ExpressionLanguage();
  const shelf = new TableShelf(definitions);
  const broken: BrokenGate[] = files.flatMap((file) =>
    file.broken.map((gate) => ({ ...gate, lane: gate.lane ?? file.lane })),
  );
  const seen = new Set<string>();
  const gates: DeclaredGate[] = [];
  for (const file of files) {
    for (const gate of file.gates) {
      const { id, lane = file.lane ?? LANE } = gate.entry;
      const doubled = doubledName(gate, seen, taken);
      if (doubled) mistakes.push(doubled);
      if (doubled) continue;
      seen.add(id);
      if ('run' in gate.entry) {
        gates.push(commandOf(gate.entry, gate, { lane, path: file.path }));
        continue;
      }
      const compiler = new GateCompiler(language, names, gate);
      const built = compiler.build();
      if (!built || compiler.mistakes.length > 0) {
        mistakes.push(...compiler.mistakes);
        broken.push({ id, lane, mistakes: compiler.mistakes });
        continue;
      }
      const reasons = [...built.rule.tables, ...built.asked].flatMap((name) => spoilt.get(name) ?? []);
      if (reasons.length > 0) {
        broken.push({ id, lane, mistakes: reasons });
        continue;
      }
      const { min = 1 } = gate.entry;
      gates.push(declaredGate({ ...wordsOf(gate.entry, { lane, path: file.path }), min, ...built }, shelf));
    }
  }
  const unusable = broken.filter(({ id }) => !seen.has(id) || gates.every(({ name }) => name !== id)).map(blindGate);
  const checks = [...new Set(files.flatMap((file) => file.checks))];
  return { gates: [...gates, ...unusable], mistakes: mistakes.toSorted(byPlace), checks };
}

function byPlace(one: Mistake, other: Mistake): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}

function doubledName({ entry: { id }, at, places }: PlacedGate, seen: ReadonlySet<string>, taken: ReadonlySet<string>) {
  if (seen.has(id)) return places.mistake([...at, 'id'], `\`${id}\` stands for another gate already`);
  if (taken.has(id))
    return places.mistake([...at, 'id'], `\`${id}\` is a gate that Lanekeeper brings; choose another name`);
  return undefined;
}

interface Built {
  readonly rule: Rule;
  readonly asked: readonly string[];
  readonly say: Message | undefined;
}

/** Compiles one gate and collects what is wrong with it. */
class GateCompiler {
  readonly mistakes: Mistake[] = [];
  readonly #language: ExpressionLanguage;
  readonly #tables: ReadonlySet<string>;
  readonly #gate: PlacedGate;
  /** Tables that expressions ask for. */
  readonly #asked = new Set<string>();

  constructor(language: ExpressionLanguage, tables: ReadonlySet<string>, gate: PlacedGate) {
    this.#language = language;
    this.#tables = tables;
    this.#gate = gate;
  }

  build(): Built | undefined {
    const rule = this.#rule(this.#gate);
    const { say } = this.#gate.entry;
    if (!rule) return undefined;
    const message = say === undefined ? undefined : this.#message(say, rule);
    return { rule, asked: [...this.#asked], say: message };
  }

  #rule({ kind, entry }: PlacedGate): Rule | undefined {
    const when = 'when' in entry ? this.#expression('when', entry.when) : undefined;
    const fold =
      'fold' in entry && entry.fold === 'lower' ? (text: string) => text.toLowerCase() : (text: string) => text;
    if (kind === 'must' && 'must' in entry) {
      const must = this.#expression('must', entry.must);
      return this.#isTable(entry.each, 'each') && must ? eachRule(entry.each, when, must) : undefined;
    }
    if ('schema' in entry)
      return this.#isTable(entry.each, 'each') && this.#isSchema(entry.schema)
        ? schemaRule(entry.each, when, entry.schema)
        : undefined;
    if ('unique' in entry)
      return uniqueRule(this.#fields('unique', entry.unique), { when, fold, per: this.#expression('per', entry.per) });
    if ('in' in entry) {
      const [inner, outer] = [this.#fields('in', entry.in), this.#fields('of', entry.of)];
      return containedRule(inner, outer, { when, same: entry.same ?? false, fold });
    }
    if ('disjoint' in entry) return disjointRule(this.#fields('disjoint', entry.disjoint), when);
    if ('text' in entry) {
      const { text, skip = [], forbid, require, except } = entry;
      return textRule({
        files: [text].flat(),
        skip: [skip].flat(),
        forbid: this.#patterns('forbid', forbid, true),
        require: this.#patterns('require', require, true),
        except: this.#patterns('except', except, false).map(({ pattern }) => pattern),
      });
    }
    if (kind === 'files' && 'files' in entry) {
      const { files, except = [], allow, forbid = false, require = [] } = entry;
      return filesRule({
        files: [files].flat(),
        except: [except].flat(),
        allow: allow === undefined ? undefined : [allow].flat(),
        forbid,
        require: [require].flat(),
      });
    }
    return undefined;
  }

  #mistake(path: NodePath, message: string, within?: number): void {
    const { at, places } = this.#gate;
    this.mistakes.push(places.mistake([...at, ...path], message, within === undefined ? {} : { within }));
  }

  #expression(key: string, source: string | undefined): Expression | undefined {
    if (source === undefined) return undefined;
    try {
      return this.#noted(this.#language.compile(source, ROW_VARIABLES, this.#tables));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#mistake([key], `\`${key}\`: ${error.message}`, error.column);
      return undefined;
    }
  }

  #noted(expression: Expression): Expression {
    for (const table of expression.tables) this.#asked.add(table);
    return expression;
  }

  #message(sentence: string, { placeholders }: Rule): Message | undefined {
    let start = 0;
    try {
      return compileMessage(sentence, placeholders, (source, variables, column) => {
        start = column;
        return this.#noted(this.#language.compile(source, variables, this.#tables));
      });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#mistake(['say'], `\`say\`: ${error.message}`, start + error.column);
      return undefined;
    }
  }

  #fields(key: string, given: string | readonly string[]): readonly FieldReference[] {
    return [given].flat().flatMap((text, index) => {
      const path = typeof given === 'string' ? [key] : [key, index];
      const dot = text.indexOf('.');
      const table = dot < 0 ? text : text.slice(0, dot);
      const steps = parseSteps(dot < 0 ? '' : text.slice(dot + 1));
      if (!steps) this.#mistake(path, `\`${text}\` is not a field: \`table.path\`, such as \`host.address\``);
      return this.#isTable(table, ...path) && steps ? [{ table, steps, text }] : [];
    });
  }

  #isTable(name: string, ...path: NodePath): boolean {
    if (this.#tables.has(name)) return true;
    const near = nearest(name, [...this.#tables]);
    const known =
      this.#tables.size === 0 ? 'there are no tables under `data`' : `the tables are ${[...this.#tables].join(', ')}`;
    this.#mistake(path, `there is no table \`${name}\`: ${near === undefined ? known : `did you mean \`${near}\`?`}`);
    return false;
  }

  #isSchema(schema: string | object): boolean {
    if (typeof schema === 'string') return true;
    const [slip] = slipsIn(schema);
    if (slip) {
      this.#mistake(['schema', ...slip.at], `\`schema\`: ${slip.message}`);
      return false;
    }
    try {
      compileSchema(schema);
      return true;
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      this.#mistake(['schema'], `\`schema\`: ${error.message}`);
      return false;
    }
  }

  #patterns(key: string, given: string | readonly string[] | undefined, multiline: boolean) {
    return [given ?? []].flat().flatMap((source, index) => {
      try {
        return [{ source, pattern: compilePattern(source, { multiline }) }];
      } catch (error) {
        if (!(error instanceof PatternError)) throw error;
        this.#mistake(typeof given === 'string' ? [key] : [key, index], `\`${key}\`: ${error.message}`);
        return [];
      }
    });
  }
}
