import { INSIDE_GIT, WHAT_IS_INSIDE } from '../../git/inside.ts';
import { createMatcher, type Matcher } from '../../regex/matcher.ts';
import { BadExpression, type Dialect } from '../../regex/translate.ts';
import { nameOf } from '../../shell/file-system.ts';
import { matchesPattern } from '../../shell/patterns.ts';
import type { Process, Program } from '../../shell/shell.ts';
import { place, readOperand, whyUnreadable } from '../inputs.ts';
import { type Options, parseOptions } from '../options.ts';
import { type LineOptions, searchText } from './lines.ts';
import { patternsIn } from './pattern-files.ts';

const KNOWN = `E F G P i y v c l L n o q s h H w x r R a I z Z b e: f: m: A: B: C: d: D: U
  extended-regexp=E fixed-strings=F basic-regexp=G perl-regexp=P ignore-case=i no-ignore-case=nI invert-match=v count=c
  files-with-matches=l files-without-match=L line-number=n only-matching=o quiet=q silent=q no-messages=s no-filename=h
  with-filename=H word-regexp=w line-regexp=x recursive=r dereference-recursive=R text=a null-data=z null=Z regexp:=e file:=f
  max-count:=m after-context:=A before-context:=B context:=C include:=include exclude:=exclude exclude-dir:=exclude-dir
  color=color colour=color binary-files:=binary-files line-buffered=lb`;

/** GNU grep. */
export const grep: Program = (process) => run(process, null);
export const egrep: Program = (process) => run(process, 'extended');
export const fgrep: Program = (process) => run(process, 'fixed');

async function run(given: Process, forced: Dialect | 'fixed' | null): Promise<number> {
  const process = { ...given, args: given.args.flatMap((arg) => (/^-\d+$/.test(arg) ? ['-C', arg.slice(1)] : [arg])) };
  const options = parseOptions(process, 'grep', KNOWN);
  if (!options) return 2;
  if (options.has('z') || options.has('b')) process.shell.host.needs('grep -z or -b');
  if (['E', 'F', 'G', 'P'].filter(options.has).length > 1) {
    process.errors.write('grep: conflicting matchers specified\n');
    return 2;
  }
  const operands = [...options.operands];
  const patterns = await patternsOf(process, options, operands);
  if (!patterns) return 2;
  let matcher: Matcher;
  try {
    matcher = createMatcher(patterns, forced ?? dialectOf(options), {
      ignoreCase: options.has('i') || options.has('y'),
      words: options.has('w'),
      wholeLine: options.has('x'),
      longest: options.has('o'),
    });
  } catch (error) {
    return complain(process, error);
  }
  try {
    return await search(process, options, operands, matcher);
  } catch (error) {
    return complain(process, error);
  }
}

function complain(process: Process, error: unknown): number {
  if (!(error instanceof BadExpression)) throw error;
  process.errors.write(`grep: ${error.message}\n`);
  if (error.isUnsupported) process.shell.host.needs(`a regular expression with ${error.message}`);
  return 2;
}

function dialectOf(options: Options): Dialect | 'fixed' {
  if (options.has('F')) return 'fixed';
  if (options.has('P')) return 'perl';
  return options.has('E') ? 'extended' : 'basic';
}

async function patternsOf(process: Process, options: Options, operands: string[]): Promise<readonly string[] | null> {
  const given = options.values('e').flatMap((text) => text.split('\n'));
  const listed = await patternsIn(process, 'grep', options.values('f'));
  if (!listed) return null;
  if (options.has('e') || options.has('f')) return [...given, ...listed];
  const first = operands.shift();
  if (first !== undefined) return first.split('\n');
  process.errors.write('Usage: grep [OPTION]... PATTERNS [FILE]...\n');
  return null;
}

function lineOptions(options: Options): LineOptions {
  const context = Number(options.value('C') ?? 0);
  return {
    invert: options.has('v'),
    onlyMatching: options.has('o'),
    count: options.has('c') || options.has('l') || options.has('L'),
    countMatches: false,
    quiet: options.has('q'),
    lineNumbers: options.has('n'),
    column: false,
    before: Number(options.value('B') ?? context),
    after: Number(options.value('A') ?? context),
    most: options.has('l') || options.has('L') ? 1 : Number(options.value('m') ?? Number.POSITIVE_INFINITY),
    replacement: null,
    nameEnd: options.has('Z') ? '\0' : ':',
    keepsEmpty: false,
  };
}

