import { hexOf } from '../../core/hex.ts';
import { bytesOf } from '../files/bytes.ts';
import type { Process, Program } from '../shell/shell.ts';
import { linesOf, readOperand, whyUnreadable } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';

interface Tool {
  readonly command: string;
  /** As the Web's cryptography names it, or MD5, which it lacks. */
  readonly algorithm: string;
  /** Perl's `shasum` words its checks differently. */
  readonly isGnu: boolean;
}

function checksum(tool: Tool): Program {
  const { command } = tool;
  return async (process) => {
    const known = tool.isGnu
      ? 'c b t w tag z quiet status strict ignore-missing check=c binary=b text=t warn=w zero=z'
      : 'a: c b t check=c algorithm:=a';
    const options = parseOptions(process, command, known);
    if (!options) return 1;
    for (const name of ['tag', 'z']) if (options.has(name)) process.shell.host.needs(`${command} --${name}`);
    const misuse = tool.isGnu && misused(options);
    if (misuse) {
      process.errors.write(`${command}: ${misuse}\nTry '${command} --help' for more information.\n`);
      return 1;
    }
    if (tool.isGnu && options.has('c')) return checkLists(process, tool, options);
    if (options.has('c')) process.shell.host.needs(`${command} -c`);
    const chosen = options.value('a');
    return printSums(process, { ...tool, algorithm: chosen === undefined ? tool.algorithm : `SHA-${chosen}` }, options);
  };
}

function misused(options: Options): string | undefined {
  if (options.has('c')) {
    const isMode = options.has('b') || options.has('t');
    return isMode ? 'the --binary and --text options are meaningless when verifying checksums' : undefined;
  }
  const spelled = ['ignore-missing', 'status', 'w', 'quiet', 'strict'].find((name) => options.has(name));
  const name = spelled === 'w' ? 'warn' : spelled;
  return name && `the --${name} option is meaningful only when verifying checksums`;
}

async function printSums(process: Process, { command, algorithm }: Tool, options: Options): Promise<number> {
  let status = 0;
  for (const operand of options.operands.length === 0 ? ['-'] : options.operands) {
    const text = await readOperand(process, operand);
    if (text === null) {
      process.errors.write(`${command}: ${operand}: ${await whyUnreadable(process, operand)}\n`);
      status = 1;
      continue;
    }
    if (/[\\\n\r]/.test(operand)) process.shell.host.needs(`${command} of a name with a backslash or line break`);
    const mark = options.last('b', 't') === 'b' ? '*' : ' ';
    process.output.write(`${await hashOf(process, algorithm, text)} ${mark}${operand}\n`);
  }
  return status;
}

async function hashOf(process: Process, algorithm: string, text: string): Promise<string> {
  if (!/^SHA-(?:1|256|384|512)$/.test(algorithm)) {
    process.shell.host.needs(algorithm === 'MD5' ? 'md5sum' : `checksums by ${algorithm}`);
    return '0'.repeat(32);
  }
  const digest = await crypto.subtle.digest(algorithm, bytesOf(text).slice());
  return hexOf(new Uint8Array(digest));
}

async function checkLists(process: Process, tool: Tool, options: Options): Promise<number> {
  let isGood = true;
  for (const operand of options.operands.length === 0 ? ['-'] : options.operands) {
    const text = await readOperand(process, operand);
    const name = quoted(operand === '-' ? 'standard input' : operand);
    if (text !== null) isGood = (await checkList(process, tool, options, { name, text })) && isGood;
    else {
      const why = await whyUnreadable(process, operand);
      process.errors.write(`${tool.command}: ${name}: ${why === 'Is a directory' ? 'read error' : why}\n`);
      isGood = false;
    }
  }
  return isGood ? 0 : 1;
}

