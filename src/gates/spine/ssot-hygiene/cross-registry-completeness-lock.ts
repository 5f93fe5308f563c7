import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { INVOLVED_PATTERNS, wholeLine } from '../../lib/bash/basic-regexp.ts';
import { entriesBy, type PrintedLine, printedLines, textOf } from '../../lib/bash/joins.ts';
import { defineGate } from '../../lib/define.ts';
import { later, yamlOrDie } from '../../lib/needs.ts';
import { SERVICE_REGISTRY as REGISTRY, SSH_TARGETS as SSH } from '../../lib/spine/known-files.ts';
import { reachableIds } from '../../lib/spine/ssh-targets.ts';
import { variationsOf } from '../../lib/variations.ts';

const NAMING = 'ops/bindings/naming.policy.yaml';

/** A name with a blank in it becomes two. */
function words(values: readonly YamlValue[]): readonly PrintedLine[] {
  return printedLines(values).flatMap(({ text, at }) =>
    (text.match(/[^ \t]+/g) ?? []).map((word) => ({ text: word, at })),
  );
}

const vary = variationsOf({
  [SSH]: 'ssh:\n  targets:\n    - id: media\n    - { id: pve, access_method: ssh }\n    - { id: nas }\n',
  [REGISTRY]: 'hosts:\n  media:\n',
  [NAMING]: `hosts:
  - { canonical_name: media, site: shop, surfaces: { ssh_target: true } }
  - { canonical_name: pve, site: shop, kind: proxmox, surfaces: { ssh_target: "true" } }
  - { canonical_name: phone, site: shop, surfaces: { ssh_target: True } }
`,
});

export default defineGate({
  name: 'cross-registry-completeness-lock',
  mirrors: ['42a1a53311f8ede0e9acf785a974ffc70158d699'],
  why: 'A shop host that only some registries have is half-managed: named but not reachable, or reachable but undocumented.',
  fix: 'Add the host to ssh.targets.yaml, or to `hosts` of SERVICE_REGISTRY.yaml; if it is gone, set `status: decommissioned` in naming.policy.yaml.',
  limits:
    'Hosts that the naming policy does not have are not checked, and neither are registry entries without an SSH target.',
  needs: { ssh: yamlOrDie(SSH), registry: later(yamlOrDie(REGISTRY)), naming: later(yamlOrDie(NAMING)) },
  deviates: [INVOLVED_PATTERNS],

  rules: {
    'named-host-has-target':
      'The naming policy wants an SSH target `{host}`, but {targets} has none that is reachable from everywhere.',
    'target-is-registered': '`{host}` is a shop host with an SSH target, but {registry} has no such host.',
  },

  *check({ ssh, registry, naming }, report) {
    const ids = reachableIds(ssh.get('ssh', 'targets'));
    const hosts = registry().get('hosts');
    const policies = naming().get('hosts');
    if (hosts.kind !== 'map' && hosts.kind !== 'list') throw new Abort('`hosts` must be a map.', hosts, 'hosts');

    const reachable = printedLines(ids);
    const named = policies.items.filter(
      (host) => !host.get('status').is('decommissioned') && host.get('surfaces', 'ssh_target').is('true'),
    );
    for (const { text: host, at } of words(named.map((entry) => entry.get('canonical_name')))) {
      if (reachable.some(({ text }) => wholeLine(host).test(text))) continue;
      yield report('named-host-has-target', `host:${host}`, at, { host, targets: SSH });
    }
    const policyOf = entriesBy(policies, 'canonical_name');
    for (const { text: host, at } of words(ids)) {
      const [site, kind, status] = ['site', 'kind', 'status'].map((field) => textOf(policyOf(host), field));
      if (site !== 'shop' || kind === 'proxmox' || status === 'decommissioned') continue;
      if (hosts.keys.some((key) => wholeLine(host).test(key))) continue;
      yield report('target-is-registered', `host:${host}`, at, { host, registry: REGISTRY });
    }
  },

  examples: {
    pass: [vary('known everywhere, even with an empty entry', {})],
    fail: [
      vary('no SSH target', { 'id: media': 'id: Media' }, 'named-host-has-target host:media'),
      vary('not in the service registry', { '  media:\n': '  Media:\n' }, 'target-is-registered host:media'),
    ],
  },
});
