/** Faults on demand: what GitHub, or the network before it, does on a bad day. */
import type { EventEmitter } from 'node:events';

/** Every kind of fault, for suites that try each of them at each call. */
export const faultKinds = [
  'error-401',
  'error-403',
  'error-404',
  'error-410',
  'error-422',
  'error-429',
  'error-500',
  'error-503',
  /** The write happens, its answer is lost in a gateway. */
  'error-502-after-effect',
  'primary-limit',
  'secondary-limit',
  /** No answer; the connection is dropped after `hangMs` or when the fault is cleared. */
  'hang',
  'hang-after-effect',
  /** The connection is dropped before GitHub saw the request. */
  'reset',
  /** The connection is dropped in the middle of the answer. */
  'cut-body',
  /** Half of the answer, closed as if it were all of it. */
  'truncated-json',
  /** HTTP 200 with a page of HTML and without any effect, as a proxy answers. */
  'html-page',
  /** Another answer than the true one, as `bend` makes it of its body. */
  'bent-answer',
  'empty-list',
  /** The issue list as it was some writes ago. */
  'stale-list',
  /** A branch as it was some commits ago. */
  'stale-head',
  /** HTTP 200 with `errors`, and objects missing. */
  'graphql-partial',
  /** `onCall` runs after the effect and before any answer; then the connection is dropped. */
  'kill-after-call',
] as const;

export type FaultKind = (typeof faultKinds)[number];

export interface FaultRequest {
  /** Counts all requests, from 1. */
  number: number;
  method: string;
  /** With the query string. */
  path: string;
  /** An operation id of GitHub's description, or `graphql`. */
  operation: string;
  body: unknown;
}

export type FaultMatch =
  | ((request: FaultRequest) => boolean)
  | {
      operation?: string;
      method?: string /** The nth such request, from 1, counted since the fault was added. */;
      nth?: number;
    };

export interface Fault {
  match: FaultMatch;
  kind: FaultKind;
  /** How often it strikes; default once, `Infinity` until it is removed. */
  times?: number;
  /** Seconds in `Retry-After` of a limit; null leaves the header out. Default 60. */
  retryAfter?: number | null;
  hangMs?: number;
  writesBehind?: number;
  commitsBehind?: number;
  /** The repository that `stale-head` is about, `owner/name`; any where absent. */
  repository?: string;
  /** The share of the answer that is delivered by `cut-body` and `truncated-json`. Default 0.5. */
  delivered?: number;
  /** What `bent-answer` sends instead: the body of JSON, or the bytes of a raw file. */
  bend?: (body: unknown) => unknown;
  onCall?: (request: FaultRequest) => void | Promise<void>;
}

export interface AddedFault {
  hits(): number;
  remove(): void;
}

export interface Faults {
  add(fault: Fault): AddedFault;
  clear(): void;
  /** The fault that strikes this request, if any; counts it. */
  strike(request: FaultRequest): Fault | undefined;
  /** Resolves after the fault's `hangMs`, when faults are cleared, or when the client gives up. */
  hang(fault: Fault, connection: EventEmitter): Promise<void>;
}

interface Armed {
  fault: Fault;
  seen: number;
  hits: number;
}

function isMatch(armed: Armed, request: FaultRequest): boolean {
  const { match } = armed.fault;
  if (typeof match === 'function') return match(request);
  if (match.operation !== undefined && match.operation !== request.operation) return false;
  if (match.method !== undefined && match.method !== request.method) return false;
  armed.seen += 1;
  return match.nth === undefined || match.nth === armed.seen;
}

export function createFaults(): Faults {
  let armed: Armed[] = [];
  const hanging = new Set<() => void>();
  return {
    add(fault) {
      const added = { fault, seen: 0, hits: 0 };
      armed.push(added);
      return {
        hits: () => added.hits,
        remove() {
          armed = armed.filter((each) => each !== added);
        },
      };
    },
    clear() {
      armed = [];
      for (const release of hanging) release();
    },
    strike(request) {
      const struck = armed.filter((each) => isMatch(each, request) && each.hits < (each.fault.times ?? 1))[0];
      if (struck !== undefined) struck.hits += 1;
      return struck?.fault;
    },
    hang(fault, connection) {
      return new Promise((resolve) => {
        const timer = fault.hangMs === undefined ? undefined : setTimeout(() => release(), fault.hangMs);
        function release(): void {
          clearTimeout(timer);
          hanging.delete(release);
          resolve();
        }
        hanging.add(release);
        connection.once('close', release);
      });
    },
  };
}
