import type { Clock } from '../../../core/clock.ts';
import { isoInstant } from '../../../core/instants.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { extendedRegExp, INVOLVED_EXPRESSIONS } from '../../lib/bash/extended-regexp.ts';
import { defineGate } from '../../lib/define.ts';
import { quote } from '../../lib/message.ts';
import { program, yamlOrDie } from '../../lib/needs.ts';
import { collisions, hasPassed, liveTerminals, TERMINALS } from '../../lib/spine/terminals.ts';

const STABILIZATION = 'ops/bindings/stabilization.mode.yaml';
const STATUS = 'ops/plugins/session/bin/terminal-scope-status';
const NAMING = '^[A-Z]+-[A-Z0-9]+-[0-9]{2}$';

function isDeferred(stabilization: YamlValue, clock: Clock): boolean {
  if (stabilization.get('enabled').or('false') !== 'true') return false;
  const start = isoInstant(stabilization.get('window_start').raw);
  const end = isoInstant(stabilization.get('window_end').raw);
  return !start || !end || (clock.hasReached(start) && !hasPassed(end, clock));
}

function world(stabilization: string, ...heartbeats: readonly string[]) {
  const files: Record<string, string> = { [STABILIZATION]: stabilization, [STATUS]: '' };
  for (const [index, fields] of heartbeats.entries()) {
    const usual = `terminal_id: A-B-0${index}\nrepo_root: /a\nexpires_at: 2026-02-17T20:00:00Z\n`;
    files[`${TERMINALS}/${index}.yaml`] = `${usual}${fields}\n`;
  }
  return { files, executable: [STATUS] };
}

export default defineGate({
  name: 'terminal-scope-lock',
  mirrors: ['788e5470185517af3f911c582208395f9f48ce61'],
  why: 'Two agent terminals that may write to the same part of a repo overwrite each other.',
  fix: 'End one of the two terminals or give it another scope; name terminals like SPINE-CONTROL-01.',
  limits:
    'Terminals announce themselves on the machine; only announcements that were committed are checked. During a stabilization window, even one whose end cannot be read, nothing is checked.',
  needs: { stabilization: yamlOrDie(STABILIZATION), status: program(STATUS) },
  alsoReads: [`${TERMINALS}/*.yaml`],
  deviates: [INVOLVED_EXPRESSIONS],

  rules: {
    'scopes-are-disjoint':
      'The terminals `{one}` ({scopes}) and `{other}` ({otherScopes}) may write to the same files.',
    'terminals-are-named-by-pattern': 'These terminals are not named like `{pattern}`: {names}.',
  },

  *check({ stabilization }, report, { repo, clock }) {
    if (isDeferred(stabilization, clock)) return;
    yield { unverified: 'heartbeats of live terminals, which stay on the machine' };

    const terminals = liveTerminals(repo, clock);
    const colliding = collisions(terminals);
    for (const [one, other] of colliding) {
      const scopes = { scopes: one.scope.join(', '), otherScopes: other.scope.join(', ') };
      const values = { one: one.id, other: other.id, ...scopes };
      yield report('scopes-are-disjoint', `terminals:${one.id},${other.id}`, other.at, values);
    }
    const pattern = stabilization.get('terminal_contract', 'naming_pattern').or(NAMING);
    const naming = extendedRegExp(pattern);
    const misnamed = terminals.filter(({ id }) => !naming.test(id));
    if (colliding.length > 0 || misnamed.length === 0) return;
    const names = misnamed.map(({ id }) => quote(id)).join(', ');
    yield report('terminals-are-named-by-pattern', 'naming_pattern', misnamed[0]?.at, { pattern, names });
  },

  examples: {
    pass: [{ title: 'two terminals in two folders', ...world('', 'scope: docs/', 'scope: bin/') }],
    fail: [
      {
        title: 'two terminals in one folder',
        ...world('', 'scope: ops/', 'scope: ops/plugins/'),
        finds: ['scopes-are-disjoint terminals:A-B-00,A-B-01'],
      },
      {
        title: 'a bad name',
        ...world('', 'terminal_id: laptop'),
        finds: ['terminals-are-named-by-pattern naming_pattern'],
      },
    ],
  },
});
