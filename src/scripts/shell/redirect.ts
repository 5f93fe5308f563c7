import { expandFields, expandText } from './expand.ts';
import { absolute } from './file-system.ts';
import type { Shell } from './shell.ts';
import { DiscardCommand, ExitShell } from './signals.ts';
import { type Descriptor, Input, nowhere, type Output } from './streams.ts';
import type { Redirect } from './syntax.ts';

/** Runs `body` with redirections. What they changed is put back afterwards; what `exec` opened meanwhile stays. */
export async function redirected(
  shell: Shell,
  redirects: readonly Redirect[],
  body: () => Promise<number>,
): Promise<number> {
  if (redirects.length === 0) return body();
  const before = new Map(shell.descriptors);
  let changed: readonly number[] = [];
  try {
    const isDone = await redirect(shell, redirects);
    changed = differing(before, shell.descriptors);
    return isDone ? await body() : 1;
  } finally {
    if (changed.length === 0) changed = differing(before, shell.descriptors);
    if (!shell.keepsDescriptors) for (const number of changed) putBack(shell, number, before.get(number));
    shell.keepsDescriptors = false;
  }
}

function differing(before: ReadonlyMap<number, Descriptor>, after: ReadonlyMap<number, Descriptor>): readonly number[] {
  const numbers = new Set([...before.keys(), ...after.keys()]);
  return [...numbers].filter((number) => before.get(number) !== after.get(number));
}

function putBack(shell: Shell, number: number, descriptor: Descriptor | undefined): void {
  if (descriptor) shell.descriptors.set(number, descriptor);
  else shell.descriptors.delete(number);
}

/** Redirections of a program are its own process's: what fails there, or is assigned there, is not the shell's. */
export async function redirectedApart(
  shell: Shell,
  redirects: readonly Redirect[],
  body: () => Promise<number>,
): Promise<number> {
  if (redirects.length === 0) return body();
  const apart = shell.fork();
  const before = shell.descriptors;
  try {
    if (!(await redirect(apart, redirects))) return 1;
  } catch (error) {
    if (error instanceof ExitShell || error instanceof DiscardCommand) return error.status;
    throw error;
  } finally {
    shell.processes.push(...apart.processes.map((process) => ({ ...process, number: null })));
  }
  shell.descriptors = apart.descriptors;
  try {
    return await body();
  } finally {
    shell.descriptors = before;
  }
}

/** Applies redirections to a shell's descriptors, in order. False (after a message) when one cannot be. */
async function redirect(shell: Shell, redirects: readonly Redirect[]): Promise<boolean> {
  for (const each of redirects) if (!(await apply(shell, each))) return false;
  return true;
}

async function apply(shell: Shell, { fd, variable, operator, target }: Redirect): Promise<boolean> {
  const standard = operator.startsWith('<') ? 0 : 1;
  const number = variable === null ? (fd ?? standard) : freeDescriptor(shell);
  if (variable !== null && operator !== '<&' && operator !== '>&') shell.set(variable, String(number));
  if (operator === '<<') return put(shell, number, { input: new Input(await expandText(shell, target)) });
  if (operator === '<<<') return put(shell, number, { input: new Input(`${await expandText(shell, target)}\n`) });
  const fields = await expandFields(shell, [target]);
  const [path = ''] = fields;
  if (fields.length !== 1) {
    shell.complain('ambiguous redirect');
    return false;
  }
  if (operator === '<&' || operator === '>&') {
    if (/^\d+-?$|^-$/.test(path))
      return duplicate(shell, variable === null ? number : Number(shell.get(variable)), path);
    if (operator === '<&' || fd !== null) {
      shell.complain(`${path}: ambiguous redirect`);
      return false;
    }
  }
  const both = operator === '&>' || operator === '&>>' || operator === '>&';
  if (operator === '<>') shell.host.needs(`<> ${path}`);
  if (operator === '<') return openForReading(shell, number, path);
  const output = await openForWriting(shell, path, operator === '>>' || operator === '&>>');
  if (!output) return false;
  put(shell, number, { output, path: absolute(shell.cwd, path) });
  if (both) put(shell, 2, { output });
  return true;
}

function freeDescriptor(shell: Shell): number {
  let number = 10;
  while (shell.descriptors.has(number)) number++;
  return number;
}

function put(shell: Shell, number: number, descriptor: Descriptor): true {
  shell.descriptors.set(number, descriptor);
  return true;
}

function duplicate(shell: Shell, number: number, source: string): boolean {
  if (source === '-') {
    shell.descriptors.delete(number);
    return true;
  }
  const from = Number.parseInt(source, 10);
  const descriptor = shell.descriptors.get(from);
  if (!descriptor) {
    shell.complain(`${from}: Bad file descriptor`);
    return false;
  }
  put(shell, number, descriptor);
  if (source.endsWith('-')) shell.descriptors.delete(from);
  return true;
}

/** `/dev/stdin`, `/dev/fd/3` and their like are descriptors that are open already. */
function special(shell: Shell, path: string): Descriptor | undefined {
  const name = /^\/dev\/(stdin|stdout|stderr)$/.exec(path)?.[1] ?? '';
  const fd = { stdin: 0, stdout: 1, stderr: 2 }[name] ?? /^\/dev\/fd\/(\d+)$/.exec(path)?.[1];
  return fd === undefined ? undefined : shell.descriptors.get(Number(fd));
}

async function openForReading(shell: Shell, number: number, path: string): Promise<boolean> {
  const open = special(shell, path);
  if (open) return put(shell, number, open);
  const place = absolute(shell.cwd, path);
  const text = path === '' ? null : await shell.host.files.read(place);
  if (text !== null) return put(shell, number, { input: new Input(text, path.startsWith('/dev/fd/')), path: place });
  const stat = await shell.host.files.stat(place);
  if (stat?.kind === 'folder') return put(shell, number, { input: new Input(''), path: place });
  shell.complain(`${path}: No such file or directory`);
  return false;
}

async function openForWriting(shell: Shell, path: string, append: boolean): Promise<Output | null> {
  const open = special(shell, path);
  if (open) return 'output' in open ? open.output : nowhere;
  if (path === '/dev/null') return nowhere;
  const file =
    path === ''
      ? { fault: 'No such file or directory' }
      : await shell.host.files.open(absolute(shell.cwd, path), append);
  if ('fault' in file) {
    shell.complain(`${path}: ${file.fault}`);
    return null;
  }
  return shell.host.budget.counted(file);
}
