/** One `git cat-file --batch` process that answers many reads. */
import { spawn } from 'node:child_process';

export interface GitObject {
  oid: string;
  type: string;
  content: Buffer;
}

export interface BatchReader {
  read(name: string): Promise<GitObject | null>;
  close(): void;
}

interface Waiting {
  resolve(object: GitObject | null): void;
  reject(error: Error): void;
}

interface Header {
  oid: string;
  type: string;
  size: number;
}

/** Starts the process; it lives until `close`. */
export function openBatchReader(gitDir: string): BatchReader {
  const args = ['-c', 'safe.directory=*', `--git-dir=${gitDir}`, 'cat-file', '--batch'];
  const child = spawn('git', args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting: Waiting[] = [];
  let chunks: Buffer[] = [];
  let length = 0;
  let header: Header | undefined;

  function joined(): Buffer {
    const [first] = chunks;
    if (chunks.length > 1 || first === undefined) chunks = [Buffer.concat(chunks)];
    return chunks[0] ?? Buffer.alloc(0);
  }

  function take(bytes: number): Buffer {
    const all = joined();
    const rest = all.subarray(bytes);
    chunks = rest.length > 0 ? [rest] : [];
    length = rest.length;
    return all.subarray(0, bytes);
  }

  function takeHeader(): boolean {
    const end = joined().indexOf('\n');
    if (end < 0) return false;
    const line = take(end + 1)
      .toString()
      .trimEnd();
    const match = /^([0-9a-f]{40}) (\w+) (\d+)$/.exec(line);
    if (match === null) waiting.shift()?.resolve(null);
    else header = { oid: match[1] ?? '', type: match[2] ?? '', size: Number(match[3]) };
    return true;
  }

  function takeContent(found: Header): boolean {
    if (length < found.size + 1) return false;
    const content = Buffer.from(take(found.size + 1).subarray(0, found.size));
    header = undefined;
    waiting.shift()?.resolve({ oid: found.oid, type: found.type, content });
    return true;
  }

  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    while (length > 0 && (header === undefined ? takeHeader() : takeContent(header)));
  });
  child.stdin.on('error', () => {});
  child.on('close', () => {
    for (const each of waiting.splice(0)) each.reject(new Error('git cat-file ended'));
  });

  return {
    read(name) {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${name}\n`);
      });
    },
    close() {
      child.stdin.end();
      child.kill();
    },
  };
}
