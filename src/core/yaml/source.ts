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
} from 'yaml';
import { type Meter, UNMETERED } from '../meter.ts';
import { syntaxOf } from './syntax.ts';

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

/** Pieces that stand for no character of the text: a document begins, a scalar follows, brackets end where they should not. At most every other piece is one. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u001f', '\u0018']);

/** A document by itself costs as much as some ten pieces. */
const MAX_DOCUMENTS = 5_000;

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
  const targets = new Map<Alias, Node>();
  const source = { ...emptySource(repo, path), text, targets };
  const documents: Document.Parsed[] = [];
  try {
    const forbidden = FORBIDDEN.exec(text);
    if (forbidden)
      throw new Mistake('control characters are not allowed in YAML (is it a binary file?)', forbidden.index);
    for (const document of composedOf(text, source.lines)) {
      const [error] = document.errors;
      if (error) throw new Mistake(error.message, error.pos[0]);
      const dangling = followAliases(document.contents, targets);
      if (dangling) throw new Mistake(`unknown anchor '${dangling.source}'`, dangling.range?.[0] ?? 0);
      documents.push(document);
    }
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const line = text.slice(0, error.offset).split('\n').length;
    return { message: error.message, line, ...(error instanceof TooMuch && { isTooMuch: true }) };
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

/** From here on there is more than we look at. */
class TooMuch extends Mistake {
  constructor(what: string, offset: number) {
    super(`it has more than the ${what} that are read; split it or shrink it`, offset);
  }
}

/** The text's documents. Throws `Mistake` for what is no YAML: the first one alone, there may be hundreds of thousands. */
function composedOf(text: string, lines: LineCounter): Iterable<Document.Parsed> {
  if (text.length > MAX_PIECES / 2) refuseTooManyPieces(text);
  // The library takes what is thrown for an exhausted stack, and calls once more with that: the first one counts.
  let first: Mistake | undefined;
  const refuse = (message: string, offset: number) => {
    first ??= new Mistake(message, offset);
    throw first;
  };
  const onTooDeep = (offset: number) => refuse(`nested more than ${MAX_DEPTH} levels deep`, offset);
  const composer = new Composer({ uniqueKeys: false, logLevel: 'silent', resolveKnownTags: false });
  // The library's own gathers all mistakes. Tags are none here.
  const onError: OnError = (at, code, message, isWarning) => {
    if (!isWarning && code !== 'TAG_RESOLVE_FAILED') refuse(message, offsetOf(at));
  };
  Object.assign(composer, { onError });
  const syntax = syntaxOf(text, { onLine: lines.addNewLine, onTooDeep }, { maxDepth: MAX_DEPTH });
  return composer.compose(withinLimits(syntax));
}

/** Not too many documents, and of the parser's mistakes the first one alone. */
function* withinLimits(tokens: Iterable<CST.Token>): Generator<CST.Token> {
  let documents = 0;
  let hasMistake = false;
  for (const token of tokens) {
    if (token.type === 'error' && hasMistake) continue;
    hasMistake ||= token.type === 'error';
    if (token.type === 'document') documents++;
    if (documents > MAX_DOCUMENTS) throw new TooMuch(`${MAX_DOCUMENTS.toLocaleString('en')} documents`, token.offset);
    yield token;
  }
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

/** Counts the text's pieces before any of it is parsed. Throws `TooMuch`. */
function refuseTooManyPieces(text: string): void {
  let pieces = 0;
  let offset = 0;
  for (const piece of new Lexer().lex(text)) {
    if (++pieces > MAX_PIECES)
      throw new TooMuch(`${MAX_PIECES.toLocaleString('en')} names, values and line breaks`, offset);
    if (!MARKS.has(piece)) offset += piece.length;
  }
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
