import type { Clock } from '../../../core/clock.ts';
import type { Located } from '../../../core/finding.ts';
import { isoInstant } from '../../../core/instants.ts';
import type { Repo } from '../../../core/repo.ts';

/** Where agent terminals announce themselves. */
export const TERMINALS = 'mailroom/state/terminal-heartbeats';

export interface Terminal {
  readonly id: string;
  readonly repo: string;
  /** Path prefixes it may write to, or `*`. */
  readonly scope: readonly string[];
  readonly at: Located;
}

/** The terminals whose announcement is active and has not expired. */
export function liveTerminals(repo: Repo, clock: Clock): readonly Terminal[] {
  const paths = repo.glob(`${TERMINALS}/*.yaml`);
  repo.prefetch(paths);
  return paths.flatMap((path) => {
    const heartbeat = repo.yamlOrEmpty(path);
    if (heartbeat.kind !== 'map' || heartbeat.get('status').or('active') !== 'active') return [];
    if (hasPassed(isoInstant(heartbeat.get('expires_at').raw) ?? 0, clock)) return [];
    const stated = (key: string, fallback: string) => heartbeat.get(key).or('') || fallback;
    const scope = stated('scope', 'unspecified').split(',');
    return {
      id: stated('terminal_id', path.slice(TERMINALS.length + 1, -'.yaml'.length)),
      repo: stated('repo_root', 'unknown'),
      scope: scope.map((token) => token.trim()).filter((token) => token !== ''),
      at: heartbeat.get('scope'),
    };
  });
}

/** Each pair of terminals that may write to the same part of a repo. */
export function collisions(terminals: readonly Terminal[]): readonly (readonly [Terminal, Terminal])[] {
  return terminals.flatMap((one, index) =>
    terminals
      .slice(index + 1)
      .filter((other) => collide(one, other))
      .map((other) => [one, other] as const),
  );
}

function collide(one: Terminal, other: Terminal): boolean {
  if (one.id === other.id || one.repo !== other.repo) return false;
  return one.scope.some((a) => other.scope.some((b) => a === '*' || b === '*' || a.startsWith(b) || b.startsWith(a)));
}

/** An instant still counts during its own second. */
export function hasPassed(instant: number, clock: Clock): boolean {
  return clock.hasReached(instant + 1000);
}
