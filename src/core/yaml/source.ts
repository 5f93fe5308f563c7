import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
} from 'yaml';

/** Why a text is not YAML, with the 1-based line. */
export interface YamlFault {
  readonly message: string;
  readonly line: number;
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
}

/** A control character that no YAML stream may hold: mostly the sign of a binary file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Far beyond what anybody writes. The library recurses: without a limit, a file of brackets exhausts the stack and takes the process along. */
const MAX_DEPTH = 256;

/** What matters here of the library's concrete syntax tree. */
interface Syntax {
  readonly offset?: number;
  readonly items?: readonly { readonly key?: Syntax | null | undefined; readonly value?: Syntax | undefined }[];
  readonly value?: unknown;
}

/** A source that holds nothing. */
export function emptySource(repo: string, path: string): Source {
  return { text: '', repo, path, lines: new LineCounter(), targets: new Map(), lookups: new WeakMap() };
}

export interface ParsedSource {
  readonly source: Source;
  readonly tops: readonly (Node | undefined)[];
  /** As the library has them; none for an empty text. */
  readonly documents: readonly Pick<Document, 'comment'>[];
}

/** Parses a text into the top node of each document (undefined for an empty one), or says why it is no YAML. Duplicate keys are accepted. */
export function parseSource(text: string, repo: string, path: string): ParsedSource | YamlFault {
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) {
    const line = text.slice(0, forbidden.index).split('\n').length;
    return { message: 'control characters are not allowed in YAML (is it a binary file?)', line };
  }
  const targets = new Map<Alias, Node>();
  const source = { ...emptySource(repo, path), text, targets };
  const fault = (message: string, offset: number) => ({ message, line: lineAt(source, offset) });
  const tokens = [...new Parser(source.lines.addNewLine).parse(text)];
  const tooDeep = deeperThan(MAX_DEPTH, tokens);
  if (tooDeep) return fault(`nested more than ${MAX_DEPTH} levels deep`, tooDeep.offset ?? 0);
  const documents = [...new Composer({ uniqueKeys: false, logLevel: 'silent' }).compose(tokens)];
  if (documents.length === 0) return { source, tops: [undefined], documents };
  for (const { errors, contents } of documents) {
    const [error] = errors;
    if (error) return fault(error.message.split('\n', 1)[0] ?? '', error.pos[0]);
    const dangling = followAliases(contents, targets);
    if (dangling) return fault(`unknown anchor '${dangling.source}'`, dangling.range?.[0] ?? 0);
  }
  return { source, tops: documents.map(({ contents }) => contents ?? undefined), documents };
}

/** The 1-based line of an offset. */
export function lineAt({ lines }: Source, offset: number): number {
  return Math.max(1, lines.linePos(offset).line);
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
