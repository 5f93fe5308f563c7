import { INSIDE_GIT, WHAT_IS_INSIDE } from '../../git/inside.ts';
import { createMatcher, type Matcher } from '../../regex/matcher.ts';
import { BadExpression } from '../../regex/translate.ts';
import { inFolder, nameOf, parentOf } from '../../shell/file-system.ts';
import type { Process, Program } from '../../shell/shell.ts';
import { place, readOperand, whyUnreadable } from '../inputs.ts';
import { type Options, parseOptions } from '../options.ts';
import { globRegExp, type IgnoreRule, ignoreRules, isIgnored } from './ignore.ts';
import { type LineOptions, searchText } from './lines.ts';
import { patternsIn } from './pattern-files.ts';

const KNOWN = `n N i S s v c l o q w x F e: f: g: t: T: A: B: C: m: H I u a r: 0 L P U j: M: p
  line-number=n no-line-number=N ignore-case=i smart-case=S case-sensitive=s invert-match=v count=c files-with-matches=l
  only-matching=o quiet=q word-regexp=w line-regexp=x fixed-strings=F regexp:=e file:=f glob:=g iglob:=iglob type:=t type-not:=T
  after-context:=A before-context:=B context:=C max-count:=m with-filename=H no-filename=I unrestricted=u text=a replace:=r null=0
  follow=L pcre2=P files=files files-without-match=without count-matches=count-matches hidden=hidden no-hidden=no-hidden no-ignore=no-ignore
  no-ignore-vcs=no-ignore no-ignore-parent=no-parent no-heading=no-heading no-messages=no-messages no-config=no-config color:=color
  colors:=color sort:=sort sortr:=sortr max-depth:=max-depth column=column trim=trim threads:=j max-columns:=M no-require-git=no-require-git
  multiline=U include-zero=include-zero no-column=no-column line-buffered=lb no-pcre2=no-pcre2 no-mmap=no-mmap engine:=engine one-file-system=ofs`;

const TYPES: Readonly<Record<string, readonly string[]>> = {
  sh: ['*.sh', '*.bash', '*.ksh', '*.zsh', '.bashrc', '.zshrc', '.profile'],
  bash: ['*.bash', '*.sh'],
  yaml: ['*.yaml', '*.yml'],
  md: ['*.md', '*.markdown', '*.mdown', '*.mkdn', '*.mkd', '*.mdwn', '*.mdx'],
  markdown: ['*.md', '*.markdown', '*.mdown', '*.mkdn', '*.mkd', '*.mdwn', '*.mdx'],
  json: ['*.json', 'composer.lock', '*.sarif'],
  py: ['*.py', '*.pyi'],
  python: ['*.py', '*.pyi'],
  js: ['*.js', '*.jsx', '*.cjs', '*.mjs', '*.vue'],
  ts: ['*.ts', '*.tsx', '*.cts', '*.mts'],
  toml: ['*.toml', 'Cargo.lock'],
  txt: ['*.txt'],
};

/** ripgrep, as it behaves where its output is no terminal. */
export const rg: Program = async (process) => {
  const options = parseOptions(process, 'rg', KNOWN);
  if (!options) return 2;
  for (const name of ['U', 'trim', 'M', 'sortr']) if (options.has(name)) process.shell.host.needs(`rg --${name}`);
  const operands = [...options.operands];
  try {
    const patterns = options.has('files') ? [] : await patternsOf(process, options, operands);
    if (!patterns) return 2;
    const matcher = createMatcher(patterns, options.has('F') ? 'fixed' : options.has('P') ? 'perl' : 'rust', {
      ignoreCase:
        options.has('i') || (options.has('S') && !options.has('s') && !hasCapitals(patterns, options.has('F'))),
      words: options.has('w'),
      wholeLine: options.has('x'),
    });
    return await search(process, options, operands, matcher);
  } catch (error) {
    if (!(error instanceof BadExpression)) throw error;
    process.errors.write(`regex parse error: ${error.message}\n`);
    if (error.isUnsupported) process.shell.host.needs(`a regular expression with ${error.message}`);
    return 2;
  }
};

/** Capitals that stand for themselves, not those of `\S`. */
function hasCapitals(patterns: readonly string[], areFixed: boolean): boolean {
  return patterns.some((pattern) => /\p{Lu}/u.test(areFixed ? pattern : pattern.replace(/\\[pP]\{[^}]*\}|\\./g, '')));
}

async function patternsOf(process: Process, options: Options, operands: string[]): Promise<readonly string[] | null> {
  const listed = await patternsIn(process, 'rg', options.values('f'));
  if (!listed) return null;
  if (options.has('e') || options.has('f')) return [...options.values('e'), ...listed];
  const first = operands.shift();
  if (first !== undefined) return [first];
  process.errors.write('rg: the following required arguments were not provided: <PATTERN>\n');
  return null;
}

