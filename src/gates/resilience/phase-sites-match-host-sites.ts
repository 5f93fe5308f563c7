import { type Problem, problem } from '../../core/finding.ts';
import { variation, without } from '../lib/resilience/examples.ts';
import type { Facts } from '../lib/resilience/facts.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { type Machine, machinesOf } from '../lib/resilience/machines.ts';
import { type Phase, phasesOf, type Start } from '../lib/resilience/phases.ts';
import { type Sites, sitesOf } from '../lib/resilience/sites.ts';

function* hostFits(phase: Phase, { at, host }: Start, sites: Sites, facts: Facts): Generator<Problem> {
  const subject = `${phase.subject}/${host}`;
  const found = sites.of(host);
  const other = found.find(({ site }) => site !== phase.site);
  if (!sites.knows(host)) {
    const who =
      host === ''
        ? 'a host without a name'
        : `\`${host}\`, which neither ${facts.path('hosts')} nor ${facts.path('vms')} knows`;
    yield problem('host-is-known', subject, at, `${phase.label} starts ${who}.`);
  } else if (found.length === 0) {
    yield problem('host-has-a-site', subject, at, `${phase.label} starts \`${host}\`, whose site nothing states.`);
  } else if (phase.site !== '' && other) {
    const message = `${phase.label} is at \`${phase.site}\`, but its host \`${host}\` lives at \`${other.site}\` (${other.source}).`;
    yield problem('host-lives-at-the-site', subject, at, message);
  }
}

function* numbersAreKnown(phase: Phase, { host, vms }: Start, machines: readonly Machine[]): Generator<Problem> {
  for (const id of vms) {
    if (machines.some((machine) => machine.id === id.raw && machine.hypervisor === host)) continue;
    const message = `${phase.label} starts VM \`${id.raw}\` on \`${host}\`, which has no machine of that number.`;
    yield problem('vm-is-known', `${phase.subject}/${host}/${id.raw}`, id, message);
  }
}

export default defineResilienceGate({
  name: 'phase-sites-match-host-sites',
  number: 'R6',
  severity: 'high',
  why: 'Power comes back site by site. A host in a phase of the wrong site is started from where it cannot be reached, and a site without a phase stays dark.',
  fix: "Correct `site:` of the phase or move the host in startup.sequencing.yaml, or correct the host's `site:` in naming.policy.yaml. A site with active VMs needs a phase.",
  needs: ['vms', 'startup', 'hosts'],

  *check(facts) {
    const machines = machinesOf(facts);
    const sites = sitesOf(facts, machines);
    const phases = phasesOf(facts);
    for (const phase of phases) {
      if (phase.site === '') {
        yield problem('phase-has-a-site', phase.subject, phase.at, `${phase.label} says no site.`);
      }
      for (const start of phase.starts) {
        yield* hostFits(phase, start, sites, facts);
        yield* numbersAreKnown(phase, start, machines);
      }
    }
    const hypervisors = Map.groupBy(
      machines.filter(({ isActive }) => isActive),
      ({ hypervisor }) => hypervisor,
    );
    const dark = new Set<string>();
    for (const [hypervisor, [machine]] of hypervisors) {
      const site = sites.siteOf(hypervisor);
      if (site === undefined) {
        const message = `Active VMs run on \`${hypervisor}\`, of which ${facts.path('hosts')} gives no one site.`;
        yield problem('hypervisor-has-a-site', `host:${hypervisor}`, machine?.at, message);
      } else if (!phases.some((phase) => phase.site === site)) dark.add(site);
    }
    const list = facts.records('startup', 'phases');
    for (const site of dark) {
      yield problem('site-has-a-phase', `site:${site}`, list, `Active VMs run at \`${site}\`, and no phase is there.`);
    }
  },

  examples: {
    pass: [
      variation('every host at the site of its phase', {}),
      variation('a machine that only the lifecycle knows is where its hypervisor is', {
        '{ target: shelf }': '{ target: shelf }, { target: bench }',
      }),
      variation('the NAS has a phase of its own', { 'vm_ids: [105] }': 'vm_ids: [105] }, { target: nas }' }),
      variation('hosts as mere names', { '[{ target: shelf }]': '[shelf]' }),
      variation('a site whose machines all rest needs no phase', {
        'status: active, proxmox_host: home': 'status: stopped, proxmox_host: home',
        '  - { phase: 10, site: home, hosts: [{ target: home-pve, vm_ids: [105] }] }\n': '',
      }),
    ],
    fail: [
      variation(
        'a host of the other site',
        { '{ target: shelf }': '{ target: shelf }, { target: nas }' },
        'host-lives-at-the-site phase:1/nas',
      ),
      variation(
        'the naming policy and the hypervisor disagree',
        { 'kind: vm, site: shop': 'kind: vm, site: home' },
        'host-lives-at-the-site phase:1/shelf',
      ),
      variation(
        'a name nobody knows',
        { '{ target: shelf }': '{ target: shelf }, { target: shlef }, {}' },
        'host-is-known phase:1/shlef',
        'host-is-known phase:1/',
      ),
      variation(
        'a number that the hypervisor does not have',
        { '[105]': '[105, 200]' },
        'vm-is-known phase:10/home-pve/200',
      ),
      variation(
        'the only phase of a site lost it',
        { 'site: home, ': '' },
        'phase-has-a-site phase:10',
        'site-has-a-phase site:home',
      ),
      variation(
        'sites are case-sensitive',
        { 'site: shop': 'site: Shop' },
        'host-lives-at-the-site phase:1/shelf',
        'site-has-a-phase site:shop',
      ),
      variation(
        'a hypervisor without a site',
        { 'kind: proxmox, site: home': 'kind: proxmox' },
        'host-has-a-site phase:10/home-pve',
        'hypervisor-has-a-site host:home-pve',
      ),
    ],
    skip: [without('no startup sequence', 'startup'), without('no naming policy, so no sites', 'hosts')],
  },
});
