import type { Clock } from '../../../core/clock.ts';
import { type Located, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { isoInstant } from '../../../core/instants.ts';
import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { extendedRegExp, REPEATED_GROUPS } from '../../lib/bash/extended-regexp.ts';
import { absent, isProgram, notRunnable } from '../../lib/files/files.ts';

const STABILIZATION = 'ops/bindings/stabilization.mode.yaml';
const STATUS = 'ops/plugins/session/bin/terminal-scope-status';
const FOLDER = 'mailroom/state/terminal-heartbeats';
const HEARTBEATS = `${FOLDER}/*.yaml`;
const NAMING = '^[A-Z]+-[A-Z0-9]+-[0-9]{2}$';

interface Terminal {
  readonly id: string;
  readonly repo: string;
  /** Path prefixes it may write to, or `*`. */
  readonly scope: readonly string[];
  readonly at: Located;
}

export default defineGate({
  name: 'terminal-scope-lock',
  mirrors: ['788e5470185517af3f911c582208395f9f48ce61'],
  why: 'Two agent terminals that may write to the same part of a repo overwrite each other. During a stabilization window, also one without a readable end, nobody looks. Terminals announce themselves on the machine; only announcements that were committed can be judged here.',
  fix: 'End one of the two terminals or give it another scope; name terminals like SPINE-CONTROL-01.',
  reads: [STABILIZATION, HEARTBEATS],
  deviates: [REPEATED_GROUPS],

  *check({ repo, clock }) {
    if (!repo.isFile(STABILIZATION)) return yield absent(repo, STABILIZATION);
    if (!isProgram(repo, STATUS)) return yield notRunnable(repo, STATUS);
    const stabilization = repo.yaml(STABILIZATION);
    if (isDeferred(stabilization, clock)) return;
    yield { unverified: 'heartbeats of live terminals, which stay on the machine' };

    const terminals = liveTerminals(repo, clock);
    let collisions = 0;
    for (const [index, one] of terminals.entries()) {
      for (const other of terminals.slice(index + 1).filter((candidate) => collide(one, candidate))) {
        collisions++;
        const message = `\`${other.id}\` (${other.scope.join(', ')}) overlaps with \`${one.id}\` (${one.scope.join(', ')}).`;
        yield problem('scopes-are-disjoint', `terminals:${one.id},${other.id}`, other.at, message);
      }
    }
    const naming = stabilization.get('terminal_contract', 'naming_pattern').or(NAMING);
    const misnamed = terminals.filter(({ id }) => !extendedRegExp(naming).test(id));
    if (collisions > 0 || misnamed.length === 0) return;
    const message = `Not named like \`${naming}\`: ${misnamed.map(({ id }) => `\`${id}\``).join(', ')}.`;
    yield problem('terminals-are-named-by-pattern', 'naming_pattern', misnamed[0]?.at, message);
  },

  examples: {
    pass: [
      { title: 'no terminal', ...world('enabled: false\n') },
      { title: 'the last second of the window', ...world(window('2026-02-17T20:00:00Z'), 'scope: "*"', 'scope: "*"') },
      { title: 'a window without a readable end is open', ...world(window('soon'), '', '') },
      {
        title: 'other folders, other repos',
        ...world('', 'scope: ops/plugins/, bin/', 'scope: docs/,surfaces/', 'scope: bin/\nrepo_root: /b'),
      },
      { title: 'two heartbeats of one terminal', ...world('', 'terminal_id: A-B-09', 'terminal_id: A-B-09') },
      {
        title: 'expired, without a date, ended or unreadable heartbeats',
        ...world('', 'expires_at: 2026-02-17T19:59:59Z', 'expires_at: later', 'status: closed', 'expires_at: ['),
      },
      {
        title: 'the contract relaxes the names',
        ...world("terminal_contract: { naming_pattern: '^[[:lower:]]+-' }\n", 'terminal_id: shop-desk'),
      },
    ],
    fail: [
      { title: 'no stabilization file', files: {}, finds: [`file-exists ${STABILIZATION}`] },
      {
        title: 'the status program has to run even inside the window',
        files: world(window('2030-01-01')).files,
        finds: [`program-can-run ${STATUS}`],
      },
      { title: 'not YAML', ...world('enabled: [\n'), finds: [`unreadable ${STABILIZATION}`] },
      {
        title: 'a second after the window; prefixes end anywhere',
        ...world(window('2026-02-17T19:59:59Z'), 'scope: bin, ops/plug', 'scope: ops/plugins/ha'),
        finds: ['scopes-are-disjoint terminals:A-B-00,A-B-01'],
      },
      {
        title: 'no scope is one scope, and collisions hide bad names',
        ...world('', '', '', 'terminal_id: c'),
        finds: ['A-B-00,A-B-01', 'A-B-00,c', 'A-B-01,c'].map((pair) => `scopes-are-disjoint terminals:${pair}`),
      },
      {
        title: 'two bad names are one finding',
        ...world('', 'terminal_id: a-b-01\nscope: a', 'terminal_id: A-B-1\nscope: b'),
        finds: ['terminals-are-named-by-pattern naming_pattern'],
      },
    ],
  },
});

function isDeferred(stabilization: YamlValue, clock: Clock): boolean {
  if (stabilization.get('enabled').or('false') !== 'true') return false;
  const start = isoInstant(stabilization.get('window_start').raw);
  const end = isoInstant(stabilization.get('window_end').raw);
  return !start || !end || (clock.hasReached(start) && !hasPassed(end, clock));
}

/** An instant still counts during its own second. */
function hasPassed(instant: number, clock: Clock): boolean {
  return clock.hasReached(instant + 1000);
}

function liveTerminals(repo: Repo, clock: Clock): readonly Terminal[] {
  const paths = repo.glob(HEARTBEATS);
  repo.prefetch(paths);
  return paths.flatMap((path) => {
    const heartbeat = repo.yamlOrEmpty(path);
    if (heartbeat.kind !== 'map' || heartbeat.get('status').or('active') !== 'active') return [];
    const expires = isoInstant(heartbeat.get('expires_at').raw) ?? 0;
    if (hasPassed(expires, clock)) return [];
    const stated = (key: string, fallback: string) => heartbeat.get(key).or('') || fallback;
    const scope = stated('scope', 'unspecified').split(',');
    return {
      id: stated('terminal_id', path.slice(FOLDER.length + 1, -'.yaml'.length)),
      repo: stated('repo_root', 'unknown'),
      scope: scope.map((token) => token.trim()).filter((token) => token !== ''),
      at: heartbeat.get('scope'),
    };
  });
}

function collide(one: Terminal, other: Terminal): boolean {
  if (one.id === other.id || one.repo !== other.repo) return false;
  return one.scope.some((a) => other.scope.some((b) => a === '*' || b === '*' || a.startsWith(b) || b.startsWith(a)));
}

function window(end: string): string {
  return `enabled: "true"\nwindow_start: 2026-02-16T18:30:00Z\nwindow_end: ${end}\n`;
}

function world(stabilization: string, ...heartbeats: readonly string[]) {
  const files: Record<string, string> = { [STABILIZATION]: stabilization, [STATUS]: '' };
  for (const [index, fields] of heartbeats.entries()) {
    const usual = `terminal_id: A-B-0${index}\nrepo_root: /a\nexpires_at: 2026-02-17T20:00:00Z\n`;
    files[`${FOLDER}/${index}.yaml`] = `${usual}${fields}\n`;
  }
  return { files, executable: [STATUS] };
}
