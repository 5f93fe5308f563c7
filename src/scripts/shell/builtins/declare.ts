import { assignArray } from '../assign.ts';
import { quoteArgument } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { nowhere } from '../streams.ts';
import type { ArrayElement } from '../syntax.ts';
import { elementsOf, type Variable } from '../variables.ts';
import { type Builtin, takeOptions } from './builtin.ts';

const FLAGS = 'aAfFgilnprtux';

function declareAs(command: 'declare' | 'local' | 'export' | 'readonly'): Builtin {
  return async (shell, args) => {
    const minus = args.filter((arg) => !/^\+[A-Za-z]+$/.test(arg));
    const plus = args.filter((arg) => /^\+[A-Za-z]+$/.test(arg)).join('');
    const taken = takeOptions(shell, command, minus, FLAGS);
    if (!taken) return 2;
    const { options, rest } = taken;
    if (command === 'local' && !shell.variables.inFunction) {
      shell.complain('local: can only be used in a function');
      return 1;
    }
    if (options.has('f') || options.has('F')) {
      // Functions are not kept as text.
      if (!options.has('F') && shell.output !== nowhere) shell.host.needs('declare -f');
      return showFunctions(shell, rest);
    }
    if (options.has('p') || (rest.length === 0 && command !== 'local')) return show(shell, rest);
    const arrays = [...shell.declaredArrays];
    let status = 0;
    for (const item of rest) {
      const [, name = '', key, sign, value = ''] = /^([A-Za-z_]\w*)(?:\[(.*?)\])?(?:(\+?=)(.*))?$/s.exec(item) ?? [];
      if (name === '') {
        shell.complain(`${command}: \`${item}': not a valid identifier`);
        status = 1;
        continue;
      }
      const isLocal = command === 'local' || (command === 'declare' && shell.variables.inFunction && !options.has('g'));
      const target = variableFor(shell, name, isLocal, options.has('g'), options.has('n'));
      setKind(target, options);
      const array = value === '(' && arrays[0]?.name === name ? arrays.shift() : undefined;
      if (array) await assignArray(shell, name, array.value as readonly ArrayElement[], array.append);
      else if (key !== undefined && sign) shell.setElement(name, key, value);
      else if (sign) assignScalar(shell, target, name, value, sign === '+=');
      setAttributes(target, options, plus, command);
    }
    return status;
  };
}

function variableFor(shell: Shell, name: string, isLocal: boolean, isGlobal: boolean, isReference: boolean): Variable {
  if (isLocal) return shell.variables.local(name);
  if (isGlobal) return shell.variables.global(name);
  return shell.variables.writable(isReference ? name : shell.variables.resolve(name));
}

function setKind(variable: Variable, options: ReadonlyMap<string, string>): void {
  if (options.has('A')) variable.associative ??= new Map();
  if (options.has('a')) variable.indexed ??= new Map(variable.value === undefined ? [] : [[0, variable.value]]);
  if (options.has('A') || options.has('a')) variable.value = undefined;
  if (options.has('i')) variable.isInteger = true;
  if (options.has('u')) variable.case = 'upper';
  if (options.has('l')) variable.case = 'lower';
  if (options.has('n')) variable.isReference = true;
}

function assignScalar(shell: Shell, variable: Variable, name: string, value: string, append: boolean): void {
  if (variable.isReference) {
    variable.value = value;
    return;
  }
  const before = append ? (variable.indexed?.get(0) ?? variable.value ?? '') : '';
  const isSum = append && variable.isInteger;
  shell.assign(
    variable,
    name,
    isSum ? String(shell.arithmetic(before || '0') + shell.arithmetic(value)) : before + value,
  );
}

function setAttributes(variable: Variable, options: ReadonlyMap<string, string>, plus: string, command: string): void {
  if (options.has('x') || (command === 'export' && !options.has('n'))) variable.isExported = true;
  if (plus.includes('x') || (command === 'export' && options.has('n'))) variable.isExported = false;
  if (plus.includes('i')) variable.isInteger = false;
  if (options.has('r') || command === 'readonly') variable.isReadonly = true;
}

function showFunctions(shell: Shell, names: readonly string[]): number {
  let status = 0;
  for (const name of names.length > 0 ? names : [...shell.functions.keys()].sort()) {
    if (shell.functions.has(name)) shell.output.write(`${name}\n`);
    else status = 1;
  }
  return status;
}

function show(shell: Shell, names: readonly string[]): number {
  // What a shell has by itself is of the machine.
  if (names.length === 0) shell.host.needs('a list of all variables');
  let status = 0;
  for (const name of names.length > 0 ? names : shell.variables.names()) {
    const variable = shell.variables.find(name);
    if (!variable && shell.special(name) !== undefined) shell.host.needs(`declare -p ${name}`);
    if (!variable) {
      shell.special(name);
      shell.complain(`declare: ${name}: not found`);
      status = 1;
    } else shell.output.write(`declare ${shown(name, variable)}\n`);
  }
  return status;
}

function shown(name: string, variable: Variable): string {
  const flags = [
    variable.indexed ? 'a' : '',
    variable.associative ? 'A' : '',
    variable.isInteger ? 'i' : '',
    variable.isReadonly ? 'r' : '',
    variable.isExported ? 'x' : '',
  ].join('');
  const quoted = (value: string) => `"${value.replace(/["\\$`]/g, '\\$&')}"`;
  if (variable.indexed || variable.associative) {
    const elements = elementsOf(variable).map(
      ([key, value]) => `[${variable.associative ? quoteArgument(key) : key}]=${quoted(value)}`,
    );
    return `-${flags} ${name}=(${elements.join(' ')}${variable.associative && elements.length > 0 ? ' ' : ''})`;
  }
  const value = variable.value === undefined ? '' : `=${quoted(variable.value)}`;
  return `-${flags === '' ? '-' : flags} ${name}${value}`;
}

export const declare = declareAs('declare');
export const local = declareAs('local');
export const exportVariables = declareAs('export');
export const readonlyVariables = declareAs('readonly');

export const unset: Builtin = (shell, args) => {
  const taken = takeOptions(shell, 'unset', args, 'fvn');
  if (!taken) return 2;
  const { options, rest } = taken;
  for (const item of rest) {
    const [, name = item, key] = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(item) ?? [];
    const resolved = shell.variables.resolve(name);
    const variable = shell.variables.find(resolved);
    if (options.has('f')) shell.functions.delete(item);
    else if (variable?.isReadonly) {
      shell.complain(`unset: ${name}: cannot unset: readonly variable`);
      return 1;
    } else if (key !== undefined) unsetElement(shell, resolved, key);
    else if (variable) shell.variables.remove(resolved);
    else if (!options.has('v')) shell.functions.delete(item);
  }
  return 0;
};

function unsetElement(shell: Shell, name: string, key: string): void {
  if (key === '@' || key === '*') {
    shell.variables.remove(name);
    return;
  }
  const variable = shell.variables.writable(name);
  if (variable.associative) variable.associative.delete(key);
  else variable.indexed?.delete(shell.place(name, variable, key));
}