async function search(
  process: Process,
  options: Options,
  operands: readonly string[],
  matcher: Matcher,
): Promise<number> {
  const isRecursive = options.has('r') || options.has('R');
  const given = operands.length > 0 ? operands : [isRecursive ? '.' : '-'];
  const files: { name: string; shown?: string; isExplicit: boolean }[] = [];
  let failed = false;
  let hasFolder = false;
  for (const name of given) {
    const stat = name === '-' ? null : await process.shell.host.files.stat(place(process, name));
    if (stat?.kind !== 'folder') files.push({ name, isExplicit: true });
    else if (isRecursive) {
      hasFolder = true;
      const shown = operands.length === 0 ? '' : name.replace(/\/+$/, '');
      for (const path of await below(process, options, shown, place(process, name)))
        files.push({ name: path, isExplicit: false });
    } else {
      if (!options.has('s')) process.errors.write(`grep: ${name}: Is a directory\n`);
      failed = true;
      // What cannot be read counts as empty.
      files.push({ name: '/dev/null', shown: name, isExplicit: true });
    }
  }
  // All texts are asked for at once, so that they are fetched in one go.
  const texts = await Promise.all(files.map(({ name }) => readOperand(process, name)));
  const naming = options.last('H', 'h');
  const hasNames = naming === undefined ? hasFolder || operands.length > 1 : naming === 'H';
  const listing = options.last('l', 'L');
  const lines = lineOptions(options);
  const hasContext = lines.before > 0 || lines.after > 0;
  let isFound = false;
  let hasShown = false;
  for (const [index, { name, shown = name, isExplicit }] of files.entries()) {
    const text = texts[index] ?? null;
    if (text === null) {
      if (!options.has('s')) process.errors.write(`grep: ${name}: ${await whyUnreadable(process, name)}\n`);
      if (isExplicit) failed = true;
      continue;
    }
    if (index % 32 === 0) process.shell.host.budget.checkTime();
    const isBinary = text.includes('\0') && !options.has('a');
    if (isBinary && (options.has('I') || options.value('binary-files') === 'without-match')) continue;
    const label = shown === '-' ? '(standard input)' : shown;
    const found = searchText(text, hasNames ? label : null, matcher, lines);
    const isSelected = found.selected > 0;
    isFound ||= isSelected;
    if (listing === 'L' && !isSelected) process.output.write(`${label}\n`);
    if (isSelected && options.has('q')) return 0;
    if (listing === 'l' && isSelected) process.output.write(`${label}${options.has('Z') ? '\0' : '\n'}`);
    else if (options.has('c') && listing === undefined)
      process.output.write(`${hasNames ? `${label}:` : ''}${found.selected}\n`);
    else if (isBinary && found.output !== '') process.output.write(`grep: ${label}: binary file matches\n`);
    else {
      if (hasContext && hasShown && found.output !== '') process.output.write('--\n');
      hasShown ||= found.output !== '';
      process.output.write(found.output);
    }
  }
  if (failed) return 2;
  return isFound ? 0 : 1;
}

async function below(process: Process, options: Options, shown: string, folder: string): Promise<readonly string[]> {
  const { files } = process.shell.host;
  const includes = options.values('include');
  const excludes = options.values('exclude');
  const without = options.values('exclude-dir').map((pattern) => pattern.replace(/\/$/, ''));
  const matches = (patterns: readonly string[], name: string) =>
    patterns.some(
      (pattern) =>
        matchesPattern(nameOf(name), pattern, { extended: false }) ||
        matchesPattern(name, pattern, { extended: false }),
    );
  const isWanted = (name: string) => (includes.length === 0 || matches(includes, name)) && !matches(excludes, name);
  const found: string[] = [];
  const walk = async (path: string, where: string): Promise<void> => {
    for (const name of (await (process.output.isUnordered ? files.list(where) : files.scan(where))) ?? []) {
      const stat = await files.stat(`${where}/${name}`, options.has('R'));
      const inner = path === '' ? name : `${path}/${name}`;
      if (stat?.kind === 'folder') {
        if (matches(without, name)) continue;
        if (name === '.git' && process.shell.host.isHere(where)) {
          if (INSIDE_GIT.some(({ path: inside, kind }) => kind === 'file' && isWanted(inside)))
            process.shell.host.needs(WHAT_IS_INSIDE);
        } else await walk(inner, `${where}/${name}`);
      } else if (stat?.kind === 'file' && isWanted(name)) found.push(inner);
    }
  };
  await walk(shown, folder);
  return found;
}