function lineOptions(options: Options): LineOptions {
  const context = Number(options.value('C') ?? 0);
  const onlyNames = options.has('l') || options.has('without');
  return {
    invert: options.has('v'),
    onlyMatching: options.has('o'),
    count: options.has('c') || onlyNames,
    countMatches: options.has('count-matches') || (options.has('c') && options.has('o')),
    quiet: options.has('q'),
    lineNumbers: (options.has('n') && !options.has('N')) || options.has('column'),
    column: options.has('column'),
    before: Number(options.value('B') ?? context),
    after: Number(options.value('A') ?? context),
    most: onlyNames ? 1 : Number(options.value('m') ?? Number.POSITIVE_INFINITY),
    replacement: options.value('r') ?? null,
    nameEnd: options.has('0') ? '\0' : ':',
    keepsEmpty: true,
  };
}

interface Candidate {
  readonly name: string;
  readonly isExplicit: boolean;
}

async function search(
  process: Process,
  options: Options,
  operands: readonly string[],
  matcher: Matcher,
): Promise<number> {
  const readsInput = operands.length === 0 && !options.has('files') && process.shell.descriptors.get(0) !== undefined;
  const given = operands.length > 0 ? operands : [readsInput ? '-' : ''];
  const walker = new Walker(process, options);
  const files: Candidate[] = [];
  let failed = false;
  let hasFolder = false;
  for (const name of given) {
    const stat = name === '-' ? null : await process.shell.host.files.stat(place(process, name));
    if (stat?.kind === 'folder') {
      hasFolder = true;
      for (const path of await walker.walk(name, place(process, name))) files.push({ name: path, isExplicit: false });
    } else if (name !== '-' && !stat && !/^\/dev\//.test(name)) {
      if (!options.has('no-messages')) process.errors.write(`rg: ${name}: No such file or directory (os error 2)\n`);
      failed = true;
    } else files.push({ name, isExplicit: true });
  }
  if (options.has('files')) {
    for (const { name } of files) process.output.write(`${name}\n`);
    if (failed) return 2;
    return files.length > 0 ? 0 : 1;
  }
  const texts = await Promise.all(files.map(({ name }) => readOperand(process, name)));
  const hasNames = options.has('H') || (!options.has('I') && (hasFolder || given.length > 1));
  const lines = lineOptions(options);
  let isFound = false;
  let hasShown = false;
  for (const [index, { name, isExplicit }] of files.entries()) {
    const text = texts[index] ?? null;
    if (index % 32 === 0) process.shell.host.budget.checkTime();
    if (text === null) {
      process.errors.write(`rg: ${name}: ${await whyUnreadable(process, name)}\n`);
      failed = true;
      continue;
    }
    const isBinary = text.includes('\0') && !options.has('a');
    if (isBinary && !isExplicit) continue;
    const shown = name === '-' ? '<stdin>' : name;
    const found = searchText(text, hasNames ? shown : null, matcher, lines);
    const isSelected = found.selected > 0;
    if (options.has('without') ? !isSelected : isSelected) isFound = true;
    if (isFound && options.has('q')) return 0;
    if (options.has('without')) {
      if (!isSelected) process.output.write(`${shown}\n`);
    } else if (options.has('l')) {
      if (isSelected) process.output.write(`${shown}${options.has('0') ? '\0' : '\n'}`);
    } else if (lines.count || lines.countMatches) {
      if (isSelected || options.has('include-zero'))
        process.output.write(`${hasNames ? `${shown}:` : ''}${found.selected}\n`);
    } else if (isBinary && isSelected)
      process.output.write(`binary file matches (found "\\0" byte around offset ${text.indexOf('\0')})\n`);
    else {
      if ((lines.before > 0 || lines.after > 0) && hasShown && found.output !== '') process.output.write('--\n');
      hasShown ||= found.output !== '';
      process.output.write(found.output);
    }
  }
  if (failed) return 2;
  return isFound ? 0 : 1;
}

interface Level {
  readonly folder: string;
  readonly rules: readonly IgnoreRule[];
}

/** Which files below a folder are searched: hidden ones, and those that ignore files name, are not. */
class Walker {
  readonly #process: Process;
  readonly #globs: readonly { readonly regExp: RegExp; readonly isNegated: boolean }[];
  readonly #types: readonly RegExp[];
  readonly #notTypes: readonly RegExp[];
  readonly #hidden: boolean;
  readonly #ignores: boolean;
  readonly #deepest: number;
  readonly #follows: boolean;
  readonly #isSorted: boolean;

