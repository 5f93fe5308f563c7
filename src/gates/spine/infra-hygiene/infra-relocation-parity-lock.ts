import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { column, entriesBy, printedLines, textOf } from '../../lib/bash/joins.ts';
import { saysNothing } from '../../lib/bash/unset.ts';
import { filesExist, unparsable } from '../../lib/files/files.ts';
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

function* updatesAreThere(repo: Repo, plan: YamlValue): Generator<Problem> {
  for (const { text, at } of printedLines(plan.get('required_updates').items)) {
    const path = text.startsWith(`${OPS_ROOT}/`) ? text.slice(OPS_ROOT.length + 1) : text;
    if (repo.isFile(path)) continue;
    yield problem('required-update-exists', text, at, `The move has to update \`${text}\`, which does not exist.`);
  }
}

function* servicesAgree(plan: YamlValue, registry: YamlValue, ssh: YamlValue): Generator<Problem> {
  const services = plan.get('services');
  const movesOf = entriesBy(services, 'service');
  const targetsOf = entriesBy(ssh.get('ssh', 'targets'), 'id');
  for (const { text: name, at } of printedLines(column(services, 'service'))) {
    const moves = movesOf(name);
    if (textOf(moves, 'status') === 'planned') continue;
    const place = moves[0]?.get('to_host') ?? at;
    const goal = textOf(moves, 'to_host');
    const subject = `service:${name}`;
    if (saysNothing(goal)) {
      yield problem('service-has-target', subject, place, `The plan does not say where \`${name}\` goes.`);
      continue;
    }
    const host = registeredHost(registry, name, 'null');
    if (saysNothing(host)) {
      yield problem('service-is-registered', subject, at, `The service registry gives no host for \`${name}\`.`);
      continue;
    }
    if (host !== goal) {
      const message = `The plan moves \`${name}\` to \`${goal}\`, the service registry has it on \`${host}\`.`;
      yield problem('registry-names-target', subject, place, message);
    }
    if (saysNothing(textOf(targetsOf(goal), 'id'))) {
      const message = `\`${name}\` moves to \`${goal}\`, which is no SSH target.`;
      yield problem('target-is-addressable', subject, place, message);
    }
  }
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
  why: 'While a service moves, the plan, the service registry and the SSH targets must name the same host, or people and tools log in to the old machine. Without a move under way nothing is compared.',
  fix: 'Bring `to_host` in infra.relocation.plan.yaml, the host in SERVICE_REGISTRY.yaml and the ids in ssh.targets.yaml together, or mark the service `status: planned` until it moves.',
  reads: [PLAN, SERVICE_REGISTRY, SSH_TARGETS],

  *check({ repo }) {
    if (!repo.isFile(PLAN)) return;
    if (!repo.isYaml(PLAN)) return yield unparsable(repo, PLAN);
    const plan = repo.yaml(PLAN);
    const state = stateOf(plan);
    if (IDLE.includes(state)) return;

    const isMoving = MOVING.includes(state);
    const [missing] = isMoving ? filesExist(repo, SERVICE_REGISTRY, SSH_TARGETS) : [];
    if (missing) return yield missing;
    yield* updatesAreThere(repo, plan);
    if (isMoving) yield* servicesAgree(plan, repo.yamlOrEmpty(SERVICE_REGISTRY), repo.yamlOrEmpty(SSH_TARGETS));
  },

  examples: {
    pass: [
      vary('all three agree', {}),
      { title: 'no plan', files: {} },
      vary('idle', { '{ state: cutover }': 'null', 'to_host: media': 'to_host: nowhere' }),
      vary('a list has no state', { '{ state: cutover }': '[cutover]', 'to_host: media': 'to_host: nowhere' }),
      vary('still planned', { 'media, status: applied': 'nowhere, status: planned' }),
      vary('an unknown state looks for the files only', { cutover: 'Cutover', 'to_host: media': 'to_host: nowhere' }),
      vary('the full path of a file', { [`[${SSH_TARGETS}]`]: `[${OPS_ROOT}/${SSH_TARGETS}]` }),
    ],
    fail: [
      { title: 'not YAML', files: { [PLAN]: 'services: [' }, finds: [`file-is-yaml ${PLAN}`] },
      {
        title: 'a missing registry hides a missing file',
        files: { [PLAN]: 'active_relocation: { state: preflight }\nrequired_updates: [a.md]\n' },
        finds: [`file-exists ${SERVICE_REGISTRY}`],
      },
      vary(
        'a scalar in place of a move',
        { '{ state: cutover }': 'soon', [`[${SSH_TARGETS}]`]: '[a.md]' },
        'required-update-exists a.md',
      ),
      vary(
        'a folder is no file',
        { [`[${SSH_TARGETS}]`]: '[ops/bindings, ~]' },
        'required-update-exists ops/bindings',
        'required-update-exists ~',
      ),
      vary('no target', { 'to_host: media': 'to_host: null' }, 'service-has-target service:sonarr'),
      vary('an entry without its name', { 'service: sonarr, ': '' }, 'service-has-target service:null'),
      vary(
        'unregistered, SSH not asked',
        { '{ sonarr:': '{ radarr:', 'id: media': 'id: x' },
        'service-is-registered service:sonarr',
      ),
      vary('services as a list', { '{ sonarr: { host: media } }': '[sonarr]' }, 'service-is-registered service:sonarr'),
      vary('another host', { '{ host: media }': '{ host: old }' }, 'registry-names-target service:sonarr'),
      vary('not addressable', { 'id: media': 'id: Media' }, 'target-is-addressable service:sonarr'),
      vary(
        '`~` is a text here',
        { 'to_host: media': 'to_host: ~' },
        'registry-names-target service:sonarr',
        'target-is-addressable service:sonarr',
      ),
      vary(
        'listed twice, even if planned, nothing matches',
        {
          '  - { service: sonarr, to_host: media, status: applied }':
            '  - { service: sonarr, to_host: media, status: planned }\n  - { service: sonarr, to_host: media, status: planned }',
        },
        'registry-names-target service:sonarr',
        'target-is-addressable service:sonarr',
        'registry-names-target service:sonarr',
        'target-is-addressable service:sonarr',
      ),
    ],
  },
});
