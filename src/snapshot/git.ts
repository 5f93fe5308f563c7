import { execFile, spawn } from 'node:child_process';

const MAX_OUTPUT = 1 << 30;

export interface GitFailure extends Error {
  readonly code: number;
  readonly stderr: string;
}

/** Runs git in `directory` without the user's hooks or prompts and gives its standard output. Throws `GitFailure` for a non-zero exit. */
export function git(directory: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const environment = {
      ...process.env,
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
    };
    const options = { env: environment, maxBuffer: MAX_OUTPUT, encoding: 'utf8' } as const;
    execFile('git', ['-C', directory, '-c', 'core.quotePath=false', ...args], options, (error, stdout, stderr) => {
      if (error) reject(Object.assign(error, { stderr }));
      else resolve(stdout);
    });
  });
}

/** Contents of many objects through one `git cat-file --batch`, by object id. Objects that do not exist are missing from the answer. */
export function readObjects(directory: string, ids: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', directory, 'cat-file', '--batch'], {
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
    objects.set(id, output.subarray(offset, offset + Number(size)));
    offset += Number(size) + 1;
  }
  return objects;
}
