import { INSIDE_GIT, WHAT_IS_INSIDE } from '../git/inside.ts';
import { createMatcher } from '../regex/matcher.ts';
import type { Dialect } from '../regex/translate.ts';
import type { FileStat } from '../shell/file-system.ts';
import { nameOf } from '../shell/file-system.ts';
import { matchesPattern } from '../shell/patterns.ts';
import type { Process, Program } from '../shell/shell.ts';
import { place } from './inputs.ts';

interface Visit {
  /** As the script would write it. */
  readonly path: string;
  readonly place: string;
  readonly depth: number;
  readonly stat: FileStat;
}

interface Walk {
  pruned: boolean;
  quit: boolean;
  status: number;
  /** What it visits is made up: whatever would be done with it is a need. */
  isInGit: boolean;
}

type Test = (visit: Visit, walk: Walk) => Promise<boolean>;

/** What `-type` and `%y` call each kind. */
const LETTERS = { file: 'f', folder: 'd', link: 'l', device: 'c' };

class Unknown extends Error {}

type LinksFollowed = 'none' | 'starts' | 'all';
const FOLLOWING: Readonly<Record<string, LinksFollowed>> = { '-L': 'all', '-H': 'starts' };
/** The kinds of regular expressions that we have; find's own is like `basic` where neither has a sign of its own. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  'posix-extended': 'extended',
  'posix-egrep': 'extended',
  egrep: 'extended',
  'posix-basic': 'basic',
  grep: 'basic',
  sed: 'basic',
  ed: 'basic',
};
const OWN_SIGNS = /[+?]|\\[{+?]/;

export const find: Program = async (process) => {
  const { args } = process;
  let at = 0;
  let linksFollowed: LinksFollowed = 'none';
  for (; /^-[LHP]$/.test(args[at] ?? ''); at++) linksFollowed = FOLLOWING[args[at] ?? ''] ?? 'none';
  const starts: string[] = [];
  for (; at < args.length && !/^[-(!]/.test(args[at] ?? ''); at++) starts.push(args[at] ?? '');
  const parser = new ExpressionParser(process, args.slice(at), linksFollowed === 'all');
  let test: Test;
  try {
    test = parser.parse();
  } catch (error) {
    if (!(error instanceof Unknown)) throw error;
    process.errors.write(`find: unknown predicate \`${error.message}'\n`);
    process.shell.host.needs(`find ${error.message}`);
    return 1;
  }
  const isUnordered = parser.onlyPrints && process.output.isUnordered === true;
  const walk: Walk = { pruned: false, quit: false, status: 0, isInGit: false };
  const { files } = process.shell.host;
  const visit = async (path: string, depth: number): Promise<void> => {
    const where = place(process, path);
    const follows = linksFollowed === 'all' || (depth === 0 && (linksFollowed === 'starts' || path.endsWith('/')));
    const stat = (await files.stat(where, follows)) ?? (await files.stat(where, false));
    if (!stat) {
      process.errors.write(`find: ‘${path}’: No such file or directory\n`);
      walk.status = 1;
      return;
    }
    const here: Visit = { path, place: where, depth, stat };
    walk.pruned = false;
    if (!parser.depthFirst && depth >= parser.minDepth) await test(here, walk);
    const goesIn = stat.kind === 'folder' && !walk.pruned && depth < parser.maxDepth && !walk.quit;
    if (goesIn && nameOf(where) === '.git' && process.shell.host.isHere(where)) {
      walk.isInGit = true;
      for (const inside of INSIDE_GIT) {
        const below = inside.path.split('/').length + depth;
        if (below > parser.maxDepth || below < parser.minDepth) continue;
        const made: FileStat = { ...stat, kind: inside.kind };
        await test(
          { path: `${path}/${inside.path}`, place: `${where}/${inside.path}`, depth: below, stat: made },
          walk,
        );
      }
      walk.isInGit = false;
      walk.pruned = false;
    } else if (goesIn) {
      for (const name of (await (isUnordered ? files.list(where) : files.scan(where))) ?? []) {
        if (walk.quit) break;
        await visit(path.endsWith('/') ? path + name : `${path}/${name}`, depth + 1);
      }
    }
    if (parser.depthFirst && depth >= parser.minDepth) await test(here, walk);
  };
  for (const start of starts.length === 0 ? ['.'] : starts) if (!walk.quit) await visit(start, 0);
  return (await parser.finish()) ? walk.status : 1;
};

class ExpressionParser {
  readonly #process: Process;
  readonly #args: readonly string[];
  #at = 0;
  #acts = false;
  readonly #batches: (() => Promise<boolean>)[] = [];
  maxDepth = Number.POSITIVE_INFINITY;
  minDepth = 0;
  depthFirst = false;
  /** It runs nothing, takes nothing away and goes to its end. */
  onlyPrints = true;
  #dialect: Dialect | null = null;
  readonly #followsLinks: boolean;

  constructor(process: Process, args: readonly string[], followsLinks: boolean) {
    this.#process = process;
    this.#args = args;
    this.#followsLinks = followsLinks;
  }

  parse(): Test {
    const expression = this.#at < this.#args.length ? this.#or() : async () => true;
    if (this.#at < this.#args.length) throw new Unknown(this.#args[this.#at] ?? '');
    if (this.#acts) return expression;
    const print = this.#acting(async ({ path }) => {
      this.#process.output.write(`${path}\n`);
      return true;
    });
    return async (visit, walk) => (await expression(visit, walk)) && print(visit, walk);
  }

  /** Done to what is really there only. */
  #acting(action: Test): Test {
    return async (visit, walk) => {
      if (!walk.isInGit) return action(visit, walk);
      this.#process.shell.host.needs(WHAT_IS_INSIDE);
      return true;
    };
  }

  /** Runs what `-exec … +` collected, and says whether all of it ended with 0. */
  async finish(): Promise<boolean> {
    let isWell = true;
    for (const batch of this.#batches) isWell = (await batch()) && isWell;
    return isWell;
  }

  #peek(): string | undefined {
    return this.#args[this.#at];
  }

  #next(): string {
    const arg = this.#args[this.#at++];
    if (arg === undefined) throw new Unknown('(end)');
    return arg;
  }

  #or(): Test {
    let left = this.#and();
    while (this.#peek() === '-o' || this.#peek() === '-or') {
      this.#at++;
      const [one, other] = [left, this.#and()];
      left = async (visit, walk) => (await one(visit, walk)) || other(visit, walk);
    }
    return left;
  }

  #and(): Test {
    let left = this.#not();
    for (
      let next = this.#peek();
      next !== undefined && next !== ')' && next !== '-o' && next !== '-or';
      next = this.#peek()
    ) {
      if (next === '-a' || next === '-and') this.#at++;
      const [one, other] = [left, this.#not()];
      left = async (visit, walk) => (await one(visit, walk)) && other(visit, walk);
    }
    return left;
  }

  #not(): Test {
    const next = this.#next();
    if (next === '!' || next === '-not') {
      const test = this.#not();
      return async (visit, walk) => !(await test(visit, walk));
    }
    if (next !== '(') return this.#primary(next);
    const inner = this.#or();
    if (this.#next() !== ')') throw new Unknown('(');
    return inner;
  }

  #primary(name: string): Test {
    const pattern = (ignoreCase: boolean, subject: (visit: Visit) => string): Test => {
      const glob = this.#next();
      return async (visit) => matchesPattern(subject(visit), glob, { extended: false, ignoreCase });
    };
    switch (name) {
      case '-name':
        return pattern(false, ({ path }) => nameOf(path.replace(/(?<=.)\/+$/, '')));
      case '-iname':
        return pattern(true, ({ path }) => nameOf(path));
      case '-path':
      case '-wholename':
        return pattern(false, ({ path }) => path);
      case '-ipath':
        return pattern(true, ({ path }) => path);
      case '-regex':
      case '-iregex': {
        const expression = this.#next();
        if (this.#dialect === null && OWN_SIGNS.test(expression)) throw new Unknown(`${name} ${expression}`);
        const matcher = createMatcher([expression], this.#dialect ?? 'basic', {
          wholeLine: true,
          ignoreCase: name === '-iregex',
        });
        return async ({ path }) => matcher.isIn(path);
      }
      case '-regextype': {
        const type = this.#next();
        this.#dialect = DIALECTS[type] ?? null;
        if (this.#dialect === null) throw new Unknown(`-regextype ${type}`);
        return async () => true;
      }
      case '-type':
        return this.#type(async ({ stat }) => stat);
      case '-xtype':
        return this.#type(({ place, stat }) => this.#behindLink(place, stat));
      case '-maxdepth':
        this.maxDepth = Number(this.#next());
        return async () => true;
      case '-mindepth':
        this.minDepth = Number(this.#next());
        return async () => true;
      case '-depth':
        this.depthFirst = true;
        return async () => true;
      case '-mount':
      case '-xdev':
      case '-true':
        return async () => true;
      case '-false':
        return async () => false;
      case '-prune':
        return async (_, walk) => {
          walk.pruned = true;
          return true;
        };
      case '-quit':
        this.#acts = true;
        this.onlyPrints = false;
        return async (_, walk) => {
          walk.quit = true;
          return true;
        };
      case '-empty':
        return async ({ stat, place: where }) => {
          if (stat.kind !== 'folder') return stat.kind === 'file' && stat.size === 0;
          return (await this.#process.shell.host.files.list(where))?.length === 0;
        };
      case '-size':
        return this.#size();
      case '-perm':
        return this.#permissions();
      case '-executable':
        return async ({ stat }) => (stat.mode & 0o111) > 0;
      case '-readable':
      case '-writable':
        return async () => true;
      default:
        return this.#action(name);
    }
  }

  #type(seen: (visit: Visit) => Promise<FileStat>): Test {
    const kinds = this.#next().split(',');
    return async (visit) => kinds.includes(LETTERS[(await seen(visit)).kind]);
  }

  /** What `-xtype` looks at: links the other way than the walk does. One that leads nowhere is a link in any case. */
  async #behindLink(path: string, stat: FileStat): Promise<FileStat> {
    return (await this.#process.shell.host.files.stat(path, !this.#followsLinks)) ?? stat;
  }

  #size(): Test {
    const [, sign = '', digits = '0', unit = 'b'] = /^([-+]?)(\d+)([bckMG]?)$/.exec(this.#next()) ?? [];
    const bytes = { b: 512, '': 512, c: 1, k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unit] ?? 512;
    return async ({ stat }) => {
      if (stat.kind === 'folder') this.#process.shell.host.needs('the size of a folder');
      const size = Math.ceil(stat.size / bytes);
      if (sign === '+') return size > Number(digits);
      return sign === '-' ? size < Number(digits) : size === Number(digits);
    };
  }

  #permissions(): Test {
    const text = this.#next();
    const [, sign = '', octal = ''] = /^([-/+]?)([0-7]+)$/.exec(text) ?? [];
    const symbolic = {
      '+x': 0o111,
      '/+x': 0o111,
      '/a+x': 0o111,
      '-u+x': 0o100,
      '/u+x': 0o100,
      '-u=x': 0o100,
      '/111': 0o111,
    }[text];
    if (octal === '' && symbolic === undefined) throw new Unknown(`-perm ${text}`);
    const bits = symbolic ?? Number.parseInt(octal, 8);
    return async ({ stat }) => {
      this.#process.shell.host.leansOn('modes');
      if (sign === '-' || text.startsWith('-')) return (stat.mode & bits) === bits;
      return sign === '' && octal !== '' ? stat.mode === bits : (stat.mode & bits) > 0;
    };
  }

  #action(name: string): Test {
    return this.#acting(this.#deed(name));
  }

  #deed(name: string): Test {
    const { output, shell } = this.#process;
    this.#acts = true;
    if (!name.startsWith('-print')) this.onlyPrints = false;
    if (name === '-print' || name === '-print0') {
      const end = name === '-print' ? '\n' : '\0';
      return async ({ path }) => {
        output.write(path + end);
        return true;
      };
    }
    if (name === '-delete') {
      this.depthFirst = true;
      return async (visit) => (await shell.host.files.remove(visit.place)) === null;
    }
    if (name === '-printf') return this.#printf();
    if (name === '-exec' || name === '-execdir') return this.#exec();
    if (/^-(?:newer|mtime|mmin|ctime|cmin|atime|amin)/.test(name)) {
      this.#next();
      // Only once there is something whose time it asks for.
      return async () => {
        shell.host.needs('modification times');
        return false;
      };
    }
    throw new Unknown(name);
  }

  #printf(): Test {
    const format = this.#next().replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\0/g, '\0');
    return async ({ path, stat, depth }) => {
      const start = path
        .split('/')
        .slice(0, -depth || undefined)
        .join('/');
      const text = format.replace(/%(.)/g, (whole, letter: string) => {
        const known: Readonly<Record<string, string>> = {
          p: path,
          f: depth === 0 && /[^/]\/+$/.test(path) ? `${nameOf(path.replace(/\/+$/, ''))}/` : nameOf(path),
          h: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.',
          P: depth === 0 ? '' : path.slice(start.length).replace(/^\//, ''),
          s: String(stat.size),
          m: stat.mode.toString(8),
          d: String(depth),
          y: LETTERS[stat.kind],
          '%': '%',
        };
        if (letter === 'm') this.#process.shell.host.leansOn('modes');
        if (known[letter] === undefined) this.#process.shell.host.needs(`find -printf ${whole}`);
        return known[letter] ?? whole;
      });
      this.#process.output.write(text);
      return true;
    };
  }

  #exec(): Test {
    const words: string[] = [];
    for (let next = this.#next(); next !== ';'; next = this.#next()) {
      if (next === '+' && words.at(-1) === '{}') return this.#execBatch(words.slice(0, -1));
      words.push(next);
    }
    return async ({ path }) => (await this.#run(words.map((word) => word.replaceAll('{}', path)))) === 0;
  }

  #execBatch(words: readonly string[]): Test {
    const paths: string[] = [];
    this.#batches.push(async () => paths.length === 0 || (await this.#run([...words, ...paths])) === 0);
    return async ({ path }) => {
      paths.push(path);
      return true;
    };
  }

  #run(words: readonly string[]): Promise<number> {
    return this.#process.shell.host.invoke(this.#process.shell, words, this.#process);
  }
}
