import { variation, without } from '../lib/resilience/examples.ts';
import { defineResilienceGate } from '../lib/resilience/gate.ts';
import { machinesOf } from '../lib/resilience/machines.ts';
import { phasesOf } from '../lib/resilience/phases.ts';
import { sitesOf } from '../lib/resilience/sites.ts';

export default defineResilienceGate({
  name: 'phase-sites-match-host-sites',
  number: 'R6',
  severity: 'high',
  why: 'Power comes back site by site. A host in a phase of the wrong site is started from where it cannot be reached, and a site without a phase stays off.',
  fix: "Correct `site:` of the phase or move the host in startup.sequencing.yaml, or correct the host's `site:` in naming.policy.yaml. A site with active VMs needs a phase.",
  needs: ['vms', 'startup', 'hosts'],

  rules: {
    'phase-has-a-site': '{phase} has no site.',
    'host-is-known': '{phase} starts `{host}`, which is neither in {policy} nor in {lifecycle}.',
    'host-has-a-site': '{phase} starts `{host}`, but no site is given for that host.',
    'host-lives-at-the-site': '{phase} is at `{site}`, but its host `{host}` is at `{other}` ({source}).',
    'vm-is-known': '{phase} starts VM `{id}` on `{host}`, which has no machine of that number.',
    'hypervisor-has-a-site': 'Active VMs run on `{host}`; {policy} must give that host exactly one site.',
    'site-has-a-phase': 'Active VMs run at `{site}`, but no phase is at that site.',
  },

  *check(facts, report) {
    const machines = machinesOf(facts);
    const [sites, phases] = [sitesOf(facts, machines), phasesOf(facts)];
    const [policy, lifecycle] = [facts.path('hosts'), facts.path('vms')];
    for (const { subject, label, site, at, starts } of phases) {
      if (site === '') yield report('phase-has-a-site', subject, at, { phase: label });
      for (const start of starts) {
        const { host } = start;
        const found = sites.of(host);
        const other = found.find((whereabouts) => whereabouts.site !== site);
        const values = { phase: label, host };
        const started = `${subject}/${host}`;
        if (!sites.knows(host)) yield report('host-is-known', started, start.at, { ...values, policy, lifecycle });
        else if (found.length === 0) yield report('host-has-a-site', started, start.at, values);
        else if (site !== '' && other) {
          const place = { site, other: other.site, source: other.source };
          yield report('host-lives-at-the-site', started, start.at, { ...values, ...place });
        }
        for (const id of start.vms) {
          if (machines.some((machine) => machine.id === id.raw && machine.hypervisor === host)) continue;
          yield report('vm-is-known', `${started}/${id.raw}`, id, { ...values, id });
        }
      }
    }
    const active = machines.filter(({ isActive }) => isActive);
    const dark = new Set<string>();
    for (const [host, [machine]] of Map.groupBy(active, (each) => each.hypervisor)) {
      const site = sites.siteOf(host);
      if (site === undefined) yield report('hypervisor-has-a-site', `host:${host}`, machine?.at, { host, policy });
      else if (!phases.some((phase) => phase.site === site)) dark.add(site);
    }
    const list = facts.records('startup', 'phases');
    for (const site of dark) yield report('site-has-a-phase', `site:${site}`, list, { site });
  },

  examples: {
    pass: [variation('every host at the site of its phase', {})],
    fail: [
      variation(
        'a host of the other site',
        { '{ target: shelf }': '{ target: shelf }, { target: nas }' },
        'host-lives-at-the-site phase:1/nas',
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
        'a hypervisor without a site',
        { 'kind: proxmox, site: home': 'kind: proxmox' },
        'host-has-a-site phase:10/home-pve',
        'hypervisor-has-a-site host:home-pve',
      ),
    ],
    skip: [without('no startup sequence', 'startup')],
  },
});
