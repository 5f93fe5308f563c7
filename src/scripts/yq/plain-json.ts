import { pairs, type YqNode } from './node.ts';
import { Unsupported } from './signals.ts';

/** Words that YAML 1.1 and 1.2 read differently, or that stand for something other than text in one of them. */
const AMBIGUOUS = /^(?:y|yes|n|no|on|off|=|<<)$/i;
/** Every form of a number or date in either version of YAML: that of 1.1 has blanks and underscores, a base of 60, and more. */
const NUMERIC =
  /^[-+]?(?:0[box][\da-f_]+|\.?\d[\d_]*(?:\.[\d_]*)?(?:e[-+]?\d+)?|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|\.(?:inf|nan))$|^\d{4}-\d\d?-\d\d?(?:$|[Tt\s])/i;
const WHOLE = /^(?:0|-?[1-9]\d{0,14})$/;
const DECIMAL = /^-?(?:0|[1-9]\d{0,14})\.\d+$/;
/** Anything smaller is printed with an exponent by some. */
const LEAST_DECIMAL = 1e-4;

/**
 * A document as JSON in one line, as every reader of YAML has it: those of PyYAML and go-yaml, of YAML 1.1 and 1.2.
 * Throws `Unsupported` where they differ, and for aliases and tags.
 */
export function plainJson(node: YqNode): string {
  if (node.isTagged) throw new Unsupported(`the tag ${node.tag}, over jq`);
  if (node.kind === 'alias') throw new Unsupported('an alias, over jq');
  if (node.kind === 'seq') return `[${node.content.map(plainJson).join(',')}]`;
  if (node.kind === 'scalar') return scalarJson(node);
  const seen = new Set<string>();
  const members = [...pairs(node)].map(([key, value]) => {
    const name = nameOf(key);
    if (seen.has(name)) throw new Unsupported(`the key ${key.value} twice, over jq`);
    seen.add(name);
    return `${name}:${plainJson(value)}`;
  });
  return `{${members.join(',')}}`;
}

/** A whole number as a key becomes its text. */
function nameOf(key: YqNode): string {
  const name = key.kind === 'scalar' ? scalarJson(key) : '';
  if (name.startsWith('"')) return name;
  if (!WHOLE.test(name)) throw new Unsupported(`the key ${key.value}, over jq`);
  return JSON.stringify(name);
}

function scalarJson({ value, style, isTagged }: YqNode): string {
  if (isTagged) throw new Unsupported('a tag, over jq');
  if (style !== '') return JSON.stringify(value);
  if (/^(?:|~|null|Null|NULL)$/.test(value)) return 'null';
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(value)) return value.toLowerCase();
  if (WHOLE.test(value) || isPlainDecimal(value)) return String(Number(value));
  if (AMBIGUOUS.test(value) || NUMERIC.test(value)) throw new Unsupported(`the value ${value}, over jq`);
  return JSON.stringify(value);
}

/** Whether every printer gives the shortest digits for it: a whole number with a point keeps or loses the point. */
function isPlainDecimal(value: string): boolean {
  const number = DECIMAL.test(value) ? Number(value) : 0;
  return !Number.isInteger(number) && Math.abs(number) >= LEAST_DECIMAL;
}
