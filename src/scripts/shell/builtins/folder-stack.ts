import type { Shell } from '../shell.ts';
import type { Builtin } from './builtin.ts';
import { changeTo } from './folder.ts';

/** The folders that `dirs` shows: where the shell is, and what `pushd` left. */
function stackOf(shell: Shell): readonly string[] {
  return [shell.cwd, ...shell.folders];
}

/** `+1` counts from the left, `-0` from the right. Undefined for what is no place in the stack, null for one that is not there. */
function placeOf(shell: Shell, word: string): number | null | undefined {
  const [, sign, digits] = /^([-+])(\d+)$/.exec(word) ?? [];
  if (sign === undefined) return undefined;
  const last = shell.folders.length;
  const place = sign === '+' ? Number(digits) : last - Number(digits);
  return place >= 0 && place <= last ? place : null;
}

function shown(shell: Shell, folder: string): string {
  const home = shell.get('HOME') ?? '';
  if (home === '' || home === '/' || (folder !== home && !folder.startsWith(`${home}/`))) return folder;
  return `~${folder.slice(home.length)}`;
}

function show(shell: Shell): number {
  shell.output.write(
    `${stackOf(shell)
      .map((folder) => shown(shell, folder))
      .join(' ')}\n`,
  );
  return 0;
}

function outOfRange(shell: Shell, command: string, word: string): number {
  if (shell.folders.length === 0) shell.complain(`${command}: directory stack empty`);
  else shell.complain(`${command}: ${word}: directory stack index out of range`);
  return 1;
}

export const dirs: Builtin = (shell, args) => {
  const [option] = args;
  if (option === undefined) return show(shell);
  if (args.length > 1 || !/^-[cplv]$/.test(option)) {
    shell.host.needs(`dirs ${args.join(' ')}`);
    return 1;
  }
  if (option === '-c') shell.folders = [];
  else if (option === '-l') shell.output.write(`${stackOf(shell).join(' ')}\n`);
  else
    for (const [index, folder] of stackOf(shell).entries())
      shell.output.write(`${option === '-v' ? `${String(index).padStart(2)}  ` : ''}${shown(shell, folder)}\n`);
  return 0;
};

export const pushd: Builtin = async (shell, args) => {
  const [word] = args;
  if (args.length > 1 || (word !== undefined && /^-(?!\d+$)/.test(word))) {
    shell.host.needs(`pushd ${args.join(' ')}`);
    return 1;
  }
  const before = stackOf(shell);
  const place = word === undefined ? 1 : placeOf(shell, word);
  if (word === undefined && before.length === 1) {
    shell.complain('pushd: no other directory');
    return 1;
  }
  if (place === null) return outOfRange(shell, 'pushd', word ?? '');
  const turned =
    word === undefined
      ? [before[1] ?? '', before[0] ?? '', ...before.slice(2)]
      : [...before.slice(place), ...before.slice(0, place)];
  const folders = place === undefined ? before : turned.slice(1);
  const status = await changeTo(shell, 'pushd', place === undefined ? (word ?? '') : (turned[0] ?? ''), false);
  if (status !== 0) return status;
  shell.folders = folders;
  return show(shell);
};

export const popd: Builtin = async (shell, args) => {
  const [word = '+0'] = args;
  const place = placeOf(shell, word);
  if (args.length > 1 || place === undefined) {
    shell.host.needs(`popd ${args.join(' ')}`);
    return 1;
  }
  if (place === null || shell.folders.length === 0) return outOfRange(shell, 'popd', word);
  const [next = '', ...rest] = shell.folders;
  if (place > 0) {
    shell.folders = shell.folders.filter((_, index) => index !== place - 1);
    return show(shell);
  }
  const status = await changeTo(shell, 'popd', next, false);
  if (status !== 0) return status;
  shell.folders = rest;
  return show(shell);
};
