import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { Abort } from '../../../core/signals.ts';
import { shellNumber } from '../../lib/bash/shell.ts';
import { absent } from '../../lib/files/files.ts';
import { membersByPosition } from '../../lib/files/members.ts';

const STARTUP = 'ops/bindings/startup.sequencing.yaml';
const SITES = ['shop', 'home'];

export default defineGate({
  name: 'site-parity-maintenance-order',
  mirrors: ['060da22a599d706350472227f69874d3e202dcc3'],
  why: 'Maintenance runs site by site. A start-up phase without a site, or a site without any phase, is left out when power comes back.',
  fix: 'Give every phase in startup.sequencing.yaml `site: shop` or `site: home`, and each site at least one phase.',
  reads: [STARTUP],

  *check({ repo }) {
    if (!repo.isFile(STARTUP)) return yield absent(repo, STARTUP);
    const startup = repo.yamlOrEmpty(STARTUP);

    const version = startup.get('version');
    const number = shellNumber(repo.isYaml(STARTUP) ? version.raw : '0');
    if (number === 'word') throw new Abort('`version` is not a number', version, 'version');
    if (number !== 'none' && number < 2) {
      yield problem('version-is-2', 'version', version, 'Phases carry sites from `version: 2` on.');
    }

    const phases = startup.get('phases');
    if (phases.length === 0) return yield problem('has-phases', 'phases', phases, 'There is no start-up phase.');

    const seen = new Set<string>();
    for (const [index, entry] of membersByPosition(phases).entries()) {
      const site = entry.get('site');
      const name = entry.get('phase').or(`at position ${index + 1}`);
      const phase = `phase:${name}`;
      seen.add(site.raw);
      if (site.isBlank) yield problem('phase-has-site', phase, site, `Phase ${name} has no site.`);
      else if (!SITES.includes(site.raw)) {
        yield problem('phase-site-is-known', phase, site, `Phase ${name} is at \`${site.raw}\`, not shop or home.`);
      }
    }
    for (const site of SITES) {
      if (!seen.has(site))
        yield problem('site-has-phase', `site:${site}`, phases, `No phase starts anything at ${site}.`);
    }
  },

  examples: {
    pass: [
      {
        title: 'each site has a phase',
        files: { [STARTUP]: 'version: 2\nphases:\n  - { site: shop }\n  - { site: home }\n' },
      },
      {
        title: 'a quoted version and a fraction are accepted',
        files: { [STARTUP]: 'version: "1.9"\nphases: [{ site: "shop" }, { site: home }]\n' },
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
        title: 'a version in words stops the script',
        files: { [STARTUP]: 'version: two\n' },
        finds: ['unreadable version'],
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
