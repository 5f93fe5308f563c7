import { Unsupported, YqError } from './signals.ts';

export type Format = 'yaml' | 'json' | 'csv' | 'tsv';

export interface Options {
  isTogether: boolean;
  output: string;
  input: string;
  /** Null: as the format has it. */
  unwraps: boolean | null;
  needsMatch: boolean;
  hasNoInput: boolean;
  isInPlace: boolean;
  hasNoSeparators: boolean;
  isPretty: boolean;
  indent: number;
  expression: string;
  isVersion: boolean;
  readonly positional: readonly string[];
}

/** What an option does; the text is its value. */
type Apply = (options: Options, value: string) => void;

const SWITCHES: Readonly<Record<string, Apply>> = {
  r: (options, value) => Object.assign(options, { unwraps: isOn(value) }),
  e: (options, value) => Object.assign(options, { needsMatch: isOn(value) }),
  n: (options, value) => Object.assign(options, { hasNoInput: isOn(value) }),
  N: (options, value) => Object.assign(options, { hasNoSeparators: isOn(value) }),
  i: (options, value) => Object.assign(options, { isInPlace: isOn(value) }),
  P: (options, value) => Object.assign(options, { isPretty: isOn(value) }),
  j: (options) => Object.assign(options, { output: 'json' }),
  M: () => {},
  V: (options) => Object.assign(options, { isVersion: true }),
};
const VALUED: Readonly<Record<string, Apply>> = {
  o: (options, value) => Object.assign(options, { output: value }),
  p: (options, value) => Object.assign(options, { input: value }),
  I: (options, value) => Object.assign(options, { indent: indentOf(value) }),
  expression: (options, value) => Object.assign(options, { expression: value }),
};
const LONG: Readonly<Record<string, string>> = {
  unwrapScalar: 'r',
  'exit-status': 'e',
  'null-input': 'n',
  'no-doc': 'N',
  inplace: 'i',
  prettyPrint: 'P',
  tojson: 'j',
  'no-colors': 'M',
  version: 'V',
  'output-format': 'o',
  'input-format': 'p',
  indent: 'I',
  expression: 'expression',
};
/** Known to yq, unknown here. */
const BEYOND = 'verbose colors nul-output front-matter split-exp split-exp-file from-file header-preprocess'.split(' ');
const BEYOND_SHORT = 'vC0fsh';
/** Known to the yq of Python only, for which the script was written then. */
const OTHERS = 'yaml-output yaml-roundtrip raw-output compact-output sort-keys join-output slurp arg argjson'.split(
  ' ',
);
const OTHERS_SHORT = 'yYcS';

function isOn(value: string): boolean {
  return value !== 'false';
}

function indentOf(value: string): number {
  if (!/^\d{1,2}$/.test(value)) throw new YqError(`invalid argument ${JSON.stringify(value)} for "-I, --indent" flag`);
  return Number(value);
}

/** Reads a command line as yq 4 does: options may stand anywhere. Throws `YqError` and `Unsupported`. */
export function readArguments(args: readonly string[]): Options {
  const positional: string[] = [];
  const options: Options = {
    isTogether: false,
    output: 'auto',
    input: 'auto',
    unwraps: null,
    needsMatch: false,
    hasNoInput: false,
    isInPlace: false,
    hasNoSeparators: false,
    isPretty: false,
    indent: 2,
    expression: '',
    isVersion: false,
    positional,
  };
  const pending = [...args];
  for (let argument = pending.shift(); argument !== undefined; argument = pending.shift()) {
    if (argument === '--') positional.push(...pending.splice(0));
    else if (argument.startsWith('--')) longOption(argument.slice(2), pending, options);
    else if (argument.startsWith('-') && argument !== '-') shortOptions(argument.slice(1), pending, options);
    else positional.push(argument);
  }
  const [command = ''] = positional;
  if (/^(?:e|eval|ea|eval-all)$/.test(command)) {
    positional.shift();
    options.isTogether = command === 'ea' || command === 'eval-all';
  } else if (/^(?:completion|help|shell-completion)$/.test(command)) throw new Unsupported(command);
  return options;
}

function longOption(text: string, pending: string[], options: Options): void {
  const [name = '', ...rest] = text.split('=');
  const short = LONG[name];
  if (BEYOND.includes(name) || OTHERS.includes(name) || /^(?:xml|csv|tsv|lua|properties|string)-/.test(name))
    throw new Unsupported(`--${name}`);
  if (!short) throw new YqError(`unknown flag: --${name}`);
  const value = text.includes('=') ? rest.join('=') : null;
  const apply = SWITCHES[short];
  if (apply) apply(options, value ?? 'true');
  else VALUED[short]?.(options, value ?? needed(pending, `--${name}`));
}

function shortOptions(letters: string, pending: string[], options: Options): void {
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    const rest = letters.slice(at + 1);
    const valued = VALUED[letter];
    if (valued) {
      valued(options, rest === '' ? needed(pending, `-${letter}`) : rest.replace(/^=/, ''));
      return;
    }
    const apply = SWITCHES[letter];
    if (BEYOND_SHORT.includes(letter) || OTHERS_SHORT.includes(letter)) throw new Unsupported(`-${letter}`);
    if (!apply) throw new YqError(`unknown shorthand flag: '${letter}' in -${letters}`);
    apply(options, rest.startsWith('=') ? rest.slice(1) : 'true');
    if (rest.startsWith('=')) return;
  }
}

function needed(pending: string[], name: string): string {
  const value = pending.shift();
  if (value === undefined) throw new YqError(`flag needs an argument: ${name}`);
  return value;
}

const FORMATS: Readonly<Record<string, Format>> = {
  yaml: 'yaml',
  y: 'yaml',
  yml: 'yaml',
  json: 'json',
  j: 'json',
  csv: 'csv',
  c: 'csv',
  tsv: 'tsv',
  t: 'tsv',
};
const OTHER_FORMATS = 'props p properties xml x base64 uri toml shell s sh lua l ini'.split(' ');

/** The format of that name; null for an unknown one. Throws `Unsupported` for one that only yq has. */
export function formatNamed(name: string): Format | null {
  if (OTHER_FORMATS.includes(name)) throw new Unsupported(`format ${name}`);
  return FORMATS[name] ?? null;
}
