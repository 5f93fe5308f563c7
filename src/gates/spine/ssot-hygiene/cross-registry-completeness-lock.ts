import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { Abort } from '../../../core/signals.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { INVOLVED_PATTERNS, wholeLine } from '../../lib/bash/basic-regexp.ts';
import { entriesBy, type PrintedLine, printedLines, textOf } from '../../lib/bash/joins.ts';
import { filesExist } from '../../lib/files/files.ts';
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
const MEDIA = '  - { canonical_name: media, site: shop, surfaces: { ssh_target: true } }\n';

export default defineGate({
  name: 'cross-registry-completeness-lock',
  mirrors: ['42a1a53311f8ede0e9acf785a974ffc70158d699'],
  why: 'A shop host that only some registries know is half-managed: named but not reachable, or reachable but undocumented. Hosts that the naming policy does not know are not looked at, and neither are registry entries without an SSH target.',
  fix: 'Add the host to ssh.targets.yaml, or to `hosts` of SERVICE_REGISTRY.yaml; if it is gone, set `status: decommissioned` in naming.policy.yaml.',
  reads: [SSH, REGISTRY, NAMING],
  deviates: [INVOLVED_PATTERNS],

  *check({ repo }) {
    const [missing] = filesExist(repo, SSH, REGISTRY, NAMING);
    if (missing) return yield missing;
    const ids = reachableIds(repo.yaml(SSH).get('ssh', 'targets'));
    const registry = repo.yaml(REGISTRY).get('hosts');
    const naming = repo.yaml(NAMING).get('hosts');
    if (registry.kind !== 'map' && registry.kind !== 'list') throw new Abort('`hosts` is no map', registry, 'hosts');

    const reachable = printedLines(ids);
    const named = naming.items.filter(
      (host) => !host.get('status').is('decommissioned') && host.get('surfaces', 'ssh_target').is('true'),
    );
    for (const { text: host, at } of words(named.map((entry) => entry.get('canonical_name')))) {
      if (reachable.some(({ text }) => wholeLine(host).test(text))) continue;
      const message = `The naming policy wants an SSH target \`${host}\`; ${SSH} has none that is reachable from everywhere.`;
      yield problem('named-host-has-target', `host:${host}`, at, message);
    }

    const policyOf = entriesBy(naming, 'canonical_name');
    for (const { text: host, at } of words(ids)) {
      const [site, kind, status] = ['site', 'kind', 'status'].map((field) => textOf(policyOf(host), field));
      if (site !== 'shop' || kind === 'proxmox' || status === 'decommissioned') continue;
      if (registry.keys.some((key) => wholeLine(host).test(key))) continue;
      const message = `\`${host}\` is a shop host with an SSH target, but SERVICE_REGISTRY.yaml has no such host.`;
      yield problem('target-is-registered', `host:${host}`, at, message);
    }
  },

  examples: {
    pass: [
      vary('known everywhere, even with an empty entry', {}),
      vary('unknown to the naming policy', { 'id: nas': 'id: mint' }),
      vary('a site in capitals is another site', { 'media, site: shop': 'media, site: Shop', '  media:\n': '  x:\n' }),
      vary('listed twice in the naming policy, so not looked up', { [MEDIA]: MEDIA + MEDIA, '  media:\n': '  x:\n' }),
      vary('decommissioned', { 'media, site: shop': 'media, status: decommissioned', 'id: media': 'id: x' }),
      vary('a name is a pattern', { 'id: media': 'id: m.dia', 'name: media': 'name: m.dia' }),
    ],
    fail: [
      {
        title: 'files in the order of the script',
        files: { [SSH]: '', [NAMING]: '' },
        finds: [`file-exists ${REGISTRY}`],
      },
      vary('no SSH target', { 'id: media': 'id: Media' }, 'named-host-has-target host:media'),
      vary(
        'reachable from the LAN only',
        { 'id: media': '{ id: media, access_method: lan_only }', '  media:\n': '  x:\n' },
        'named-host-has-target host:media',
      ),
      vary(
        'one finding for each listing',
        { [MEDIA]: MEDIA + MEDIA, 'id: media': 'id: x' },
        'named-host-has-target host:media',
        'named-host-has-target host:media',
      ),
      vary('not in the service registry', { '  media:\n': '  Media:\n' }, 'target-is-registered host:media'),
      vary('an empty registry', { '\n  media:\n': ' {}\n' }, 'target-is-registered host:media'),
      vary('a registry without hosts stops the script', { '\n  media:\n': '\n' }, 'unreadable hosts'),
      vary('a file that is no YAML stops it too', { '\n  media:\n': ' [\n' }, `unreadable ${REGISTRY}`),
    ],
  },
});
