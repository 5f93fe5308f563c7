import type { Clock } from '../../core/clock.ts';
import { type Located, problem } from '../../core/finding.ts';
import { defineGate } from '../../core/gate.ts';
import type { Repo } from '../../core/repo.ts';
import type { YamlValue } from '../../core/yaml.ts';
import { extendedRegExp } from '../_shapes/extended-regexp.ts';
import { absent, isProgram, notRunnable } from '../_shapes/files.ts';
import { isoInstant } from '../_shapes/instants.ts';

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

  *check({ repo, clock }) {
    if (!repo.isFile(STABILIZATION)) return yield absent(repo, STABILIZATION);
    if (!isProgram(repo, STATUS)) return yield notRunnable(repo, STATUS);
    const stabilization = repo.yaml(STABILIZATION);
    if (isDeferred(stabilization, clock)) return;
    yield { unverified: 'heartbeats of live terminals, which stay on the machine' };

    const terminals = liveTerminals(repo, clock);
    const collisions = terminals.flatMap((one, index) =>
      terminals
        .slice(index + 1)
        .filter((other) => collide(one, other))
        .map((other) => [one, other] as const),
    );
    for (const [one, other] of collisions) {
      const message = `\`${other.id}\` (${other.scope.join(', ')}) overlaps with \`${one.id}\` (${one.scope.join(', ')}).`;
      yield problem('scopes-are-disjoint', `terminals:${one.id},${other.id}`, other.at, message);
    }
    if (collisions.length > 0) return;

    const naming = stabilization.get('terminal_contract', 'naming_pattern').or(NAMING);
    const pattern = extendedRegExp(naming);
    const misnamed = terminals.filter(({ id }) => !pattern.test(id));
    const [firstOne] = misnamed;
    if (!firstOne) return;
    const ids = misnamed.map(({ id }) => `\`${id}\``).join(', ');
    yield problem(
      'terminals-are-named-by-pattern',
      'naming_pattern',
      firstOne.at,
      `Not named like \`${naming}\`: ${ids}.`,
    );
  },

  examples: {
    pass: [
      {
        title: 'no terminal',
        files: { [STABILIZATION]: 'enabled: false\n', [STATUS]: '' },
        executable: [STATUS],
      },
      {
        title: 'to the last second of the window nobody looks',
        files: world(window('2026-02-17T20:00:00Z'), { scope: '"*"' }, { scope: '"*"' }),
        executable: [STATUS],
      },
      {
        title: 'a window without a readable end is open',
        files: world(window('soon'), { scope: '"*"' }, { scope: '"*"' }),
        executable: [STATUS],
      },
      {
        title: 'other repos, other folders',
        files: world(
          'enabled: false\n',
          { scope: 'ops/plugins/, bin/' },
          { scope: 'docs/,surfaces/' },
          { scope: 'bin/', repo_root: '/b' },
        ),
        executable: [STATUS],
      },
      {
        title: 'expired, never expiring, ended or unreadable heartbeats, and two of one terminal',
        files: {
          ...world(
            '',
            { expires_at: '2026-02-17T19:59:59Z' },
            { expires_at: 'later' },
            { status: 'closed' },
            { terminal_id: 'A-B-09' },
            { terminal_id: 'A-B-09' },
          ),
          [`${FOLDER}/X.yaml`]: 'expires_at: [\n',
          [`${FOLDER}/Y.yaml`]: '- expires_at: 2030-01-01\n',
          [`${FOLDER}/Z.yml`]: 'expires_at: 2030-01-01\n',
        },
        executable: [STATUS],
      },
      {
        title: 'the contract relaxes the names',
        files: world("terminal_contract: { naming_pattern: '^[[:lower:]]+-' }\n", { terminal_id: 'shop-desk' }),
        executable: [STATUS],
      },
    ],
    fail: [
      { title: 'no stabilization file', files: {}, finds: [`file-exists ${STABILIZATION}`] },
      {
        title: 'the status program counts even inside the window',
        files: world(window('2030-01-01')),
        finds: [`program-can-run ${STATUS}`],
      },
      {
        title: 'not YAML',
        files: world('enabled: [\n'),
        executable: [STATUS],
        finds: [`unreadable ${STABILIZATION}`],
      },
      {
        title: 'a second after the window; prefixes stop nowhere',
        files: world(window('2026-02-17T19:59:59Z'), { scope: 'bin, ops/plug' }, { scope: 'ops/plugins/ha' }),
        executable: [STATUS],
        finds: ['scopes-are-disjoint terminals:A-B-01,A-B-02'],
      },
      {
        title: 'no scope is one scope, and collisions come before names',
        files: world('', {}, {}, { terminal_id: 'c' }),
        executable: [STATUS],
        finds: [
          'scopes-are-disjoint terminals:A-B-01,A-B-02',
          'scopes-are-disjoint terminals:A-B-01,c',
          'scopes-are-disjoint terminals:A-B-02,c',
        ],
      },
      {
        title: 'two misnamed terminals are one finding',
        files: world('', { terminal_id: 'a-b-01', scope: 'a' }, { terminal_id: 'A-B-1', scope: 'b' }),
        executable: [STATUS],
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

function world(stabilization: string, ...heartbeats: readonly Record<string, string>[]): Record<string, string> {
  const files = heartbeats.map((fields, index) => {
    const heartbeat = {
      terminal_id: `A-B-0${index + 1}`,
      repo_root: '/a',
      expires_at: '2026-02-17T20:00:00Z',
      ...fields,
    };
    const lines = Object.entries(heartbeat).map(([key, value]) => `${key}: ${value}\n`);
    return [`${FOLDER}/${index}.yaml`, lines.join('')];
  });
  return { [STABILIZATION]: stabilization, [STATUS]: '', ...Object.fromEntries(files) };
}
