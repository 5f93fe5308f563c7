import type { CommandResult } from '../command.ts';
import { createMatcher, type Matcher } from '../regex/matcher.ts';
import { BadExpression } from '../regex/translate.ts';
import { BeyondGit, failed, type GitCall, mustBeCommitted, pathInRepo, printed, textAt } from './checkout.ts';
import { mustHaveNothingNew, sorted } from './files.ts';
import { admitsAny, pathspec, shownPath } from './pathspec.ts';
import { hasFolder } from './revisions.ts';

interface Options {
  dialect: 'basic' | 'extended' | 'fixed' | 'perl';
  ignoreCase: boolean;
  words: boolean;
  isInverted: boolean;
  shows: 'lines' | 'names' | 'names without' | 'counts' | 'nothing';
  hasNumbers: boolean;
  hasNames: boolean;
}

const SWITCHES: Readonly<Record<string, (options: Options) => void>> = {
  E: (options) => Object.assign(options, { dialect: 'extended' }),
  F: (options) => Object.assign(options, { dialect: 'fixed' }),
  G: (options) => Object.assign(options, { dialect: 'basic' }),
  P: (options) => Object.assign(options, { dialect: 'perl' }),
  i: (options) => Object.assign(options, { ignoreCase: true }),
  w: (options) => Object.assign(options, { words: true }),
  v: (options) => Object.assign(options, { isInverted: true }),
  l: (options) => Object.assign(options, { shows: 'names' }),
  L: (options) => Object.assign(options, { shows: 'names without' }),
  c: (options) => Object.assign(options, { shows: 'counts' }),
  q: (options) => Object.assign(options, { shows: 'nothing' }),
  n: (options) => Object.assign(options, { hasNumbers: true }),
  h: (options) => Object.assign(options, { hasNames: false }),
  H: (options) => Object.assign(options, { hasNames: true }),
  I: () => {},
};
const LONG: Readonly<Record<string, string>> = {
  '--extended-regexp': 'E',
  '--fixed-strings': 'F',
  '--perl-regexp': 'P',
  '--ignore-case': 'i',
  '--word-regexp': 'w',
  '--invert-match': 'v',
  '--files-with-matches': 'l',
  '--name-only': 'l',
  '--files-without-match': 'L',
  '--count': 'c',
  '--quiet': 'q',
  '--line-number': 'n',
};

/** `git grep` in the tracked files. */
export async function grep(args: readonly string[], call: GitCall): Promise<CommandResult> {
  const options: Options = {
    dialect: 'basic',
    ignoreCase: false,
    words: false,
    isInverted: false,
    shows: 'lines',
    hasNumbers: false,
    hasNames: true,
  };
  if (args.includes('--untracked')) {
    await mustBeCommitted(call, 'grep --untracked', () => true);
    await mustHaveNothingNew(call, 'grep --untracked', () => true);
  }
  const { patterns, specs } = readArguments(args, options, call);
  if (patterns.length === 0) return failed('fatal: no pattern given');
  try {
    const matcher = createMatcher(patterns, options.dialect, options);
    return await search(matcher, options, specs, call);
  } catch (error) {
    if (!(error instanceof BadExpression)) throw error;
    throw new BeyondGit(`grep for ${patterns.join(', ')} (${error.message})`);
  }
}

function readArguments(args: readonly string[], options: Options, call: GitCall) {
  const patterns: string[] = [];
  const operands: string[] = [];
  const end = args.indexOf('--');
  const pending = [...(end < 0 ? args : args.slice(0, end))];
  for (let arg = pending.shift(); arg !== undefined; arg = pending.shift()) {
    // A checkout has no files beyond the tracked ones.
    if (arg === '--untracked' || arg === '--no-color') continue;
    const letter = LONG[arg];
    if (arg === '-e') patterns.push(pending.shift() ?? '');
    else if (!arg.startsWith('-') || arg === '-') operands.push(arg);
    else if (letter !== undefined) SWITCHES[letter]?.(options);
    else {
      const letters = [...arg.slice(1)];
      if (arg.startsWith('--') || letters.some((each) => !(each in SWITCHES))) throw new BeyondGit(`grep ${arg}`);
      for (const each of letters) SWITCHES[each]?.(options);
    }
  }
  const [first, ...rest] = operands;
  const takesFirst = patterns.length === 0 && first !== undefined;
  const paths = takesFirst ? rest : operands;
  for (const path of paths) if (!/[*?:]/.test(path) && !isTracked(call, path)) throw new BeyondGit(`grep in ${path}`);
  if (takesFirst) patterns.push(first);
  return { patterns, specs: [...paths, ...(end < 0 ? [] : args.slice(end + 1))] };
}

function isTracked(call: GitCall, path: string): boolean {
  const found = pathInRepo(call, path);
  return found !== null && (call.checkout.snapshot.entries.has(found) || hasFolder(call, found));
}

async function search(
  matcher: Matcher,
  options: Options,
  specs: readonly string[],
  call: GitCall,
): Promise<CommandResult> {
  const { entries } = call.checkout.snapshot;
  const admits = admitsAny(
    call,
    specs.map((spec) => pathspec(call, spec)),
  );
  const paths = sorted([...entries.keys()].filter(admits)).filter((path) => {
    const mode = entries.get(path)?.mode;
    return mode === '100644' || mode === '100755';
  });
  const texts = await Promise.all(paths.map((path) => textAt(call, path)));
  const printedLines: string[] = [];
  for (const [index, path] of paths.entries()) {
    const text = texts[index] ?? '';
    const found = matchingLines(text, matcher, options.isInverted);
    printedLines.push(...shown(found, text.includes('\0'), shownPath(call, path), options));
  }
  const hasFound = printedLines.length > 0;
  return printed(options.shows === 'nothing' ? '' : printedLines.map((line) => `${line}\n`).join(''), hasFound ? 0 : 1);
}

type Found = readonly (readonly [number: number, line: string])[];

function matchingLines(text: string, matcher: Matcher, isInverted: boolean): Found {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap((line, index) => (matcher.isIn(line) === isInverted ? [] : [[index + 1, line] as const]));
}

function shown(found: Found, isBinary: boolean, path: string, options: Options): readonly string[] {
  if (options.shows === 'names without') return found.length === 0 ? [path] : [];
  if (found.length === 0) return [];
  if (options.shows === 'names' || options.shows === 'nothing') return [path];
  const name = options.hasNames ? `${path}:` : '';
  if (options.shows === 'counts') return [`${name}${found.length}`];
  if (isBinary) return [`Binary file ${path} matches`];
  return found.map(([number, line]) => `${name}${options.hasNumbers ? `${number}:` : ''}${line}`);
}
