import { pairs, plainTag, type Style, type YqNode } from './node.ts';
import { Unsupported } from './signals.ts';

/** What yq prints for a value in its YAML format, line break included, with `indent` blanks a level. Throws `Unsupported`. */
export function printYaml(node: YqNode, indent = 2): string {
  if (isUnsure(node)) throw new Unsupported('YAML with a comment in an unusual place');
  const printer = new Printer(indent);
  printer.top(node);
  return printer.text;
}

function isUnsure(node: YqNode): boolean {
  return node.isUnsure || node.content.some(isUnsure);
}

/** Where a scalar stands decides which ways of writing it are open. */
type Setting = 'block' | 'flow' | 'key';

class Printer {
  readonly #step: number;
  #lines: string[] = [];
  #current = '';
  /** How far in the comment stands that was printed last below an entry: a next entry at the same place is kept apart from it. */
  #footMargin = -1;

  constructor(step: number) {
    // What yq's YAML library makes of none and of one.
    this.#step = step === 0 ? 4 : Math.max(step, 2);
  }

  get text(): string {
    return [...this.#lines, this.#current].join('\n');
  }

  top(node: YqNode): void {
    this.#comment(node.head, 0);
    this.#current += propertiesOf(node);
    if (isBlock(node)) {
      this.#current = this.#current.trimEnd();
      if (this.#current !== '') this.#end();
      this.#collection(node, 0, false);
    } else {
      this.#current += this.#inline(node, this.#step, 'block');
      this.#lineComment(node);
      this.#end();
    }
    this.#comment(node.foot, 0);
  }

  /** `isOpen`: the first entry goes on the line that has been begun, as in `- - a`. */
  #collection(node: YqNode, margin: number, isOpen: boolean): void {
    if (node.line !== '') throw new Unsupported('YAML with a comment beside a map or list');
    if (node.kind === 'map') this.#map(node, margin, isOpen);
    else this.#list(node, margin, isOpen);
  }

  #map(node: YqNode, margin: number, isOpen: boolean): void {
    let opens = isOpen;
    for (const [key, value] of pairs(node)) {
      if (!isBlock(value) && value.head !== '') throw new Unsupported('YAML with a comment between key and value');
      this.#entry(key.head, margin, opens);
      opens = false;
      if (isSimpleKey(key))
        this.#current += `${propertiesOf(key)}${this.#inline(key, deeper(margin, this.#step), 'key')}:`;
      else this.#complexKey(key, margin);
      this.#value(value, key, margin);
      this.#foot(value.foot || key.foot, margin);
    }
  }

  #complexKey(key: YqNode, margin: number): void {
    this.#current += '? ';
    if (isBlock(key)) this.#collection(key, margin + 2, true);
    else {
      this.#current += this.#inline(key, margin + 2, 'block');
      this.#end();
    }
    this.#current = `${' '.repeat(margin)}:`;
  }

  #value(value: YqNode, key: YqNode, margin: number): void {
    const properties = propertiesOf(value).trimEnd();
    if (properties !== '') this.#current += ` ${properties}`;
    if (isBlock(value)) {
      if (key.line !== '') this.#current += ` ${key.line}`;
      this.#end();
      const inner = deeper(margin, this.#step);
      if (value.head) this.#comment(value.head, inner);
      this.#collection(value, inner, false);
      return;
    }
    const text = this.#inline(value, deeper(margin, this.#step), 'block');
    if (text !== '') this.#current += ` ${text}`;
    this.#lineComment(value.line ? value : key);
    this.#end();
  }

  #list(node: YqNode, margin: number, isOpen: boolean): void {
    let opens = isOpen;
    for (const item of node.content) {
      this.#entry(item.head, margin, opens);
      opens = false;
      this.#current += '-';
      const properties = propertiesOf(item).trimEnd();
      if (properties !== '') this.#current += ` ${properties}`;
      if (isBlock(item)) {
        if (properties === '') this.#current += ' ';
        else this.#end();
        this.#collection(item, margin + 2, properties === '');
      } else {
        const text = this.#inline(item, margin + 2, 'block');
        if (text !== '') this.#current += ` ${text}`;
        this.#lineComment(item);
        this.#end();
      }
      this.#foot(item.foot, margin);
    }
  }

  #entry(head: string, margin: number, isOpen: boolean): void {
    if (isOpen && head !== '') throw new Unsupported('YAML with a comment behind a dash');
    if (this.#footMargin === margin && !isOpen) this.#lines.push('');
    this.#footMargin = -1;
    this.#comment(head, margin);
    if (!isOpen) this.#current = ' '.repeat(margin);
  }

  #foot(comment: string, margin: number): void {
    if (comment === '') return;
    this.#comment(comment, margin);
    this.#footMargin = margin;
  }

  #comment(comment: string, margin: number): void {
    if (comment === '') return;
    for (const line of comment.split('\n')) this.#lines.push(line === '' ? '' : ' '.repeat(margin) + line);
  }

  #lineComment(node: YqNode): void {
    if (node.line === '') return;
    if (/^\s*[^\n]*[|>][-+\d]*\n/.test(this.#current))
      throw new Unsupported('YAML with a comment beside a block of text');
    this.#current += ` ${node.line}`;
  }

  #end(): void {
    this.#lines.push(this.#current);
    this.#current = '';
  }

  /** `margin`: how far its own further lines are set in. */
  #inline(node: YqNode, margin: number, setting: Setting): string {
    if (node.kind === 'alias') return `*${node.value}`;
    if (node.kind === 'scalar') return scalarText(node, setting, margin, this.#step);
    if (node.content.some(({ head, line }) => head !== '' || line !== '')) {
      throw new Unsupported('YAML with a comment between brackets');
    }
    const items =
      node.kind === 'seq'
        ? node.content.map((item) => propertiesOf(item) + this.#inline(item, margin, 'flow'))
        : [...pairs(node)].map(([key, value]) => {
            const text = `${propertiesOf(value)}${this.#inline(value, margin, 'flow')}`;
            return `${propertiesOf(key)}${this.#inline(key, margin, 'flow')}:${text === '' ? '' : ` ${text}`}`;
          });
    return node.kind === 'seq' ? `[${items.join(', ')}]` : `{${items.join(', ')}}`;
  }
}

