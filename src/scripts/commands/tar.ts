import { absolute, inFolder } from '../shell/file-system.ts';
import type { Process, Program } from '../shell/shell.ts';

interface Request {
  readonly archive: string;
  readonly folder: string;
  readonly members: readonly string[];
}

/**
 * `tar -cf ARCHIVE [-C FOLDER] MEMBER…`, as far as scripts can see it without looking into the archive: whether it is made, and what is said
 * where a member is not there. The bytes of an archive depend on times and owners, so whoever reads it is blind. All else of tar is not known.
 */
export const tar: Program = async (process) => {
  const request = requested(process.args);
  if (!request) return unknown(process);
  const { files } = process.shell.host;
  const archive = absolute(process.shell.cwd, request.archive);
  const folder = absolute(process.shell.cwd, request.folder);
  if ((await files.stat(folder))?.kind !== 'folder') return unknown(process);
  let isWhole = true;
  for (const member of request.members) {
    const path = absolute(folder, member);
    // It would find the archive changing while it reads it.
    if (inFolder(archive, path)) return unknown(process);
    if (await files.stat(path, false)) continue;
    process.errors.write(`tar: ${member}: Cannot stat: No such file or directory\n`);
    isWhole = false;
  }
  const fault = await files.seal(archive, `the archive ${request.archive}`);
  if (fault !== null) {
    process.errors.write(`tar (child): ${request.archive}: Cannot open: ${fault}\n`);
    return unknown(process);
  }
  if (!isWhole) process.errors.write('tar: Exiting with failure status due to previous errors\n');
  return isWhole ? 0 : 2;
};

/** Null for what is not known here. */
function requested([letters = '', archive = '', ...rest]: readonly string[]): Request | null {
  if (!/^-?(?:c[zjJ]?f|[zjJ]cf)$/.test(letters) || archive === '-' || archive === '') return null;
  const [folder, ...members] = rest[0] === '-C' ? rest.slice(1) : ['.', ...rest];
  const isPlain = members.every((member) => !/^-|^\/|(?:^|\/)\.\.(?:\/|$)/.test(member));
  return folder === undefined || members.length === 0 || !isPlain ? null : { archive, folder, members };
}

function unknown(process: Process): number {
  process.shell.host.needs('tar');
  return 2;
}
