import type { Races } from '../races.ts';
import { inFolder, parentOf } from '../shell/file-system.ts';
import { DESCRIPTORS } from './machine-folders.ts';

/** Somebody asks whether a path is there, or what it holds. */
export function readsPath(races: Races, path: string): void {
  if (!inFolder(path, DESCRIPTORS)) races.reads(path);
}

export function readsNames(races: Races, folder: string): void {
  races.reads(namesIn(folder));
}

/** Somebody writes to a path, or makes or removes it. Files that are made side by side in one folder are no race, but for who lists it. */
export function touchesPath(races: Races, path: string, how: 'adds' | 'changes', isNameTouched: boolean): void {
  if (inFolder(path, DESCRIPTORS)) return;
  races[how](path);
  if (isNameTouched) races.adds(namesIn(parentOf(path)));
}

/** What stands for the names in a folder: no path that is asked for ends in a line break. */
function namesIn(folder: string): string {
  return `${folder}\n`;
}
