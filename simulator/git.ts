/** Reads a real git repository. Nothing is cached: what a test commits is visible at once. */
import { execFile } from 'node:child_process';
import { type BatchReader, type GitObject, openBatchReader } from './git-batch.ts';

export interface GitCommit {
  oid: string;
  tree: string;
  parents: string[];
  author: GitSignature;
  committer: GitSignature;
  message: string;
}

export interface GitSignature {
  name: string;
  email: string;
  date: Date;
}

export interface GitTreeEntry {
  path: string;
  mode: string;
  type: string;
  oid: string;
  size: number | undefined;
}

export interface LogQuery {
  from: string;
  path?: string | undefined;
  skip?: number;
  limit?: number;
  since?: string | undefined;
  until?: string | undefined;
  author?: string | undefined;
  committer?: string | undefined;
}

export interface GitRepository {
  run(args: string[], input?: string): Promise<Buffer>;
  /** Any object by name, or null. */
  read(name: string): Promise<GitObject | null>;
  /** A commit by its oid, without starting a process. */
  commit(oid: string): Promise<GitCommit | null>;
  /** The commit that a branch, tag, `heads/…` or sha names, or null. */
  resolveCommit(ref: string): Promise<string | null>;
  tree(treeish: string, recursive: boolean): Promise<GitTreeEntry[]>;
  log(query: LogQuery): Promise<GitCommit[]>;
  count(query: LogQuery): Promise<number>;
  mergeBase(base: string, head: string): Promise<string | null>;
  close(): void;
}

const commitFields = ['%H', '%T', '%P', '%an', '%ae', '%at', '%cn', '%ce', '%ct', '%B'];

/** A ref as a caller may write it. Revision syntax such as `main~2` is not a ref. */
function isPlainRef(ref: string): boolean {
  return ref !== '' && !/[\s~^:?*[\\\p{Cc}]|\.\.|@\{/u.test(ref) && !ref.startsWith('-');
}

function signature(name = '', email = '', seconds = '0'): GitSignature {
  return { name, email, date: new Date(Number(seconds) * 1000) };
}

function parseLog(output: string): GitCommit[] {
  const fields = output.split('\0');
  const commits: GitCommit[] = [];
  for (let i = 0; i + commitFields.length <= fields.length; i += commitFields.length) {
    const [oid = '', tree = '', parents = '', an, ae, at, cn, ce, ct, message = ''] = fields.slice(i);
    commits.push({
      oid,
      tree,
      parents: parents === '' ? [] : parents.split(' '),
      author: signature(an, ae, at),
      committer: signature(cn, ce, ct),
      message: message.replace(/\n$/, ''),
    });
  }
  return commits;
}

function parseSignature(line = ''): GitSignature {
  const [, name, email, seconds] = /^\w+ (.*?) ?<([^>]*)> (\d+)/.exec(line) ?? [];
  return signature(name, email, seconds);
}

function parseCommit({ oid, content }: GitObject): GitCommit {
  const text = content.toString();
  const end = text.indexOf('\n\n');
  const header = text.slice(0, end).split('\n');
  const values = (key: string): string[] => header.filter((line) => line.startsWith(`${key} `));
  return {
    oid,
    tree: values('tree')[0]?.slice(5) ?? '',
    parents: values('parent').map((line) => line.slice(7)),
    author: parseSignature(values('author')[0]),
    committer: parseSignature(values('committer')[0]),
    message: text.slice(end + 2).replace(/\n$/, ''),
  };
}

function parseTree(output: string): GitTreeEntry[] {
  const entries: GitTreeEntry[] = [];
  for (const line of output.split('\0')) {
    const match = /^(\d+) (\w+) (\w+) +(-|\d+)\t(.*)$/s.exec(line);
    if (match === null) continue;
    const [, mode = '', type = '', oid = '', size = '-', path = ''] = match;
    entries.push({ mode, type, oid, path, size: size === '-' ? undefined : Number(size) });
  }
  return entries;
}

function logArguments(query: LogQuery): string[] {
  const args: string[] = [];
  if (query.since !== undefined) args.push(`--since=${query.since}`);
  if (query.until !== undefined) args.push(`--until=${query.until}`);
  if (query.author !== undefined) args.push(`--author=${query.author}`);
  if (query.committer !== undefined) args.push(`--committer=${query.committer}`);
  args.push(query.from, '--');
  if (query.path !== undefined && query.path !== '') args.push(`:(literal)${query.path}`);
  return args;
}

/** Opens a bare repository, or the `.git` directory of a clone. */
export function openGitRepository(gitDir: string): GitRepository {
  let reader: BatchReader | undefined;

  function run(args: string[], input?: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const all = ['-c', 'safe.directory=*', '-c', 'core.quotePath=false', `--git-dir=${gitDir}`, ...args];
      const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC', GIT_OPTIONAL_LOCKS: '0' };
      const options = { encoding: 'buffer', maxBuffer: 2 ** 30, env } as const;
      const child = execFile('git', all, options, (error, stdout) => {
        if (error === null) resolve(stdout);
        else reject(error);
      });
      // A git that reads no input may be gone before this is written.
      child.stdin?.on('error', () => {});
      child.stdin?.end(input ?? '');
    });
  }

  function read(name: string): Promise<GitObject | null> {
    reader ??= openBatchReader(gitDir);
    return reader.read(name);
  }

  async function resolveCommit(ref: string): Promise<string | null> {
    if (!isPlainRef(ref)) return null;
    const names = [`refs/heads/${ref}`, `refs/tags/${ref}`];
    if (/^(heads|tags)\//.test(ref)) names.push(`refs/${ref}`);
    if (ref.startsWith('refs/') || ref === 'HEAD') names.push(ref);
    if (/^[0-9a-f]{7,40}$/.test(ref)) names.unshift(ref);
    for (const name of names) {
      const object = await read(`${name}^{commit}`);
      if (object !== null) return object.oid;
    }
    return null;
  }

  return {
    run,
    read,
    resolveCommit,
    async commit(oid) {
      const object = await read(oid);
      return object?.type === 'commit' ? parseCommit(object) : null;
    },
    async tree(treeish, recursive) {
      const args = ['ls-tree', '-z', '-l', '--full-tree', ...(recursive ? ['-r', '-t'] : []), treeish];
      return parseTree((await run(args)).toString());
    },
    async log(query) {
      const args = ['log', '-z', `--format=tformat:${commitFields.join('%x00')}`];
      if (query.skip !== undefined) args.push(`--skip=${query.skip}`);
      if (query.limit !== undefined) args.push(`--max-count=${query.limit}`);
      return parseLog((await run([...args, ...logArguments(query)])).toString());
    },
    async count(query) {
      const output = await run(['rev-list', '--count', ...logArguments(query)]);
      return Number(output.toString());
    },
    async mergeBase(base, head) {
      const output = await run(['merge-base', base, head]).catch(() => Buffer.alloc(0));
      return output.toString().trim() || null;
    },
    close() {
      reader?.close();
      reader = undefined;
    },
  };
}
