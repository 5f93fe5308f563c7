import { collationOf } from '../shell/collation.ts';
import { absolute, inFolder, nameOf, parentOf } from '../shell/file-system.ts';
import type { Process, Program } from '../shell/shell.ts';
import { place, whyUnreadable } from './inputs.ts';
import { parseOptions } from './options.ts';

export const basename: Program = async (process) => {
  const options = parseOptions(process, 'basename', 'a s: multiple=a suffix:=s');
  if (!options) return 1;
  const isMany = options.has('a') || options.has('s');
  const [extra] = isMany ? [] : options.operands.slice(2);
  if (extra !== undefined) {
    process.errors.write(`basename: extra operand '${extra}'\n`);
    return 1;
  }
  const suffix = options.value('s') ?? (isMany ? '' : (options.operands[1] ?? ''));
  for (const path of isMany ? options.operands : options.operands.slice(0, 1)) {
    const name = /^\/+$/.test(path) ? '/' : nameOf(path.replace(/\/+$/, ''));
    process.output.write(
      `${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
    );
  }
  return options.operands.length > 0 ? 0 : 1;
};

export const dirname: Program = async (process) => {
  const options = parseOptions(process, 'dirname', '');
  if (!options) return 1;
  for (const path of options.operands) {
    const trimmed = path.replace(/(?<=.)\/+$/, '');
    const [folder = ''] = /^.*(?=\/)/s.exec(trimmed) ?? [];
    process.output.write(
      `${folder === '' ? (trimmed.startsWith('/') ? '/' : '.') : folder.replace(/(?<=.)\/+$/, '')}\n`,
    );
  }
  return options.operands.length > 0 ? 0 : 1;
};

/** Runs `change` on each operand and tells what it says. */
async function onEach(
  process: Process,
  doing: string,
  operands: readonly string[],
  change: (path: string) => Promise<string | null>,
): Promise<number> {
  let status = 0;
  for (const operand of operands) {
    const fault = await change(place(process, operand));
    if (fault === null) continue;
    process.errors.write(`${doing} '${operand}': ${fault}\n`);
    status = 1;
  }
  return status;
}

export const mkdir: Program = async (process) => {
  const options = parseOptions(process, 'mkdir', 'p m: v parents=p mode:=m');
  if (!options) return 1;
  const { files } = process.shell.host;
  return onEach(process, 'mkdir: cannot create directory', options.operands, async (path) => {
    return files.makeFolder(path, options.has('p') ? 'with parents' : 'alone');
  });
};

export const rm: Program = async (process) => {
  const options = parseOptions(process, 'rm', 'r R f v i d recursive=r force=f');
  if (!options) return 1;
  const { files } = process.shell.host;
  return onEach(process, 'rm: cannot remove', options.operands, async (path) => {
    const isForced = options.has('f');
    const stat = await files.stat(path, false, !isForced);
    if (!stat && isForced) await files.remove(path);
    if (!stat) return isForced ? null : 'No such file or directory';
    if (stat.kind === 'folder' && !options.has('r') && !options.has('R')) return 'Is a directory';
    return files.remove(path);
  });
};

export const rmdir: Program = async (process) => {
  const options = parseOptions(process, 'rmdir', 'p ignore-fail-on-non-empty=i');
  if (!options) return 1;
  const { files } = process.shell.host;
  return onEach(process, 'rmdir: failed to remove', options.operands, async (path) => {
    const names = await files.list(path);
    if (!names) return (await files.stat(path)) ? 'Not a directory' : 'No such file or directory';
    return names.length > 0 ? 'Directory not empty' : files.remove(path);
  });
};

export const touch: Program = async (process) => {
  const options = parseOptions(process, 'touch', 'c d: t: r: m a no-create=c date:=d');
  if (!options) return 1;
  const { files } = process.shell.host;
  return onEach(process, 'touch: cannot touch', options.operands, async (path) => {
    const found = await files.stat(path, true, options.has('c'));
    if (found ? found.kind !== 'file' : options.has('c')) return null;
    // Also what is there already: it is no longer as it was checked out.
    const file = await files.open(path, true);
    return 'fault' in file ? file.fault : null;
  });
};

export const chmod: Program = async (process) => {
  const options = parseOptions(
    { ...process, args: process.args.filter((arg) => !/^-[rwx]+$/.test(arg)) },
    'chmod',
    'R v f',
  );
  if (!options) return 1;
  const [mode = '', ...operands] = options.operands;
  const { files } = process.shell.host;
  return onEach(process, 'chmod: cannot access', operands, async (path) => {
    const stat = await files.stat(path);
    if (!stat) return 'No such file or directory';
    const bits = modeFrom(mode, stat.mode, process.shell.umask ?? process.shell.host.surroundings.umask);
    if (bits === null) process.shell.host.needs(`chmod ${mode}`);
    return files.chmod(path, bits ?? stat.mode);
  });
};

function modeFrom(mode: string, before: number, umask: number): number | null {
  if (/^[0-7]{3,4}$/.test(mode)) return Number.parseInt(mode, 8);
  let bits = before;
  for (const clause of mode.split(',')) {
    const [, who = '', sign = '', letters = ''] = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(clause) ?? [];
    if (sign === '') return null;
    const shifts = { u: 6, g: 3, o: 0 };
    const whom = who === '' || who.includes('a') ? ['u', 'g', 'o'] : [...who];
    for (const each of whom) {
      const shift = shifts[each as 'u' | 'g' | 'o'];
      const asked =
        ((letters.includes('r') ? 4 : 0) | (letters.includes('w') ? 2 : 0) | (/x/i.test(letters) ? 1 : 0)) << shift;
      // Where nobody is named, what the umask forbids stays as it was.
      const set = who === '' ? asked & ~umask : asked;
      if (sign === '+') bits |= set;
      else if (sign === '-') bits &= ~set;
      else bits = (bits & ~(7 << shift)) | set;
    }
  }
  return bits;
}

async function copyFile(process: Process, from: string, to: string): Promise<string | null> {
  const { files } = process.shell.host;
  const stat = await files.stat(from);
  if (stat?.kind === 'folder') {
    if (!(await files.stat(to, true, false))) await files.makeFolder(to);
    for (const name of (await files.list(from)) ?? []) await copyFile(process, `${from}/${name}`, `${to}/${name}`);
    return null;
  }
  const text = await files.read(from);
  if (text === null) return 'No such file or directory';
  const file = await files.open(to, false);
  if ('fault' in file) return file.fault;
  file.write(text);
  await files.chmod(to, stat?.mode ?? 0o644);
  return null;
}

/** `cp` and `mv`: the last operand is where everything goes. */
function transfer(command: 'cp' | 'mv', known: string): Program {
  return async (process) => {
    const options = parseOptions(process, command, known);
    if (!options) return 1;
    const { files } = process.shell.host;
    const sources = options.operands.slice(0, -1);
    const target = place(process, options.operands.at(-1) ?? '');
    const intoFolder = (await files.stat(target, true, false))?.kind === 'folder';
    if (sources.length === 0 || (sources.length > 1 && !intoFolder)) return 1;
    const isDeep = command === 'mv' || ['r', 'R', 'a'].some((name) => options.has(name));
    return onEach(process, `${command}: cannot ${command === 'cp' ? 'copy' : 'move'}`, sources, async (path) => {
      const stat = await files.stat(path);
      if (!stat) return 'No such file or directory';
      if (stat.kind === 'folder' && !isDeep) return 'omitting directory';
      const to = intoFolder ? `${target}/${nameOf(path)}` : target;
      if (command === 'mv' && inFolder(to, path)) return 'cannot move to a subdirectory of itself';
      const fault = await copyFile(process, path, to);
      return fault ?? (command === 'mv' ? files.remove(path) : null);
    });
  };
}

export const cp = transfer('cp', 'r R a p f v recursive=r archive=a preserve=p');
export const mv = transfer('mv', 'f v n force=f');

export const ln: Program = async (process) => {
  const options = parseOptions(process, 'ln', 's f n v symbolic=s force=f no-dereference=n');
  if (!options) return 1;
  if (!options.has('s')) process.shell.host.needs('hard links');
  const { files } = process.shell.host;
  const [target = '', name = nameOf(target)] = options.operands;
  let path = place(process, name);
  if ((await files.stat(path, true, false))?.kind === 'folder' && !options.has('n')) path = `${path}/${nameOf(target)}`;
  if (options.has('f')) await files.remove(path);
  const fault = await files.link(target, path);
  if (fault) process.errors.write(`ln: failed to create symbolic link '${name}': ${fault}\n`);
  return fault ? 1 : 0;
};

export const readlink: Program = async (process) => {
  const options = parseOptions(process, 'readlink', 'f e m n canonicalize=f');
  if (!options) return 1;
  const { files } = process.shell.host;
  const isCanonical = ['f', 'e', 'm'].some((name) => options.has(name));
  let status = 0;
  for (const operand of options.operands) {
    const path = place(process, operand);
    const found = isCanonical
      ? await canonical(process, path, options.has('e'), options.has('m'))
      : await files.readLink(path);
    if (found === null) status = 1;
    else process.output.write(`${found}${options.has('n') ? '' : '\n'}`);
  }
  return status;
};

/** The path without links; its last part need not exist, unless asked, and with `loose` nothing need. */
async function canonical(process: Process, path: string, mustExist: boolean, loose: boolean): Promise<string | null> {
  const { files } = process.shell.host;
  const real = await files.realPath(path);
  if (real !== null || mustExist) return real;
  const folder = await files.realPath(parentOf(path));
  if (folder !== null) return folder === '/' ? path : `${folder}/${nameOf(path)}`;
  return loose ? path : null;
}

export const realpath: Program = async (process) => {
  const options = parseOptions(
    process,
    'realpath',
    'e m s q P L relative-to:=R canonicalize-missing=m canonicalize-existing=e no-symlinks=s quiet=q',
  );
  if (!options) return 1;
  let status = 0;
  for (const operand of options.operands) {
    const path = place(process, operand);
    const found = options.has('s') ? path : await canonical(process, path, options.has('e'), options.has('m'));
    if (found === null) {
      if (!options.has('q')) process.errors.write(`realpath: ${operand}: No such file or directory\n`);
      status = 1;
      continue;
    }
    const from = options.value('R');
    process.output.write(`${from === undefined ? found : relativePath(place(process, from), found)}\n`);
  }
  return status;
};

function relativePath(from: string, to: string): string {
  const left = from.split('/').filter((part) => part !== '');
  const right = to.split('/').filter((part) => part !== '');
  let common = 0;
  while (common < left.length && left[common] === right[common]) common++;
  return [...left.slice(common).map(() => '..'), ...right.slice(common)].join('/') || '.';
}

export const ls: Program = async (process) => {
  const options = parseOptions(process, 'ls', '1 a A d F r R p l t h S all=a almost-all=A directory=d');
  if (!options) return 2;
  for (const name of ['l', 'h', 'R', 'S']) if (options.has(name)) process.shell.host.needs(`ls -${name}`);
  const { files } = process.shell.host;
  const plain: string[] = [];
  const folders: string[] = [];
  let status = 0;
  const collate = collationOf(process.shell);
  const operands = options.operands.length === 0 ? ['.'] : [...options.operands].sort(collate);
  for (const operand of operands) {
    const stat = await files.stat(place(process, operand));
    if (!stat) {
      process.errors.write(`ls: cannot access '${operand}': ${await whyUnreadable(process, operand)}\n`);
      status = 2;
    } else if (stat.kind === 'folder' && !options.has('d')) folders.push(operand);
    else plain.push(operand);
  }
  const show = async (name: string, path: string) => {
    const isFolder = (options.has('F') || options.has('p')) && (await files.stat(path))?.kind === 'folder';
    process.output.write(`${name}${isFolder ? '/' : ''}\n`);
  };
  const ordered = async (names: readonly string[], folder = '.') => {
    const inOrder = options.has('t') ? await youngestFirst(process, names, folder) : names;
    return options.has('r') ? [...inOrder].reverse() : inOrder;
  };
  for (const name of await ordered(plain)) await show(name, place(process, name));
  for (const [index, folder] of (await ordered(folders)).entries()) {
    if (operands.length > 1) process.output.write(`${index > 0 || plain.length > 0 ? '\n' : ''}${folder}:\n`);
    if (options.has('a')) process.output.write('.\n..\n');
    const names = [...((await files.list(place(process, folder))) ?? [])].sort(collate);
    for (const name of await ordered(names, folder)) {
      if (!name.startsWith('.') || options.has('a') || options.has('A'))
        await show(name, `${place(process, folder)}/${name}`);
    }
  }
  return status;
};

/** An archive that the script made is younger than a file of the checkout; of others the times are not known. */
async function youngestFirst(process: Process, names: readonly string[], folder: string): Promise<readonly string[]> {
  if (names.length < 2) return names;
  const stats = await Promise.all(
    names.map((name) => process.shell.host.files.stat(absolute(place(process, folder), name))),
  );
  const isKnown =
    names.length === 2 &&
    stats.some((stat) => stat?.origin === 'made') &&
    stats.some((stat) => stat?.origin === 'checkout');
  if (!isKnown) process.shell.host.needs('ls -t');
  return stats[0]?.origin === 'checkout' ? [...names].reverse() : names;
}

export const mktemp: Program = async (process) => {
  const options = parseOptions(process, 'mktemp', 'd q u t p: directory=d quiet=q tmpdir:=p suffix:=s');
  if (!options) return 1;
  const { files } = process.shell.host;
  const [template = 'tmp.XXXXXXXXXX'] = options.operands;
  const isPlain = options.operands.length === 0 || options.has('t') || options.has('p');
  const folder = options.value('p') ?? process.shell.get('TMPDIR') ?? '/tmp';
  const path = place(process, isPlain && !template.startsWith('/') ? `${folder}/${template}` : template);
  if (!/XXX/.test(template)) {
    process.errors.write(`mktemp: too few X's in template '${template}'\n`);
    return 1;
  }
  const name =
    path.replace(/X+(?=[^X/]*$)/, (places) => temporaryName(process, places.length)) + (options.value('s') ?? '');
  const file = options.has('d')
    ? { fault: (await files.makeFolder(name, 'fresh')) ?? '' }
    : await files.open(name, false);
  if ('fault' in file && file.fault !== '') {
    process.errors.write(`mktemp: failed to create file via template '${template}': ${file.fault}\n`);
    return 1;
  }
  await files.chmod(name, options.has('d') ? 0o700 : 0o600);
  process.output.write(`${name}\n`);
  return 0;
};

function temporaryName({ shell: { host } }: Process, length: number): string {
  host.leansOn('names');
  return (host.surroundings.seed + ++host.temporaryFiles).toString(36).padStart(length, 'x').slice(-length);
}

export const stat: Program = async (process) => {
  const { args } = process;
  if (/^-f$/.test(args[0] ?? '') && /^%/.test(args[1] ?? '')) return bsdStat(process);
  const options = parseOptions(process, 'stat', 'c: L f format:=c printf:=p dereference=L');
  if (!options) return 1;
  const format = options.value('c') ?? options.value('p');
  if (format === undefined || options.has('f')) process.shell.host.needs('stat without a format');
  if (options.has('L') || (options.has('p') && format?.includes('\\'))) process.shell.host.needs('stat -L or --printf');
  return showStat(process, options.operands, format ?? '%n', options.has('p') ? '' : '\n', {
    Y: 'mtime',
    X: 'mtime',
    Z: 'mtime',
    y: 'mtime',
    i: 'inode',
    s: 'size',
    n: 'name',
    a: 'mode',
    F: 'kind',
  });
};

/** The form that macOS has: the owner's machine is one. */
async function bsdStat(process: Process): Promise<number> {
  const [, format = '', ...operands] = process.args;
  return showStat(process, operands, format.replaceAll('%Lp', '%p').replaceAll('%OLp', '%p'), '\n', {
    m: 'mtime',
    i: 'inode',
    z: 'size',
    N: 'name',
    p: 'mode',
  });
}

async function showStat(
  process: Process,
  operands: readonly string[],
  format: string,
  ending: string,
  letters: Readonly<Record<string, 'mtime' | 'inode' | 'size' | 'name' | 'mode' | 'kind'>>,
): Promise<number> {
  let status = 0;
  for (const operand of operands) {
    const found = await process.shell.host.files.stat(place(process, operand), false);
    if (!found) {
      process.errors.write(`stat: cannot statx '${operand}': No such file or directory\n`);
      status = 1;
      continue;
    }
    const text = format.replace(/%(.)/g, (_, letter: string) => {
      const wanted = letters[letter];
      if (wanted === 'size') {
        if (found.kind === 'folder') process.shell.host.needs('the size of a folder');
        return String(found.size);
      }
      if (wanted === 'name') return operand;
      if (wanted === 'mode') {
        process.shell.host.leansOn('modes');
        return found.mode.toString(8);
      }
      if (wanted === 'kind')
        return {
          file: found.size === 0 ? 'regular empty file' : 'regular file',
          folder: 'directory',
          link: 'symbolic link',
          device: 'character special file',
        }[found.kind];
      // Git keeps no times, and inodes are of a disk.
      process.shell.host.needs(wanted === 'mtime' ? 'modification times' : `stat %${letter}`);
      return '0';
    });
    process.output.write(text + ending);
  }
  return status;
}
