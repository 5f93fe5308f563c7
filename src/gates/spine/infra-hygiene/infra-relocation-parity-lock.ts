import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, printedLines, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { onDemand, optional, yaml, yamlOrEmpty } from '../../lib/needs.ts';
import { OPS_ROOT } from '../../lib/spine/host-paths.ts';
import { RELOCATION_PLAN as PLAN, SERVICE_REGISTRY, SSH_TARGETS } from '../../lib/spine/known-files.ts';
import { MOVING, registeredHost } from '../../lib/spine/relocation.ts';
import { variationsOf } from '../../lib/variations.ts';

const IDLE = ['null', 'none', 'planning', 'complete'];

/** A state that cannot be asked for, as in a list, is as good as none. */
function stateOf(plan: YamlValue): string {
  const relocation = plan.kind === 'list' ? plan : plan.get('active_relocation');
  return relocation.kind === 'list' ? 'none' : relocation.get('state').raw;
}

const vary = variationsOf({
  [PLAN]: `active_relocation: { state: cutover }
services:
  - { service: sonarr, to_host: media, status: applied }
required_updates: [${SSH_TARGETS}]
`,
  [SERVICE_REGISTRY]: 'services: { sonarr: { host: media } }\n',
  [SSH_TARGETS]: 'ssh: { targets: [{ id: media, access_method: lan_only }] }\n',
});

export default defineGate({
  name: 'infra-relocation-parity-lock',
  mirrors: ['bb675a58eb12fd1a9bda175baf8f0f47e4591325'],
  why: 'While a service moves, the plan, the service registry and the SSH targets must name the same host, or people and tools log in to the old machine.',
  fix: 'Make `to_host` in infra.relocation.plan.yaml, the host in SERVICE_REGISTRY.yaml and the ids in ssh.targets.yaml agree, or mark the service `status: planned` until it moves.',
  limits: 'Nothing is compared unless a move is under way.',
  needs: {
    plan: optional(yaml(PLAN)),
    registry: onDemand(yamlOrEmpty(SERVICE_REGISTRY)),
    ssh: onDemand(yamlOrEmpty(SSH_TARGETS)),
  },

  rules: {
    'required-update-exists': 'The plan lists `{path}` among the files to update, but it does not exist.',
    'service-has-target': 'The plan does not say where `{service}` goes.',
    'service-is-registered': 'The service registry gives no host for `{service}`.',
    'registry-names-target': 'The plan moves `{service}` to `{goal}`, but the service registry has it on `{host}`.',
    'target-is-addressable': '`{service}` moves to `{goal}`, which is not an SSH target.',
  },

  *check({ plan, ...given }, report, { repo }) {
    const state = plan ? stateOf(plan) : 'none';
    if (!plan || IDLE.includes(state)) return;
    const isMoving = MOVING.includes(state);
    const sources = isMoving && { registry: given.registry(), ssh: given.ssh() };
    for (const { text: path, at } of printedLines(plan.get('required_updates').items)) {
      const below = path.startsWith(`${OPS_ROOT}/`) ? path.slice(OPS_ROOT.length + 1) : path;
      if (!repo.isFile(below)) yield report('required-update-exists', path, at, { path });
    }
    if (!sources) return;

    const services = plan.get('services');
    const movesOf = entriesBy(services, 'service');
    const targetsOf = entriesBy(sources.ssh.get('ssh', 'targets'), 'id');
    for (const { text: service, at } of printedLines(column(services, 'service'))) {
      const moves = movesOf(service);
      if (textOf(moves, 'status') === 'planned') continue;
      const subject = `service:${service}`;
      const place = moves[0]?.get('to_host') ?? at;
      const goal = textOf(moves, 'to_host');
      if (saysNothing(goal)) {
        yield report('service-has-target', subject, place, { service });
        continue;
      }
      const host = registeredHost(sources.registry, service, 'null');
      if (saysNothing(host)) {
        yield report('service-is-registered', subject, at, { service });
        continue;
      }
      if (host !== goal) yield report('registry-names-target', subject, place, { service, goal, host });
      if (saysNothing(textOf(targetsOf(goal), 'id'))) {
        yield report('target-is-addressable', subject, place, { service, goal });
      }
    }
  },

  examples: {
    pass: [vary('all three agree', {})],
    fail: [
      vary(
        'a scalar in place of a move',
        { '{ state: cutover }': 'soon', [`[${SSH_TARGETS}]`]: '[a.md]' },
        'required-update-exists a.md',
      ),
      vary('no target', { 'to_host: media': 'to_host: null' }, 'service-has-target service:sonarr'),
      vary(
        'unregistered, SSH not asked',
        { '{ sonarr:': '{ radarr:', 'id: media': 'id: x' },
        'service-is-registered service:sonarr',
      ),
      vary(
        '`~` is a text here',
        { 'to_host: media': 'to_host: ~' },
        'registry-names-target service:sonarr',
        'target-is-addressable service:sonarr',
      ),
    ],
  },
});
