import { execFile, spawn } from 'node:child_process';

const MAX_OUTPUT = 1 << 30;

/** Variables by which a hook tells git where it runs; they would lead us to another repository than the one asked for. */
const HOOK_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_WORK_TREE',
];

export function environment(): NodeJS.ProcessEnv {
  const quiet = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const inherited: NodeJS.ProcessEnv = { ...process.env, ...quiet };
  for (const name of HOOK_VARIABLES) delete inherited[name];
  return inherited;
}

/** Runs git in `directory` without the user's prompts and gives its standard output. Throws an error in git's own words for a non-zero exit. */
export function git(directory: string, ...args: readonly string[]): Promise<string> {
  return gitFed(directory, '', ...args);
}

/** The same, with something to read on its standard input. */
export function gitFed(directory: string, input: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: environment(), maxBuffer: MAX_OUTPUT, encoding: 'utf8' } as const;
    const child = execFile(
      'git',
      ['-C', directory, '--literal-pathspecs', '-c', 'core.quotePath=false', ...args],
      options,
      (error, stdout, stderr) => {
        if (error) reject(new Error(stderr.trim() || error.message, { cause: error }));
        else resolve(stdout);
      },
    );
    // A git that refuses may be gone before this is written; its exit status says so.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** The branch that is checked out; undefined where none is, as with a detached HEAD. */
export async function currentBranch(directory: string): Promise<string | undefined> {
  const name = await git(directory, 'symbolic-ref', '--quiet', '--short', 'HEAD').catch(() => '');
  return name.trim() || undefined;
}

/** Whether a clone lacks the older part of its history. */
export async function isShallow(directory: string): Promise<boolean> {
  return (await git(directory, 'rev-parse', '--is-shallow-repository').catch(() => '')).trim() === 'true';
}

/** Contents of many objects through one `git cat-file --batch`, by object id. Objects that do not exist are missing from the answer. */
export function readObjects(directory: string, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', directory, 'cat-file', '--batch'], {
      env: environment(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(parseBatch(Buffer.concat(chunks)));
      else reject(new Error(`git cat-file ended with ${code}`));
    });
    child.stdin.on('error', reject);
    child.stdin.end([...new Set(ids)].map((id) => `${id}\n`).join(''));
  });
}

function parseBatch(output: Buffer): ReadonlyMap<string, Uint8Array> {
  const objects = new Map<string, Uint8Array>();
  for (let offset = 0; offset < output.length; ) {
    const end = output.indexOf('\n', offset);
    const [id = '', type, size] = output.toString('utf8', offset, end).split(' ');
    offset = end + 1;
    if (type === 'missing') continue;
    objects.set(id, new Uint8Array(output.buffer, output.byteOffset + offset, Number(size)));
    offset += Number(size) + 1;
  }
  return objects;
}
