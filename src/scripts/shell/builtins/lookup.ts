import { absolute } from '../file-system.ts';
import type { Shell } from '../shell.ts';
import { nowhere } from '../streams.ts';
import { type Builtin, takeOptions } from './builtin.ts';
import { isProgramPath } from './external.ts';
import { findInPath, isLeftOut, programPath } from './search-path.ts';

const KEYWORDS = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'case',
  'esac',
  'for',
  'while',
  'until',
  'do',
  'done',
  'in',
  'function',
  'time',
  '{',
  '}',
  '!',
  '[[',
  ']]',
  'select',
]);

type Kind = { readonly kind: 'function' | 'builtin' | 'keyword' } | { readonly kind: 'file'; readonly path: string };

/** What a name means as a command; null when it means nothing. */
async function find(
  shell: Shell,
  name: string,
  isBuiltin: (name: string) => boolean,
  onlyFiles: boolean,
): Promise<Kind | null> {
  if (!onlyFiles) {
    if (KEYWORDS.has(name)) return { kind: 'keyword' };
    if (shell.functions.has(name)) return { kind: 'function' };
    if (isBuiltin(name)) return { kind: 'builtin' };
  }
  if (name.includes('/')) {
    if (isProgramPath(shell, name)) return { kind: 'file', path: name };
    const stat = await shell.host.files.stat(absolute(shell.cwd, name));
    return stat?.kind === 'file' && (stat.mode & 0o111) > 0 ? { kind: 'file', path: name } : null;
  }
  const script = await findInPath(shell, name);
  if (script !== null) return { kind: 'file', path: script };
  isLeftOut(shell, name);
  const isShell = name === 'bash' || name === 'sh';
  if (isShell || shell.host.program(name, 'asked')) return { kind: 'file', path: programPath(shell, name) };
  return null;
}

/** `command -v`, `command name …`. */
export function commandBuiltin(isBuiltin: (name: string) => boolean): Builtin {
  return async (shell, args, language) => {
    const taken = takeOptions(shell, 'command', args, 'vVp');
    if (!taken) return 2;
    const { options, rest } = taken;
    if (!options.has('v') && !options.has('V')) return runWithoutFunctions(shell, rest, language.invoke);
    let isFound = rest.length > 0;
    for (const name of rest) {
      const found = await find(shell, name, isBuiltin, false);
      if (!found) isFound = false;
      else
        tell(
          shell,
          found,
          options.has('V') ? described(name, found) : `${found.kind === 'file' ? found.path : name}\n`,
        );
    }
    return isFound ? 0 : 1;
  };
}

async function runWithoutFunctions(
  shell: Shell,
  words: readonly string[],
  invoke: (shell: Shell, words: readonly string[]) => Promise<number>,
): Promise<number> {
  const [name] = words;
  if (name === undefined) return 0;
  const hidden = shell.functions.get(name);
  shell.functions.delete(name);
  try {
    return await invoke(shell, words);
  } finally {
    if (hidden) shell.functions.set(name, hidden);
  }
}

/** Prints where a command lies. Only what the script can read tells it on which machine it is. */
function tell(shell: Shell, found: Kind, text: string): void {
  const { host, output } = shell;
  if (found.kind === 'file' && output !== nowhere && output !== host.terminal) host.leansOn('programs');
  output.write(text);
}

function described(name: string, found: Kind): string {
  if (found.kind === 'file') return `${name} is ${found.path}\n`;
  return `${name} is a ${found.kind === 'keyword' ? 'shell keyword' : found.kind === 'builtin' ? 'shell builtin' : 'function'}\n`;
}

export function typeBuiltin(isBuiltin: (name: string) => boolean): Builtin {
  return async (shell, args) => {
    const taken = takeOptions(shell, 'type', args, 'tpPfa');
    if (!taken) return 2;
    const { options, rest } = taken;
    if (options.has('a')) shell.host.needs('type -a');
    const wantsPath = options.has('p') || options.has('P');
    let status = 0;
    for (const name of rest) {
      const found = await find(shell, name, isBuiltin, options.has('P'));
      if (!found) {
        status = 1;
        if (!options.has('t') && !wantsPath) shell.complain(`type: ${name}: not found`);
      } else if (options.has('t')) shell.output.write(`${found.kind}\n`);
      else if (!wantsPath) tell(shell, found, described(name, found));
      else if (found.kind === 'file') tell(shell, found, `${found.path}\n`);
    }
    return status;
  };
}

export const hash: Builtin = async (shell, args) => {
  let status = 0;
  const [how] = args;
  if (how === undefined || (/^-./.test(how) && how !== '-r')) shell.host.needs(`hash ${how ?? ''}`.trim());
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    if (await find(shell, name, () => false, true)) continue;
    shell.complain(`hash: ${name}: not found`);
    status = 1;
  }
  return status;
};

/** `which`: a program outside the shell in truth. */
export const which: Builtin = async (shell, args) => {
  let status = 0;
  if (args.includes('-a')) shell.host.needs('which -a');
  for (const name of args.filter((arg) => !arg.startsWith('-'))) {
    const found = await find(shell, name, () => false, true);
    if (found?.kind === 'file') tell(shell, found, `${found.path}\n`);
    else status = 1;
  }
  return status;
};
