import { inFolder } from '../shell/file-system.ts';

/** Folders that every machine has; what lies in them is not here. */
export const SYSTEM = ['/', '/tmp', '/var', '/var/tmp', '/dev', '/dev/fd', '/etc', '/usr', '/usr/bin', '/bin'];
/** Where scripts put what they make. What others have put there is not known, but for descriptors, which are the script's own. */
export const SCRATCH = ['/tmp', '/var/tmp'];
export const DESCRIPTORS = '/dev/fd';

/** Whether scripts make what they need for a while where a path lies. */
export function isScratch(path: string): boolean {
  return SCRATCH.some((folder) => inFolder(path, folder));
}