/** Compares the files of a list with the sums beside their names, as GNU does; whether all is well. */
async function checkList(
  process: Process,
  { command, algorithm }: Tool,
  options: Options,
  list: { readonly name: string; readonly text: string },
): Promise<boolean> {
  const warn = (text: string) => process.errors.write(`${command}: ${text}\n`);
  // Each of these ends what the one before it asked for.
  const mode = options.last('status', 'quiet', 'w');
  const isQuiet = mode === 'status';
  const say = (name: string, verdict: string) => {
    if (!isQuiet && !(verdict === 'OK' && mode === 'quiet')) process.output.write(`${name}: ${verdict}\n`);
  };
  const counts = { proper: 0, improper: 0, unread: 0, different: 0, same: 0 };
  const readLine = sumReader(algorithm);
  for (const [index, line] of linesOf(list.text).entries()) {
    const content = line.replace(/\r$/, '');
    if (content === '' || content.startsWith('#')) continue;
    if (content.includes('\\')) process.shell.host.needs(`${command} -c of a name with a backslash`);
    const entry = readLine(content);
    if (!entry) {
      counts.improper++;
      const kind = algorithm.replace('-', '');
      if (mode === 'w') warn(`${list.name}: ${index + 1}: improperly formatted ${kind} checksum line`);
      continue;
    }
    counts.proper++;
    const text = await readOperand(process, entry.name);
    if (text === null) {
      const why = await whyUnreadable(process, entry.name);
      const isMissing = why === 'No such file or directory';
      if (isMissing && options.has('ignore-missing')) continue;
      warn(`${quoted(entry.name)}: ${why}`);
      counts.unread++;
      say(entry.name, 'FAILED open or read');
      continue;
    }
    const isSame = (await hashOf(process, algorithm, text)) === entry.sum;
    counts[isSame ? 'same' : 'different']++;
    say(entry.name, isSame ? 'OK' : 'FAILED');
  }
  if (counts.proper === 0) {
    warn(`${list.name}: no properly formatted checksum lines found`);
    return false;
  }
  if (!isQuiet) {
    const { improper, unread, different, same } = counts;
    if (improper > 0) warn(`WARNING: ${improper} ${improper === 1 ? 'line is' : 'lines are'} improperly formatted`);
    if (unread > 0) warn(`WARNING: ${unread} listed ${unread === 1 ? 'file' : 'files'} could not be read`);
    if (different > 0) {
      warn(`WARNING: ${different} computed ${different === 1 ? 'checksum' : 'checksums'} did NOT match`);
    }
    if (options.has('ignore-missing') && same === 0) warn(`${list.name}: no file was verified`);
  }
  const isVerified = !options.has('ignore-missing') || counts.same > 0;
  const isProper = !options.has('strict') || counts.improper === 0;
  return isVerified && isProper && counts.unread + counts.different === 0;
}

/** As GNU programs quote a name in a message, but for one with quotes of its own. */
function quoted(name: string): string {
  return /^[^\s!"$&'()*;<=>?[^`|\\~#][^\s!"$&'()*;<=>?[^`|\\]*$/.test(name) ? name : `'${name}'`;
}

const SIZES: Readonly<Record<string, number>> = { 'SHA-1': 40, 'SHA-256': 64, 'SHA-512': 128, MD5: 32 };

/** Reads lines such as `<sum>  <name>`, `<sum> *<name>` and `SHA256 (<name>) = <sum>`. The first line says whether one blank separates, or a blank and a mark. */
function sumReader(algorithm: string): (line: string) => { readonly sum: string; readonly name: string } | null {
  const size = SIZES[algorithm] ?? 0;
  const plain = new RegExp(`^[ \\t]*([0-9a-fA-F]{${size}})[ \\t](.+)$`);
  const tagged = new RegExp(
    `^[ \\t]*${algorithm.replace('-', '')} ?\\((.*)\\)[ \\t]*=[ \\t]*([0-9a-fA-F]{${size}})[ \\t]*$`,
  );
  let hasMark: boolean | null = null;
  return (line) => {
    const [, taggedName, taggedSum = ''] = tagged.exec(line) ?? [];
    if (taggedName !== undefined) return { sum: taggedSum.toLowerCase(), name: taggedName };
    const [, sum = '', rest = ''] = plain.exec(line) ?? [];
    if (rest === '') return null;
    if (rest.length === 1 || !/^[ *]/.test(rest)) {
      if (hasMark === true) return null;
      hasMark = false;
    } else hasMark ??= true;
    return { sum: sum.toLowerCase(), name: hasMark ? rest.slice(1) : rest };
  };
}

export const shasum = checksum({ command: 'shasum', algorithm: 'SHA-1', isGnu: false });
export const sha1sum = checksum({ command: 'sha1sum', algorithm: 'SHA-1', isGnu: true });
export const sha256sum = checksum({ command: 'sha256sum', algorithm: 'SHA-256', isGnu: true });
export const sha512sum = checksum({ command: 'sha512sum', algorithm: 'SHA-512', isGnu: true });
export const md5sum = checksum({ command: 'md5sum', algorithm: 'MD5', isGnu: true });
