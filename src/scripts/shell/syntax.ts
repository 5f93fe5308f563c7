/** The syntax tree of a shell script, as the parser makes it and the interpreter runs it. */

/** What one word is made of; adjacent parts join. */
export type Word = readonly WordPart[];

export type WordPart = TextPart | ParameterPart | CommandPart | ArithmeticPart | ProcessPart;

/** Literal text. Unquoted text may hold glob characters and a leading `~`. */
export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  readonly quoted: boolean;
  /** How it was written, where only bash reads it so. */
  readonly onlyInBash?: string;
}

/** `$name`, `${name…}`. */
export interface ParameterPart {
  readonly kind: 'parameter';
  readonly name: string;
  /** `[…]` after the name; `@` and `*` stand for themselves. */
  readonly index: Word | '@' | '*' | null;
  /** `${#…}`, `${!…}`, and `${!prefix@}` or `${!array[@]}`. */
  readonly query: 'length' | 'indirect' | 'names' | 'keys' | null;
  readonly operation: Operation | null;
  readonly quoted: boolean;
  /** Written without braces, so that its name goes on in letters that follow. */
  readonly isBare?: true;
}

export type Operation =
  | {
      readonly kind: 'default' | 'assign' | 'error' | 'alternative';
      readonly emptyToo: boolean;
      readonly word: Word;
    }
  | { readonly kind: 'trim'; readonly from: 'start' | 'end'; readonly longest: boolean; readonly pattern: Word }
  | {
      readonly kind: 'replace';
      readonly where: 'first' | 'all' | 'start' | 'end';
      readonly pattern: Word;
      readonly replacement: Word;
    }
  | { readonly kind: 'slice'; readonly offset: Word; readonly length: Word | null }
  | { readonly kind: 'case'; readonly to: 'upper' | 'lower'; readonly all: boolean; readonly pattern: Word }
  | { readonly kind: 'transform'; readonly letter: string };

/** `$(…)` or backticks. */
export interface CommandPart {
  readonly kind: 'command';
  readonly list: List;
  readonly quoted: boolean;
}

/** `$((…))`. */
export interface ArithmeticPart {
  readonly kind: 'arithmetic';
  readonly expression: Word;
  readonly quoted: boolean;
}

/** `<(…)` or `>(…)`. */
export interface ProcessPart {
  readonly kind: 'process';
  readonly direction: '<' | '>';
  readonly list: List;
}

export interface Assignment {
  readonly kind: 'assignment';
  readonly name: string;
  readonly index: Word | null;
  readonly append: boolean;
  readonly value: Word | readonly ArrayElement[];
  readonly isArray: boolean;
}

export interface ArrayElement {
  readonly index: Word | null;
  readonly append: boolean;
  readonly value: Word;
}

export interface Redirect {
  readonly fd: number | null;
  /** `{name}>…`: the descriptor's number goes into a variable. */
  readonly variable: string | null;
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '&>' | '&>>' | '<<' | '<<<';
  /** Target, or the text of a here-document. */
  readonly target: Word;
}

export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[];
  readonly background: boolean;
}

export type List = readonly AndOr[];

export interface Pipeline {
  readonly negated: boolean;
  readonly timed: boolean;
  readonly commands: readonly Command[];
}

export type Command = SimpleCommand | CompoundCommand;

export interface SimpleCommand {
  readonly kind: 'simple';
  readonly line: number;
  readonly assignments: readonly Assignment[];
  /** Assignments among the words are those after `local`, `declare` and their like. */
  readonly words: readonly (Word | Assignment)[];
  readonly redirects: readonly Redirect[];
  /** `cmd |& next`. */
  readonly pipesStderr?: boolean;
}

export interface CompoundCommand {
  readonly kind: 'compound';
  readonly line: number;
  readonly body: Compound;
  readonly redirects: readonly Redirect[];
  readonly pipesStderr?: boolean;
}

export type Compound =
  | { readonly kind: 'group' | 'subshell'; readonly list: List }
  | {
      readonly kind: 'if';
      readonly clauses: readonly { readonly condition: List; readonly list: List }[];
      readonly otherwise: List | null;
    }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[] | null; readonly list: List }
  | {
      readonly kind: 'arithmetic-for';
      readonly start: Word;
      readonly condition: Word;
      readonly step: Word;
      readonly list: List;
    }
  | { readonly kind: 'while'; readonly until: boolean; readonly condition: List; readonly list: List }
  | { readonly kind: 'case'; readonly word: Word; readonly items: readonly CaseItem[] }
  | { readonly kind: 'function'; readonly name: string; readonly hasKeyword: boolean; readonly command: Command }
  | { readonly kind: 'arithmetic'; readonly expression: Word }
  | { readonly kind: 'conditional'; readonly expression: Conditional };

export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly list: List;
  readonly then: 'end' | 'next' | 'test-next';
}

/** Inside `[[ ]]`. */
export type Conditional =
  | { readonly kind: 'and' | 'or'; readonly left: Conditional; readonly right: Conditional }
  | { readonly kind: 'not'; readonly of: Conditional }
  | { readonly kind: 'unary'; readonly operator: string; readonly word: Word }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Word; readonly right: Word }
  | { readonly kind: 'word'; readonly word: Word };

/** The script is no shell, or uses what this parser does not know. */
export class ShellSyntaxError extends Error {
  override readonly name = 'ShellSyntaxError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

export function isAssignment(item: Word | Assignment): item is Assignment {
  return 'kind' in item;
}
