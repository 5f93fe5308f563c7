/** @jsxRuntime automatic @jsxImportSource hono/jsx */

/** How a gate, a lane or an audit stands. */
export type State = 'pass' | 'fail' | 'new' | 'blind' | 'crashed' | 'skip' | 'incomplete' | 'error' | 'none';

/** Each state has a sign of its own, so that nobody needs the colours. */
export const STATES: Readonly<Record<State, { readonly glyph: string; readonly word: string }>> = {
  pass: { glyph: '✓', word: 'passing' },
  fail: { glyph: '!', word: 'failing, known' },
  new: { glyph: '✗', word: 'newly failing' },
  blind: { glyph: '?', word: 'blind' },
  crashed: { glyph: '‼', word: 'crashed' },
  skip: { glyph: '–', word: 'skipped' },
  incomplete: { glyph: '~', word: 'incomplete' },
  error: { glyph: '∅', word: 'could not audit' },
  none: { glyph: '·', word: 'not part of it' },
};

/** The state behind a character of a strip. */
export const STRIP: Readonly<Record<string, State>> = {
  p: 'pass',
  f: 'fail',
  n: 'new',
  b: 'blind',
  c: 'crashed',
  s: 'skip',
  i: 'incomplete',
  e: 'error',
};

export function StateTag({ state }: { state: State }) {
  return (
    <span class={`tag s-${state}`}>
      <span aria-hidden="true">{STATES[state].glyph}</span> {STATES[state].word}
    </span>
  );
}

/** A strip of outcomes, newest last. */
export function Strip({ strip, what }: { strip: string; what: string }) {
  const states = Array.from(strip, (character) => STRIP[character] ?? 'none');
  const counts = Map.groupBy(states, (state) => STATES[state].word);
  const told = [...counts].map(([word, members]) => `${members.length} ${word}`).join(', ');
  const last = STATES[states.at(-1) ?? 'none'].word;
  return (
    <span class="strip" role="img" aria-label={`The last ${states.length} ${what}: ${told}; the latest: ${last}`}>
      {states.map((state) => (
        <span class={`cell s-${state}`} aria-hidden="true">
          {STATES[state].glyph}
        </span>
      ))}
    </span>
  );
}

/** How long ago, with the exact time behind it. */
export function Ago({ at, now }: { at: string | number; now: number }) {
  const instant = new Date(at);
  return (
    <time datetime={instant.toISOString()} title={isoMinute(instant.getTime())}>
      {ago(now - instant.getTime())}
    </time>
  );
}

export function ago(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`;
  return `${Math.round(minutes / (24 * 60))} days ago`;
}

export function isoMinute(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A commit by the start of its sha. */
export function Sha({ sha, href }: { sha: string; href?: string | undefined }) {
  const short = <code>{sha.slice(0, 7)}</code>;
  return href === undefined ? short : <a href={href}>{short}</a>;
}

export function gatePath(repo: string, gate: string, at?: string): string {
  return `/${repo}/gates/${encodeURIComponent(gate)}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`;
}

/** Text of a gate or a repo; what stands between backticks shows as code. */
export function Prose({ text }: { text: string }) {
  const parts = text.split('`');
  const isBalanced = parts.length % 2 === 1;
  return <>{isBalanced ? parts.map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part)) : text}</>;
}

/** The way back to a repository's page. */
export function Crumbs({ repo, at }: { repo: string; at: string | undefined }) {
  return (
    <nav aria-label="Where you are" class="crumbs">
      <a href={`/${repo}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`}>← {repo}</a>
    </nav>
  );
}
