import { byteLength } from '../files/bytes.ts';
import type { Program } from '../shell/shell.ts';
import { parseOptions } from './options.ts';

const CLASSES: Readonly<Record<string, string>> = {
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alpha: 'A-Za-z',
  alnum: '0-9A-Za-z',
  space: '\\t\\n\\v\\f\\r ',
  blank: '\\t ',
  punct: '!-/:-@[-`{-~',
  xdigit: '0-9A-Fa-f',
  print: ' -~',
  graph: '!-~',
  cntrl: '\\000-\\037\\177',
};

/** A set of `tr`, written out. */
function setOf(text: string): string[] {
  const expanded = text.replace(/\[:(\w+):\]/g, (whole, name) => CLASSES[name] ?? whole);
  const characters: { char: string; isEscaped: boolean }[] = [];
  const escapes: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    f: '\f',
    v: '\v',
    a: '\x07',
    b: '\b',
    '\\': '\\',
  };
  for (const [token] of expanded.matchAll(/\\[0-7]{1,3}|\\[\s\S]|[\s\S]/gu)) {
    const isEscaped = token.length > 1 && token.startsWith('\\');
    const code = token.slice(1);
    if (!isEscaped) characters.push({ char: token, isEscaped });
    else if (/^[0-7]+$/.test(code)) characters.push({ char: String.fromCharCode(Number.parseInt(code, 8)), isEscaped });
    else characters.push({ char: escapes[code] ?? code, isEscaped });
  }
  const set: string[] = [];
  for (let i = 0; i < characters.length; i++) {
    const [here, dash, to] = characters.slice(i, i + 3);
    if (here && dash?.char === '-' && !dash.isEscaped && to) {
      for (let code = here.char.codePointAt(0) ?? 0; code <= (to.char.codePointAt(0) ?? 0); code++)
        set.push(String.fromCodePoint(code));
      i += 2;
    } else if (here) set.push(here.char);
  }
  return set;
}

export const tr: Program = async (process) => {
  const options = parseOptions(process, 'tr', 'd s c C t delete=d squeeze-repeats=s complement=c truncate-set1=t');
  if (!options) return 1;
  const [first = '', second] = options.operands;
  if (/\[[.=]|\[.\*|[^\0-\x7f]/.test(first + (second ?? ''))) process.shell.host.needs(`tr ${first} ${second ?? ''}`);
  const to = second === undefined ? [] : setOf(second);
  const from = options.has('t') && second !== undefined ? setOf(first).slice(0, to.length) : setOf(first);
  const isComplement = options.has('c') || options.has('C');
  const inFirst = new Set(from);
  const matches = (char: string) => inFirst.has(char) !== isComplement;
  const map = new Map<string, string>();
  for (const [index, char] of from.entries()) map.set(char, to[Math.min(index, to.length - 1)] ?? char);
  const squeezed = options.has('s') ? new Set(second === undefined ? [] : to) : null;
  let last = '';
  let out = '';
  for (const char of process.input.rest()) {
    if (options.has('d') && matches(char)) continue;
    const isTranslated = !options.has('d') && second !== undefined && matches(char);
    const next = isTranslated ? (isComplement ? (to.at(-1) ?? char) : (map.get(char) ?? char)) : char;
    const isSqueezed = squeezed && (second === undefined ? matches(next) : squeezed.has(next));
    // Bytes are translated, not characters.
    const bytes = isTranslated && isComplement && !isSqueezed ? byteLength(char) : 1;
    if (!(isSqueezed && next === last)) out += next.repeat(bytes);
    last = next;
  }
  process.output.write(out);
  return 0;
};