  constructor(process: Process, options: Options) {
    this.#process = process;
    const overrides = [
      ...options.values('g').map((glob) => ({ glob, ignoreCase: false })),
      ...options.values('iglob').map((glob) => ({ glob, ignoreCase: true })),
    ];
    this.#globs = overrides.map(({ glob, ignoreCase }) => {
      const isNegated = glob.startsWith('!');
      const plain = glob.slice(isNegated ? 1 : 0);
      return {
        regExp: globRegExp(
          plain.replace(/^\//, '').replace(/\/$/, ''),
          plain.replace(/\/$/, '').includes('/'),
          ignoreCase,
        ),
        isNegated,
      };
    });
    const typeGlobs = (names: readonly string[]) =>
      names.flatMap((name) => {
        if (!TYPES[name]) process.shell.host.needs(`rg --type ${name}`);
        return (TYPES[name] ?? []).map((glob) => globRegExp(glob, false));
      });
    this.#types = typeGlobs(options.values('t'));
    this.#notTypes = typeGlobs(options.values('T'));
    const unrestricted = options.values('u').length;
    this.#hidden = (options.has('hidden') && !options.has('no-hidden')) || unrestricted >= 2;
    this.#ignores = !options.has('no-ignore') && unrestricted === 0;
    this.#deepest = Number(options.value('max-depth') ?? Number.POSITIVE_INFINITY);
    this.#follows = options.has('L');
    this.#isSorted = options.has('sort') || process.output.isUnordered === true;
  }

  /** Files below a folder, named as the script would name them. */
  async walk(shown: string, folder: string): Promise<readonly string[]> {
    const found: string[] = [];
    const levels = this.#ignores ? await this.#above(folder) : [];
    await this.#into(shown.replace(/(?<=.)\/+$/, ''), folder, 1, levels, found);
    return found;
  }

  /** The ignore files of the folders above, up to the repo's root. */
  async #above(folder: string): Promise<readonly Level[]> {
    const { files } = this.#process.shell.host;
    const levels: Level[] = [];
    if (await files.stat(`${folder}/.git`)) return [];
    for (let at = parentOf(folder); at !== '/'; at = parentOf(at)) {
      if (!this.#process.shell.host.isHere(at)) break;
      levels.unshift(...(await this.#levelOf(at)));
      if (await files.stat(`${at}/.git`)) break;
    }
    return levels;
  }

  async #levelOf(folder: string): Promise<readonly Level[]> {
    const levels: Level[] = [];
    for (const name of ['.gitignore', '.ignore', '.rgignore']) {
      const text = await this.#process.shell.host.files.read(`${folder}/${name}`);
      if (text !== null) levels.push({ folder, rules: ignoreRules(text) });
    }
    return levels;
  }

  async #into(shown: string, folder: string, depth: number, above: readonly Level[], found: string[]): Promise<void> {
    const { files } = this.#process.shell.host;
    if (depth > this.#deepest) return;
    const names = (await (this.#isSorted ? files.list(folder) : files.scan(folder))) ?? [];
    const hasIgnores = this.#ignores && names.some((name) => /^\.(?:git|rg|)ignore$/.test(name));
    const levels = hasIgnores ? [...above, ...(await this.#levelOf(folder))] : above;
    for (const name of names) {
      const path = `${folder === '/' ? '' : folder}/${name}`;
      const stat = await files.stat(path, this.#follows);
      if (!stat || (stat.kind !== 'folder' && stat.kind !== 'file')) continue;
      const isFolder = stat.kind === 'folder';
      if (!this.#isWanted(path, name, isFolder, levels)) continue;
      const inner = shown === '' ? name : `${shown}/${name}`.replace(/^\/\//, '/');
      if (name === '.git' && isFolder && this.#process.shell.host.isHere(folder)) {
        const isInside = ({ path: inside, kind }: (typeof INSIDE_GIT)[number]) =>
          kind === 'file' && this.#isWanted(`${path}/${inside}`, nameOf(inside), false, levels);
        if (depth < this.#deepest && INSIDE_GIT.some(isInside)) this.#process.shell.host.needs(WHAT_IS_INSIDE);
      } else if (isFolder) await this.#into(inner, path, depth + 1, levels, found);
      else found.push(inner);
    }
  }

  #isWanted(path: string, name: string, isFolder: boolean, levels: readonly Level[]): boolean {
    // Globs of the command line count from where the script stands.
    const { cwd } = this.#process.shell;
    const relative = inFolder(path, cwd) && cwd !== '/' ? path.slice(cwd.length + 1) : path.slice(1);
    let decided: boolean | null = null;
    for (const { regExp, isNegated } of this.#globs) if (regExp.test(relative)) decided = !isNegated;
    if (decided === false) return false;
    const hasPositive = this.#globs.some(({ isNegated }) => !isNegated);
    if (decided === null && hasPositive && !isFolder) return false;
    if (decided === true) return isFolder || this.#hasType(relative);
    for (let i = levels.length - 1; i >= 0; i--) {
      const level = levels[i];
      if (!level || !inFolder(path, level.folder)) continue;
      const ignored = isIgnored(level.rules, path.slice(level.folder.length + 1), isFolder);
      if (ignored === true) return false;
      if (ignored === false) return isFolder || this.#hasType(relative);
    }
    if (name.startsWith('.') && !this.#hidden) return false;
    return isFolder || this.#hasType(relative);
  }

  #hasType(path: string): boolean {
    if (this.#notTypes.some((regExp) => regExp.test(path))) return false;
    return this.#types.length === 0 || this.#types.some((regExp) => regExp.test(path));
  }
}
