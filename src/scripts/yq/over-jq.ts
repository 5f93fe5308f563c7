import { jq } from '../commands/jq/jq.ts';
import { absolute } from '../shell/file-system.ts';
import type { Process, Program } from '../shell/shell.ts';
import { Input } from '../shell/streams.ts';
import { documentsOf } from './documents.ts';
import { isForJq } from './jq-dialect.ts';
import { plainJson } from './plain-json.ts';
import { Unsupported, YqError } from './signals.ts';

/** Where a repo pins the programs that it installs with pip, and a line there about this one. */
const PINS = 'requirements.txt';
const PIN = /^yq\s*(?:$|[=~<>!;#[])/im;
const LONG = ['raw-output', 'compact-output', 'exit-status', 'join-output', 'sort-keys', 'slurp'];
const UNSUPPORTED = 97;

/**
 * Two programs have the name `yq`. `own`, the common one, is asked first; but an expression that it refuses and that jq reads
 * is answered as by Python's yq, which hands YAML to jq, in a repo at `root` that installs it.
 */
export function eitherYq(own: Program, root: string): Program {
  return async (process) => {
    const call = callOf(process.args);
    if (!call || !isForJq(call.filter) || !(await isPinned(process, root))) return own(process);
    try {
      return await overJq(process, call);
    } catch (error) {
      if (!(error instanceof Unsupported || error instanceof YqError)) throw error;
      process.shell.host.needs(`yq ${error.message}`);
      return UNSUPPORTED;
    }
  };
}

interface Call {
  readonly flags: readonly string[];
  readonly filter: string;
  readonly files: readonly string[];
}

/** Null where an option is not among those that mean the same to jq. */
function callOf(args: readonly string[]): Call | null {
  const isFlag = (arg: string) => arg.startsWith('-') && arg !== '-';
  const flags = args.filter(isFlag);
  const isKnown = (flag: string) => /^-[rcejsS]+$/.test(flag) || LONG.includes(flag.slice(2));
  const [filter, ...files] = args.filter((arg) => !isFlag(arg));
  return filter !== undefined && flags.every(isKnown) ? { flags, filter, files } : null;
}

async function isPinned({ shell }: Process, root: string): Promise<boolean> {
  const pins = await shell.host.files.read(`${root}/${PINS}`);
  return pins !== null && PIN.test(pins);
}

async function overJq(process: Process, { flags, filter, files }: Call): Promise<number> {
  if (files.length === 0 || files.includes('-')) throw new Unsupported('of what it is sent, over jq');
  const { shell } = process;
  const texts = await Promise.all(files.map((file) => shell.host.files.read(absolute(shell.cwd, file))));
  const lines = texts.flatMap((text, index) => {
    if (text === null) throw new Unsupported(`of ${files[index]}, which is not there, over jq`);
    return jsonLines(text);
  });
  return jq({ ...process, args: [...flags, filter], input: new Input(lines.map((line) => `${line}\n`).join('')) });
}

function jsonLines(text: string): readonly string[] {
  const documents = documentsOf(text);
  // What has no value at all is no document to the one, and null to the other.
  if (documents.some(({ kind }) => kind === 'scalar'))
    throw new Unsupported('of a file without a map or list, over jq');
  return documents.map(plainJson);
}
