/** Puts an answer on the wire, whole or damaged. */
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Answer } from './call.ts';
import type { Fault } from './faults.ts';

export interface Payload {
  status: number;
  headers: Record<string, string>;
  content: Buffer;
}

const worthCompressing = 1024;

/** Serialises an answer; the ETag of JSON depends on the token, as at GitHub (github/docs#34689). */
export function payloadOf(answer: Answer, token: string): Payload {
  const headers: Record<string, string> = { ...answer.headers };
  let content = Buffer.alloc(0);
  if (answer.raw !== undefined) {
    content = Buffer.from(answer.raw.content);
    headers['content-type'] = answer.raw.type;
  } else if (answer.body !== undefined) {
    content = Buffer.from(JSON.stringify(answer.body));
    headers['content-type'] = 'application/json; charset=utf-8';
  }
  if (answer.status === 200) {
    const hash = createHash('sha256').update(token).update(content).digest('hex');
    headers.etag = answer.etag ?? `W/"${hash}"`;
  }
  return { status: answer.status, headers, content };
}

/** Whether the client already holds what it would get. */
export function isUnchanged(ifNoneMatch: string | null, etag: string | undefined): boolean {
  if (ifNoneMatch === null || etag === undefined) return false;
  const plain = (tag: string): string => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.split(',').some((tag) => plain(tag) === plain(etag));
}

function compressed(payload: Payload, acceptEncoding: string): Payload {
  const { content, headers } = payload;
  if (!/\bgzip\b/.test(acceptEncoding) || content.length < worthCompressing) return payload;
  const smaller = gzipSync(content, { level: 1 });
  return { ...payload, content: smaller, headers: { ...headers, 'content-encoding': 'gzip' } };
}

/** Sends it and returns the number of body bytes; resolves when the response is finished or broken off. */
export function deliver(
  outgoing: ServerResponse,
  payload: Payload,
  acceptEncoding: string,
  fault: Fault | undefined,
): Promise<number> {
  const kept = Math.floor(payload.content.length * (fault?.delivered ?? 0.5));
  const isTruncated = fault?.kind === 'truncated-json';
  // Truncated before compression: the client gets valid gzip of half a document.
  const whole = isTruncated ? { ...payload, content: payload.content.subarray(0, kept) } : payload;
  const { status, headers, content } = compressed(whole, acceptEncoding);
  const hasBody = status !== 204 && status !== 304;
  const length = hasBody ? { 'content-length': String(content.length) } : {};
  return new Promise((resolve) => {
    outgoing.on('error', () => {});
    outgoing.on('close', () => resolve(hasBody ? content.length : 0));
    outgoing.writeHead(status, { ...headers, ...length });
    if (fault?.kind === 'cut-body') {
      const part = content.subarray(0, Math.floor(content.length * (fault.delivered ?? 0.5)));
      outgoing.write(part, () => outgoing.destroy());
    } else {
      outgoing.end(hasBody ? content : undefined);
    }
  });
}
