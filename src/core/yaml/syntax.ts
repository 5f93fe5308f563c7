import { type CST, Lexer, Parser } from 'yaml';

type Block = CST.BlockMap | CST.BlockSequence;
type Item = Block['items'][number];

/** Whoever composes a text's syntax, and what it is told meanwhile. */
interface Listener {
  /** A line begins at this offset. */
  onLine(offset: number): void;
  /** A collection lies deeper than `maxDepth` others. Must throw. */
  onTooDeep(offset: number): never;
}

interface Limits {
  /** Collections in collections. */
  readonly maxDepth: number;
  /** So many of the parser's pieces (names, values, line breaks) are read before what is complete is handed on. */
  readonly piecesAtOnce?: number;
}

/** What the parser may still add to in a block: the item that it is at, and the one above, to which an indented comment may belong. */
const UNSETTLED = 2;

/**
 * A text's syntax for the library's composer, read while it is being composed and let go afterwards: as a whole, the syntax of a large
 * file takes three times the memory of what is made of it. Each token is to be composed before the next one is asked for.
 */
export function syntaxOf(text: string, listener: Listener, limits: Limits): Iterable<CST.Token> {
  return new SyntaxReader(text, listener, limits).tokens();
}

class SyntaxReader {
  readonly #pieces: Iterator<string>;
  readonly #parser: Parser;
  readonly #listener: Listener;
  readonly #limits: Limits;
  readonly #waiting: CST.Token[] = [];
  /** The document that was handed on before it was read to its end. */
  #begun: CST.Document | undefined;
  #isAtEnd = false;

  constructor(text: string, listener: Listener, limits: Limits) {
    this.#pieces = new Lexer().lex(text);
    this.#parser = new Parser((offset) => listener.onLine(offset));
    this.#listener = listener;
    this.#limits = limits;
    // The parser counts line breaks as it is fed; it never hears of the first line.
    listener.onLine(0);
  }

  *tokens(): Generator<CST.Token> {
    for (;;) {
      yield* this.#waiting.splice(0);
      const document = this.#parser.stack[0];
      const top = this.#blockAt(1);
      if (document?.type === 'document' && top) yield this.#begin(document, top);
      else if (this.#isAtEnd) return;
      else this.#readOn();
    }
  }

  /** A document that is not yet read to its end: whoever goes through its items reads on. */
  #begin(document: CST.Document, top: Block): CST.Document {
    this.#begun = document;
    const end: CST.SourceToken[] = [];
    return { ...document, value: withItems(top, this.#topItems(document, top, end)), end };
  }

  *#topItems(document: CST.Document, top: Block, end: CST.SourceToken[]): Generator<Item> {
    yield* this.#itemsOf(top, 1);
    // The composer looks at what ends a document right after its last item.
    while (this.#parser.stack[0] === document) this.#readOn();
    end.push(...(document.end ?? []));
  }

  /** The items of the block that is being read at `depth`, each as soon as the parser adds nothing to it any more. */
  *#itemsOf(block: Block, depth: number): Generator<Item> {
    let begun: Item | undefined;
    while (this.#parser.stack[depth] === block) {
      const last = block.items.at(-1);
      const value = last && isBeforeValue(block, last) ? this.#blockAt(depth + 1) : undefined;
      for (const item of block.items.splice(0, block.items.length - (value ? 1 : UNSETTLED)))
        if (item !== begun) yield item;
      if (last && value) {
        begun = last;
        const items = this.#itemsOf(value, depth + 1);
        yield withValue(last, withItems(value, items));
        // The composer leaves out a value that has no colon before it.
        while (!items.next().done);
      } else this.#readOn();
    }
    for (const item of block.items) if (item !== begun) yield item;
  }

  /** The block that is being read at this depth, if one is. */
  #blockAt(depth: number): Block | undefined {
    const token = this.#parser.stack[depth];
    return token?.type === 'block-map' || token?.type === 'block-seq' ? token : undefined;
  }

  #readOn(): void {
    const { piecesAtOnce = 1000, maxDepth } = this.#limits;
    for (let count = 0; count < piecesAtOnce && !this.#isAtEnd; count++) {
      const piece = this.#pieces.next();
      this.#isAtEnd = piece.done === true;
      const tokens = piece.done ? this.#parser.end() : this.#parser.next(piece.value);
      for (const token of tokens) if (token !== this.#begun) this.#waiting.push(token);
      // The document comes first, then one collection in the other.
      const tooDeep = this.#parser.stack[maxDepth + 1];
      if (tooDeep && 'items' in tooDeep) this.#listener.onTooDeep(tooDeep.offset);
    }
  }
}

/** Whether what the parser reads next is the item's value, and not its key. */
function isBeforeValue({ type }: Block, { sep, value }: Item): boolean {
  return !value && (type === 'block-seq' || sep !== undefined);
}

/** The block with items that come while it is being composed. The composer goes through them once and asks nothing else of them. */
function withItems(block: Block, items: Iterable<Item>): Block {
  return { ...block, items } as Block;
}

/** The item with a value that is still being read. Which kinds of items may have one, the parser knows. */
function withValue(item: Item, value: Block): Item {
  return { ...item, value } as Item;
}
