import { absolute } from '../file-system.ts';
import { bashOnlyIn } from '../plain-sh.ts';
import { Shell } from '../shell.ts';
import { Input } from '../streams.ts';
import type { Language } from './builtin.ts';
import { DEFAULT_PATH, findInPath, isLeftOut, programPath } from './search-path.ts';

const SHELLS = new Set(['bash', 'sh', 'dash']);
/** Builtins that are programs, too. */
const ALSO_PROGRAMS = new Set(['echo', 'printf', 'true', 'false', 'test', '[']);
/** Whether an absolute path names a program of the machine that is here. */
export function isProgramPath(shell: Shell, path: string): boolean {
  const name = systemName(path);
  if (name === null || (/^\/(?:opt|usr\/local)\//.test(path) && path !== programPath(shell, name))) return false;
  return SHELLS.has(name) || ALSO_PROGRAMS.has(name) || shell.host.program(name, 'asked') !== null;
}

/** Runs what is neither function nor builtin. */
export async function runExternal(
  shell: Shell,
  name: string,
  args: readonly string[],
  language: Language,
): Promise<number> {
  if (name.includes('/')) return runPath(shell, name, args, language);
  const script = await findInPath(shell, name);
  if (script !== null) return runScriptFile(shell, script, args, language);
  isLeftOut(shell, name);
  if (SHELLS.has(name)) return runShell(shell, name, args, language);
  return runProgram(shell, name, args);
}

async function runProgram(shell: Shell, name: string, args: readonly string[]): Promise<number> {
  const program = shell.host.program(name, 'run');
  if (!program) {
    shell.complain(`${name}: command not found`);
    return 127;
  }
  shell.host.clock.ranProgram();
  if (args.some((arg) => /\b(?:USER|LOGNAME)\b/.test(arg))) shell.host.leansOn('user');
  if (args.some((arg) => /\bPATH\b/.test(arg))) shell.host.leansOn('programs');
  const stdin = shell.descriptors.get(0);
  const input = stdin && 'input' in stdin ? stdin.input : new Input('');
  return program({ args, shell, input, output: shell.output, errors: shell.errors });
}

/** The program that an absolute path names where programs of the machine lie; null for other paths. */
function systemName(path: string): string | null {
  const found = /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$|^\/opt\/homebrew\/bin\/([^/]+)$/.exec(path);
  return found?.[1] ?? found?.[2] ?? null;
}

/** `/bin/echo` and its like do what the builtin does; the options that only the program has are not known. */
function runBuiltinAsProgram(shell: Shell, name: string, args: readonly string[], language: Language): Promise<number> {
  const [first = ''] = args;
  if (/^--./.test(first) || (name === 'printf' && first.startsWith('-'))) shell.host.needs(`/bin/${name} ${first}`);
  const inner = shell.fork();
  inner.functions = new Map();
  return language.asProcess(inner, () => language.invoke(inner, [name, ...args]));
}

async function runPath(shell: Shell, path: string, args: readonly string[], language: Language): Promise<number> {
  const name = systemName(path);
  if (name !== null && ALSO_PROGRAMS.has(name)) return runBuiltinAsProgram(shell, name, args, language);
  if (name !== null) return SHELLS.has(name) ? runShell(shell, name, args, language) : runProgram(shell, name, args);
  const stat = await shell.host.files.stat(absolute(shell.cwd, path));
  if (!stat) {
    shell.complain(`${path}: No such file or directory`);
    return 127;
  }
  if (stat.kind === 'folder' || (stat.mode & 0o111) === 0) {
    shell.complain(`${path}: ${stat.kind === 'folder' ? 'Is a directory' : 'Permission denied'}`);
    return 126;
  }
  return runScriptFile(shell, path, args, language);
}

/** The program that a script's first line asks for, and what it is given. */
export function interpreterOf(script: string): { readonly name: string; readonly rest: string } {
  const [, interpreter = 'bash', rest = ''] = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(\S+)[ \t]*(.*)/.exec(script) ?? [];
  return { name: interpreter.slice(interpreter.lastIndexOf('/') + 1), rest };
}

/** Runs an executable file by what its first line says. */
async function runScriptFile(shell: Shell, path: string, args: readonly string[], language: Language): Promise<number> {
  const text = (await shell.host.files.read(absolute(shell.cwd, path))) ?? '';
  const { name, rest } = interpreterOf(text);
  const options = rest.trim() === '' ? [] : rest.trim().split(/\s+/);
  if (SHELLS.has(name)) return runShell(shell, name, [...options, path, ...args], language);
  return runProgram(shell, name, [...options, path, ...args]);
}

/** `bash script`, `bash -c text`, `bash` with the script on its input. */
async function runShell(shell: Shell, name: string, args: readonly string[], language: Language): Promise<number> {
  let at = 0;
  let isText = false;
  const options: string[] = [];
  for (; /^[-+]./.test(args[at] ?? ''); at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at++;
      break;
    }
    if (/^--(?:norc|noprofile|posix)$/.test(arg)) continue;
    if (arg.startsWith('--')) {
      shell.host.needs(`${name} ${arg}`);
      return 2;
    }
    if (/^-[a-zA-Z]*c/.test(arg)) isText = true;
    if (/[no]$/.test(arg) && arg !== '-n') options.push(arg.slice(0, -1), args[++at] ?? '');
    else options.push(arg.replace(/[cl]/g, ''));
  }
  const operands = args.slice(at);
  const inner = startShell(shell, name !== 'bash');
  if (options.includes('-n')) return checkSyntax(shell, operands, inner);
  for (let i = 0; i < options.length; i++) {
    const option = options[i] ?? '';
    if (option.length > 1 && option !== '-s')
      await language.invoke(inner, /o$/.test(option) ? ['set', option, options[++i] ?? ''] : ['set', option]);
    else if (option === '-' && /^[a-z]+$/.test(options[i + 1] ?? ''))
      await language.invoke(inner, ['set', '-o', options[++i] ?? '']);
  }
  const [first, ...rest] = operands;
  if (isText) return runText(inner, first ?? '', rest[0] ?? name, rest.slice(1), language);
  const readsInput = options.includes('-s') || first === undefined;
  if (readsInput) {
    const stdin = shell.descriptors.get(0);
    return runText(inner, stdin && 'input' in stdin ? stdin.input.rest() : '', name, operands, language);
  }
  const text = await shell.host.files.read(absolute(shell.cwd, first));
  if (text === null) {
    shell.errors.write(`${name}: ${first}: No such file or directory\n`);
    return 127;
  }
  return runText(inner, text, first, rest, language);
}

/** A new shell process: it inherits exported variables, the folder and the descriptors, and nothing else. */
function startShell(shell: Shell, isSh: boolean): Shell {
  const inner = new Shell(shell.host);
  inner.isSh = isSh;
  if (isSh) {
    for (const name of ['BASH_VERSION', 'BASH_VERSINFO']) inner.variables.remove(name);
    inner.shopts.add('inherit_errexit');
  }
  inner.cwd = shell.cwd;
  inner.umask = shell.umask;
  inner.descriptors = new Map(shell.descriptors);
  for (const [name, value] of shell.variables.exported()) {
    inner.set(name, value);
    inner.variables.writable(name).isExported = true;
  }
  if (inner.get('PATH') === undefined) inner.set('PATH', DEFAULT_PATH);
  inner.set('PWD', shell.cwd);
  return inner;
}

async function runText(
  inner: Shell,
  text: string,
  name: string,
  args: readonly string[],
  language: Language,
): Promise<number> {
  inner.name = name;
  inner.positional = args;
  inner.frames = [{ name: 'main', source: name, calledAt: 0 }];
  inner.number = inner.host.numbers.begin();
  inner.host.budget.enter();
  const status = await language.asProcess(inner, () => language.runSource(inner, text));
  inner.host.budget.leave();
  inner.host.numbers.end(inner.number);
  return status;
}

/** `bash -n`: whether a script can be read at all. */
async function checkSyntax(shell: Shell, operands: readonly string[], inner: Shell): Promise<number> {
  const [path = ''] = operands;
  const text = await shell.host.files.read(absolute(shell.cwd, path));
  if (text === null) {
    shell.errors.write(`bash: ${path}: No such file or directory\n`);
    return 127;
  }
  return inner.host.checkSyntax(
    text,
    (message, line) => shell.errors.write(`${path}: line ${line}: ${message}\n`),
    (list) => {
      const onlyInBash = bashOnlyIn(list);
      if (onlyInBash !== null) inner.needsOfSh(onlyInBash);
    },
  );
}