/** The next margin inwards: a multiple of the step. */
function deeper(margin: number, step: number): number {
  return step * Math.floor((margin + step) / step);
}

function isBlock(node: YqNode): boolean {
  return (node.kind === 'map' || node.kind === 'seq') && node.style !== 'flow' && node.content.length > 0;
}

function isSimpleKey(key: YqNode): boolean {
  if (key.kind === 'alias') return true;
  if (key.kind === 'scalar') return key.value.length <= 128 && !key.value.includes('\n');
  return key.content.length === 0;
}

/** Anchor and tag, followed by a blank. */
function propertiesOf(node: YqNode): string {
  const anchor = node.anchor === '' ? '' : `&${node.anchor} `;
  return `${anchor}${explicitTag(node)}`;
}

function explicitTag(node: YqNode): string {
  if (node.kind === 'alias') return '';
  if (node.isTagged) return `${node.tag} `;
  if (node.kind !== 'scalar') return node.tag === `!!${node.kind}` || node.tag === '' ? '' : `${node.tag} `;
  if (node.tag === '' || node.tag === '!!str') return '';
  if (node.tag === '!!merge') return '!!merge ';
  return node.style === '' && plainTag(node.value) === node.tag ? '' : `${node.tag} `;
}

/** A scalar as it is written: in its own style where that is possible, else in the next that is. */
function scalarText(node: YqNode, setting: Setting, margin: number, step: number): string {
  const { value } = node;
  if (value === '<<' && node.tag === '!!str' && node.style === '') throw new Unsupported('the text << in YAML');
  let style: Style | 'plain' = node.style === 'flow' ? '' : node.style;
  if (style === '' && value.includes('\n')) style = 'literal';
  if (style === '') style = !node.isTagged && node.tag === '!!str' && plainTag(value) !== '!!str' ? 'double' : 'plain';
  if ((style === 'literal' || style === 'folded') && !allowsBlock(value, setting)) style = 'double';
  if (style === 'plain' && !allowsPlain(value, setting)) style = 'single';
  if (style === 'single' && !allowsSingle(value, setting)) style = 'double';
  if (style === 'plain') return value;
  if (style === 'single') return singleQuoted(value, ' '.repeat(margin));
  return style === 'double' ? doubleQuoted(value) : blockText(value, style === 'folded', margin, step);
}

function allowsBlock(value: string, setting: Setting): boolean {
  return setting === 'block' && value !== '' && !hasSpecial(value.replaceAll('\t', '')) && !/ \n| $/.test(value);
}

function allowsPlain(value: string, setting: Setting): boolean {
  if (value === '') return setting === 'block';
  if (value.includes('\n') || hasSpecial(value) || /^\s|\s$/.test(value)) return false;
  if (/^(?:[#,[\]{}&*!|>'"%@`]|---|\.\.\.|[-?:](?:\s|$))/.test(value)) return false;
  if (/:(?:\s|$)|\s#/.test(value)) return false;
  return setting !== 'flow' || !/^[?:]|[,?[\]{}:]/.test(value);
}

function allowsSingle(value: string, setting: Setting): boolean {
  return !hasSpecial(value) && !/ \n/.test(value) && (setting !== 'key' || !value.includes('\n'));
}

/** yq's YAML library writes one more line break where there are some, and sets in what follows. */
function singleQuoted(value: string, inner: string): string {
  const text = value.replaceAll("'", "''").replace(/\n+/g, (breaks) => `\n${breaks}${inner}`);
  return `'${text}'`;
}

/** Characters that only double quotes can hold. */
function hasSpecial(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  return /[\u0000-\u0009\u000b-\u001f\u007f-\u0084\u0086-\u009f\ufeff\ufffe\uffff]/.test(value);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\u000b': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '\u0085': '\\N',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const escaped = value.replace(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => {
    const code = char.charCodeAt(0);
    const hex = code.toString(16).toUpperCase();
    return ESCAPES[char] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`);
  });
  return `"${escaped}"`;
}

function blockText(value: string, isFolded: boolean, margin: number, step: number): string {
  const needsHint = /^[ \n]/.test(value);
  const chomp = value.endsWith('\n') ? (/(?:^|\n)\n$/.test(value) ? '+' : '') : '-';
  const inner = ' '.repeat(margin);
  const body = value.endsWith('\n') ? value.slice(0, -1) : value;
  const lines = body.split('\n').map((line) => (line === '' ? '' : inner + line));
  const text = isFolded ? foldedText(value, inner) : lines.join('\n');
  // yq's YAML library takes a line break at the beginning for the one behind the sign.
  const start = value.startsWith('\n') ? '' : '\n';
  return `${isFolded ? '>' : '|'}${needsHint ? step : ''}${chomp}${start}${text}`;
}

/** yq's YAML library doubles each line break behind a line that is not set in, the last one too, unless the text begins with a blank. */
function foldedText(value: string, inner: string): string {
  const doubles = /^\n*[^\n ]/.test(value);
  const written = value.replace(/([^\n]*)(\n|$)/g, (_, line: string, end: string) => {
    if (line === '') return end;
    return inner + line + (end !== '' && doubles && !/^[ \t]/.test(line) ? '\n\n' : end);
  });
  return written.replace(/\n$/, '');
}
