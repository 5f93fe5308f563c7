import { globRegExp } from '../commands/search/ignore.ts';

/** Folders that a path lies in, from the top down. */
export function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, depth) => parts.slice(0, depth).join('/'));
}

/** Where a folder says what is done to its files. */
export function attributesIn(folder: string): string {
  return `${folder === '' ? '' : `${folder}/`}.gitattributes`;
}

/** Those that decide whether a file in the checkout is byte by byte what the repository holds, on a machine that asks for no line ends of its own. */
const CHANGING = ['text', 'eol', 'filter', 'ident', 'working-tree-encoding'] as const;
type Attribute = (typeof CHANGING)[number];
/** A value, or whether the attribute is set; undefined where a line takes back what others said. */
type Value = string | boolean | undefined;
type Values = readonly (readonly [name: Attribute, value: Value])[];

export interface AttributeRule {
  readonly regExp: RegExp;
  readonly values: Values;
}

/** The rules of one `.gitattributes` that may change a file at checkout, as gitattributes(5) has them; paths are relative to its folder. */
export function attributeRules(text: string): readonly AttributeRule[] {
  const macros = new Map<string, Values>([['binary', [['text', false]]]]);
  const rules: AttributeRule[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, quoted, bare = '', rest = ''] = /^\s*(?:"((?:[^"\\]|\\.)*)"|(\S+))\s*(.*)$/.exec(line) ?? [];
    const pattern = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    const values = rest.split(/\s+/).flatMap((word) => valuesOf(word, macros));
    if (pattern.startsWith('[attr]')) macros.set(pattern.slice('[attr]'.length), values);
    else if (pattern !== '' && !/^[#!]|\/$/.test(pattern) && values.length > 0)
      rules.push({ regExp: globRegExp(pattern.replace(/^\//, ''), pattern.includes('/')), values });
  }
  return rules;
}

function valuesOf(word: string, macros: ReadonlyMap<string, Values>): Values {
  const [, sign = '', name = '', value] = /^([-!]?)([^=]+)(?:=(.*))?$/.exec(word) ?? [];
  const expanded = macros.get(name);
  if (expanded && sign === '') return expanded;
  const known = CHANGING.find((attribute) => attribute === name);
  if (known === undefined) return [];
  if (sign === '!') return [[known, undefined]];
  return [[known, sign === '-' ? false : (value ?? true)]];
}

/**
 * The attribute by which a file in the checkout differs from what the repository holds; undefined where it does not. Of several rules the last one counts,
 * those of deeper folders after those above. `ruled` are the folders above it with rules, from the top down. A pointer to Git LFS is known by its content.
 */
export function changedBy(
  path: string,
  ruled: readonly (readonly [folder: string, rules: readonly AttributeRule[]])[],
): string | undefined {
  const found = new Map<Attribute, Value>();
  for (const [folder, rules] of ruled) {
    const inner = folder === '' ? path : path.slice(folder.length + 1);
    for (const { regExp, values } of rules)
      if (regExp.test(inner)) for (const [name, value] of values) found.set(name, value);
  }
  const encoding = found.get('working-tree-encoding');
  if (typeof encoding === 'string' && !/^utf-?8$/i.test(encoding)) return `working-tree-encoding=${encoding}`;
  if (found.get('ident') === true) return 'ident';
  const filter = found.get('filter');
  if (typeof filter === 'string' && filter !== 'lfs') return `filter=${filter}`;
  return found.get('eol') === 'crlf' && found.get('text') !== false ? 'eol=crlf' : undefined;
}
