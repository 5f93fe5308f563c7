import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
} from 'yaml';
import { type Meter, UNMETERED } from '../meter.ts';

/** Why a text is not YAML, with the 1-based line. */
export interface YamlFault {
  readonly message: string;
  readonly line: number;
  /** It may well be YAML, but there is too much of it to look at. */
  readonly isTooMuch?: true;
}

/** A parsed text, with what is needed to follow and print its nodes. */
export interface Source {
  readonly text: string;
  readonly repo: string;
  readonly path: string;
  readonly lines: LineCounter;
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>;
  /** Each map's pairs by key, filled as maps are asked. */
  readonly lookups: WeakMap<Node, ReadonlyMap<string, Pair>>;
  /** Who pays for what is looked at. */
  readonly meter: Meter;
}

/** A parsed text with the top node of each of its documents (undefined for an empty one). */
export interface YamlFile {
  readonly source: Source;
  readonly tops: readonly (Node | undefined)[];
  /** As the library has them; none for an empty text. */
  readonly documents: readonly Pick<Document, 'comment'>[];
}

/** A control character that no YAML stream may hold: mostly the sign of a binary file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Far beyond what anybody writes. The library recurses: without a limit, a file of brackets exhausts the stack and takes the process along. */
const MAX_DEPTH = 256;

/** The parser's smallest pieces in one file: names, values, line breaks. The reference's largest file has some 400,000 of them. */
const MAX_PIECES = 600_000;

/** A document by itself costs as much as some ten pieces. */
const MAX_DOCUMENTS = 5_000;

/** What matters here of the library's concrete syntax tree. */
interface Syntax {
  readonly offset?: number;
  readonly items?: readonly { readonly key?: Syntax | null | undefined; readonly value?: Syntax | undefined }[];
  readonly value?: unknown;
}

/** A source that holds nothing. */
export function emptySource(repo: string, path: string): Source {
  return {
    text: '',
    repo,
    path,
    lines: new LineCounter(),
    targets: new Map(),
    lookups: new WeakMap(),
    meter: UNMETERED,
  };
}

/** Parses a text, or says why it is no YAML. Duplicate keys are accepted; tags say nothing, as to the query tool (docs/yaml-as-printed.md). */
export function parseSource(text: string, repo: string, path: string): YamlFile | YamlFault {
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) {
    const line = text.slice(0, forbidden.index).split('\n').length;
    return { message: 'control characters are not allowed in YAML (is it a binary file?)', line };
  }
  const targets = new Map<Alias, Node>();
  const source = { ...emptySource(repo, path), text, targets };
  const fault = (message: string, offset: number) => ({ message, line: lineAt(source, offset) });
  const tokens = tokensOf(text, source.lines);
  if ('message' in tokens) return tokens;
  const tooDeep = deeperThan(MAX_DEPTH, tokens);
  if (tooDeep) return fault(`nested more than ${MAX_DEPTH} levels deep`, tooDeep.offset ?? 0);
  const documents: Document.Parsed[] = [];
  try {
    for (const document of composerOf().compose(tokens)) {
      const [error] = document.errors;
      if (error) return fault(error.message, error.pos[0]);
      const dangling = followAliases(document.contents, targets);
      if (dangling) return fault(`unknown anchor '${dangling.source}'`, dangling.range?.[0] ?? 0);
      documents.push(document);
    }
  } catch (error) {
    if (error instanceof Mistake) return fault(error.message, error.offset);
    throw error;
  }
  if (documents.length === 0) return { source, tops: [undefined], documents };
  return { source, tops: documents.map(({ contents }) => contents ?? undefined), documents };
}

/** The text is no YAML from here on. */
class Mistake extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The library's composer, which gathers mistakes, made to stop at the first one: there may be hundreds of thousands. Tags are no mistakes. */
function composerOf(): Composer {
  const composer = new Composer({ uniqueKeys: false, logLevel: 'silent', resolveKnownTags: false });
  // The library takes what is thrown for an exhausted stack, and calls once more with that: the first one counts.
  let first: Mistake | undefined;
  const onError: OnError = (at, code, message, isWarning) => {
    if (isWarning || code === 'TAG_RESOLVE_FAILED') return;
    first ??= new Mistake(message, offsetOf(at));
    throw first;
  };
  return Object.assign(composer, { onError });
}

type Position = number | readonly [number, number, ...unknown[]] | { readonly offset: number };
type OnError = (at: Position, code: string, message: string, isWarning?: boolean) => void;

function offsetOf(at: Position): number {
  if (typeof at === 'number') return at;
  return 'offset' in at ? at.offset : at[0];
}

/** The 1-based line of an offset. */
export function lineAt({ lines }: Source, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
}

/** The text's concrete syntax, or that there is more of it than we look at. Of what is no YAML it has the first mistake alone. */
function tokensOf(text: string, lines: LineCounter): readonly CST.Token[] | YamlFault {
  const pieces: string[] = [];
  for (const piece of new Lexer().lex(text)) {
    if (pieces.length === MAX_PIECES)
      return tooMuch(`${MAX_PIECES.toLocaleString('en')} names, values and line breaks`, lineBreaksIn(pieces) + 1);
    pieces.push(piece);
  }
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  // The parser counts line breaks as it is fed; it never hears of the first line.
  lines.addNewLine(0);
  let documents = 0;
  let hasMistake = false;
  for (const token of syntaxOf(pieces, parser)) {
    if (token.type === 'document') documents++;
    if (documents > MAX_DOCUMENTS)
      return tooMuch(`${MAX_DOCUMENTS.toLocaleString('en')} documents`, lines.lineStarts.length);
    if (token.type !== 'error' || !hasMistake) tokens.push(token);
    hasMistake ||= token.type === 'error';
  }
  return tokens;
}

function* syntaxOf(pieces: readonly string[], parser: Parser): Generator<CST.Token> {
  for (const piece of pieces) yield* parser.next(piece);
  yield* parser.end();
}

function lineBreaksIn(pieces: readonly string[]): number {
  let count = 0;
  for (const piece of pieces) count += piece.split('\n').length - 1;
  return count;
}

function tooMuch(what: string, line: number): YamlFault {
  return { message: `it has more than the ${what} that are read; split it or shrink it`, line, isTooMuch: true };
}

/** Something that lies deeper than `limit` collections, if anything does. */
function deeperThan(limit: number, tokens: readonly Syntax[]): Syntax | undefined {
  const pending: (readonly [syntax: unknown, depth: number])[] = tokens.map((token) => [token.value, 0]);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [syntax, depth] = next;
    if (!isSyntax(syntax) || !syntax.items) continue;
    if (depth >= limit) return syntax;
    for (const { key, value } of syntax.items) pending.push([key, depth + 1], [value, depth + 1]);
  }
  return undefined;
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null;
}

/** Notes for each alias the latest anchor of its name above it, without expanding anything. Gives the first alias without one. */
function followAliases(top: Node | null, targets: Map<Alias, Node>): Alias | undefined {
  const anchors = new Map<string, Node>();
  const pending: unknown[] = [top];
  while (pending.length > 0) {
    const node = pending.pop();
    if (!isNode(node)) continue;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) return node;
      targets.set(node, target);
      continue;
    }
    if (node.anchor) anchors.set(node.anchor, node);
    const children = isMap(node) ? node.items.flatMap(({ key, value }) => [key, value]) : isSeq(node) ? node.items : [];
    for (const child of children.toReversed()) pending.push(child);
  }
  return undefined;
}
