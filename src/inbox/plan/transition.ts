import { shortHash } from '../../core/hash.ts';
import type { Call, CommentContent, IssueContent, Step, Transition } from '../writes.ts';
import { fingerprintOf } from './content.ts';

/** A transition of one issue. A step's key says whose it is, after how many transitions, what it does and what it says. */
export function toTransition(
  about: string,
  severity: string,
  revision: number,
  calls: readonly Call[],
  apply: Transition['apply'],
): Transition {
  const steps = calls.map((call): Step => {
    const parts = [about, `r${revision}`, call.kind, meaningOf(call)];
    return { key: parts.map((part) => encodeURIComponent(part.toWellFormed())).join('/'), call };
  });
  return { about, severity, steps, apply };
}

/** What a call says, by identity: the same meaning in other words is the same call. */
function meaningOf(call: Call): string {
  switch (call.kind) {
    case 'edit':
      return shortHash(JSON.stringify(meaningOfContent(call.content)));
    case 'comment':
      return meaningOfComment(call.content);
    case 'close':
      return call.reason;
    case 'add-label':
    case 'remove-label':
      return call.label;
    case 'create':
    case 'reopen':
    case 'pin':
      return call.kind;
  }
}

function meaningOfContent(content: IssueContent): unknown {
  switch (content.kind) {
    case 'gate':
      return fingerprintOf(content);
    case 'group':
      return content.gates.map(({ gate, fresh, hasRecovered }) => [gate.name, [...fresh].sort(), hasRecovered]);
    case 'inbox':
      return content.summary;
    case 'unverified':
      return content.since;
    case 'broken':
      return content.error;
  }
}

function meaningOfComment(content: CommentContent): string {
  const fresh = content.kind === 'new-findings' ? [...content.fresh].sort() : [];
  const names = content.kind === 'group-grew' ? content.gates.map(({ name }) => name).sort() : [];
  const news = [...fresh, ...names];
  return news.length === 0 ? content.kind : `${content.kind}-${shortHash(news.join('\n'))}`;
}
