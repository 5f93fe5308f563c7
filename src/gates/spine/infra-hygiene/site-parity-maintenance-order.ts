import { comparable } from '../../lib/bash/shell.ts';
import { defineGate } from '../../lib/define.ts';
import { membersByPosition } from '../../lib/files/members.ts';
import { yamlOrEmpty } from '../../lib/needs.ts';

const STARTUP = 'ops/bindings/startup.sequencing.yaml';
const SITES = ['shop', 'home'];

export default defineGate({
  name: 'site-parity-maintenance-order',
  mirrors: ['060da22a599d706350472227f69874d3e202dcc3'],
  why: 'Maintenance runs site by site. A start-up phase without a site, or a site without a phase, is skipped when power comes back.',
  fix: 'In startup.sequencing.yaml, give every phase `site: shop` or `site: home`, and each site at least one phase.',
  limits: 'A file that is not YAML counts as an empty one.',
  needs: { startup: yamlOrEmpty(STARTUP) },

  rules: {
    'version-is-2': 'Phases have sites only from `version: 2` on.',
    'has-phases': 'The file lists no start-up phase.',
    'phase-has-site': 'Phase {phase} has no site.',
    'phase-site-is-known': 'Phase {phase} is at `{site}`; the sites are shop and home.',
    'site-has-phase': 'No phase starts anything at {site}.',
  },

  *check({ startup }, report, { repo }) {
    const version = startup.get('version');
    const number = comparable(repo.isYaml(STARTUP) ? version.raw : '0', version, 'version');
    if (number !== undefined && number < 2) yield report('version-is-2', 'version', version);

    const phases = startup.get('phases');
    if (phases.length === 0) return yield report('has-phases', 'phases', phases);

    const seen = new Set<string>();
    for (const [index, entry] of membersByPosition(phases).entries()) {
      const site = entry.get('site');
      const phase = entry.get('phase').or(`at position ${index + 1}`);
      seen.add(site.raw);
      if (site.isBlank) yield report('phase-has-site', `phase:${phase}`, site, { phase });
      else if (!SITES.includes(site.raw)) yield report('phase-site-is-known', `phase:${phase}`, site, { phase, site });
    }
    for (const site of SITES) if (!seen.has(site)) yield report('site-has-phase', `site:${site}`, phases, { site });
  },

  examples: {
    pass: [
      {
        title: 'each site has a phase',
        files: { [STARTUP]: 'version: 2\nphases:\n  - { site: shop }\n  - { site: home }\n' },
      },
    ],
    fail: [
      { title: 'no file', files: {}, finds: [`file-exists ${STARTUP}`] },
      {
        title: 'not YAML',
        files: { [STARTUP]: 'version: [2\n' },
        finds: ['version-is-2 version', 'has-phases phases'],
      },
      {
        title: 'the only home phase lost its site',
        files: { [STARTUP]: 'version: 2\nphases:\n  - site: shop\n  - phase: 10\n    hosts: [proxmox-home]\n' },
        finds: ['phase-has-site phase:10', 'site-has-phase site:home'],
      },
      {
        title: 'sites are case-sensitive',
        files: {
          [STARTUP]: 'version: 2\nphases:\n  - site: Shop\n  - site: shop\n  - site: home\n',
        },
        finds: ['phase-site-is-known phase:at position 1'],
      },
    ],
  },
});
