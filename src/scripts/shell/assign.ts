import { expandFields, expandText } from './expand.ts';
import type { Shell } from './shell.ts';
import { DiscardCommand } from './signals.ts';
import type { ArrayElement, Assignment, Word } from './syntax.ts';
import type { Variable } from './variables.ts';

export async function assignAll(shell: Shell, assignments: readonly Assignment[]): Promise<void> {
  for (const assignment of assignments) await assign(shell, assignment);
}

async function assign(shell: Shell, assignment: Assignment): Promise<void> {
  const { name, append } = assignment;
  if (assignment.isArray) {
    await assignArray(shell, name, assignment.value as readonly ArrayElement[], append);
    return;
  }
  const value = await expandText(shell, assignment.value as Word, true);
  if (assignment.index) {
    await assignElement(shell, name, await expandText(shell, assignment.index), value, append);
    return;
  }
  const resolved = shell.variables.resolve(name);
  const variable = shell.variables.writable(resolved);
  shell.assign(variable, resolved, append ? appended(shell, variable, shell.get(resolved), value) : value);
}

function appended(shell: Shell, variable: Variable, before: string | undefined, value: string): string {
  if (!variable.isInteger) return (before ?? '') + value;
  return String(shell.arithmetic(before ?? '0') + shell.arithmetic(value));
}

async function assignElement(shell: Shell, name: string, key: string, value: string, append: boolean): Promise<void> {
  const variable = shell.variables.find(shell.variables.resolve(name));
  if (key === '' || (!variable?.associative && key.trim() === '')) {
    shell.complain(`${name}[${key}]: bad array subscript`);
    throw new DiscardCommand();
  }
  const before = append ? (shell.getElement(name, key) ?? '') : '';
  shell.setElement(name, key, before + value);
}

/** `name=(…)`. */
export async function assignArray(
  shell: Shell,
  name: string,
  elements: readonly ArrayElement[],
  append: boolean,
): Promise<void> {
  const resolved = shell.variables.resolve(name);
  const isAssociative = shell.variables.find(resolved)?.associative !== undefined;
  const values: { key: string | null; value: string; append: boolean }[] = [];
  for (const element of elements) {
    if (element.index) {
      const key = await expandText(shell, element.index);
      values.push({ key, value: await expandText(shell, element.value, true), append: element.append });
    } else
      for (const value of await expandFields(shell, [element.value])) values.push({ key: null, value, append: false });
  }
  const variable = shell.variables.writable(resolved);
  shell.refuseReadonly(variable, resolved);
  if (isAssociative) fillAssociative(shell, variable, values, append);
  else fillIndexed(shell, resolved, variable, values, append);
}

type Values = readonly { readonly key: string | null; readonly value: string; readonly append: boolean }[];

function fillAssociative(shell: Shell, variable: Variable, values: Values, append: boolean): void {
  const map = append ? (variable.associative ?? new Map<string, string>()) : new Map<string, string>();
  variable.associative = map;
  // Without keys, keys and values alternate.
  const pending = values.filter(({ key }) => key === null).map(({ value }) => value);
  for (let i = 0; i < pending.length; i += 2) map.set(pending[i] ?? '', pending[i + 1] ?? '');
  for (const { key, value, append: appends } of values) {
    if (key !== null) map.set(key, (appends ? (map.get(key) ?? '') : '') + shell.cast(variable, value));
  }
}

function fillIndexed(shell: Shell, name: string, variable: Variable, values: Values, append: boolean): void {
  const before = variable.indexed ?? new Map(variable.value === undefined ? [] : [[0, variable.value]]);
  const map = append ? before : new Map<number, string>();
  variable.indexed = map;
  variable.value = undefined;
  let next = Math.max(-1, ...map.keys()) + 1;
  for (const { key, value, append: appends } of values) {
    const place = key === null ? next : shell.place(name, variable, key);
    map.set(place, (appends ? (map.get(place) ?? '') : '') + shell.cast(variable, value));
    next = place + 1;
  }
}
