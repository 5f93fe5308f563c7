/** @jsxRuntime automatic @jsxImportSource hono/jsx */

import { MINUTE } from '../../core/durations.ts';
import { visible } from '../../core/text/neutral.ts';

/** How long ago, with the exact time behind it. */
export function Ago({ at, now }: { at: string | number; now: number }) {
  const instant = new Date(at);
  return (
    <time datetime={instant.toISOString()} title={isoMinute(instant.getTime())}>
      {ago(now - instant.getTime())}
    </time>
  );
}

function ago(milliseconds: number): string {
  const minutes = Math.round(milliseconds / MINUTE);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / (24 * 60))} days ago`;
}

export function isoMinute(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}

/** A commit by the start of its sha. */
export function Sha({ sha, href }: { sha: string; href?: string | undefined }) {
  const short = <code>{sha.slice(0, 7)}</code>;
  return href === undefined ? short : <a href={href}>{short}</a>;
}

/** Text of a gate or a repo; what stands between backticks shows as code. */
export function Prose({ text }: { text: string }) {
  const shown = visible(text);
  const parts = shown.split('`');
  const isBalanced = parts.length % 2 === 1;
  return <>{isBalanced ? parts.map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part)) : shown}</>;
}
