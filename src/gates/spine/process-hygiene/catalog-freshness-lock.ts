import { isoInstant } from '../../../core/instants.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { defineGate } from '../../lib/define.ts';
import { membersByPosition } from '../../lib/files/members.ts';
import { yamlOrDie } from '../../lib/needs.ts';

const CATALOG = 'ops/bindings/capability.domain.catalog.yaml';
const MAX_DAYS = 7;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})([T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** A date, or a date and a time, at UTC where no zone is given. */
function dateOf(text: string): number | undefined {
  const [, year, month = '', day = '', time = ''] = DATE.exec(text) ?? [];
  return isoInstant(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time}`);
}

function catalog(...dates: readonly string[]): string {
  const domains = dates.map((date) => `{ domain_id: x, last_synced: ${date} }`);
  return `catalog_root: docs\ndomains: [${domains.join(', ')}]\n`;
}

export default defineGate({
  name: 'catalog-freshness-lock',
  mirrors: ['63e308cfcba0970fe1f73f34c727715517b6db3d'],
  why: 'The catalogue of capabilities per domain is generated. A week after the last run it sends agents to capabilities that have moved, and all domains turn stale on the same day.',
  fix: 'Regenerate the catalogue, which sets `last_synced` and writes CAPABILITIES.md for each domain, and commit both.',
  needs: { catalog: yamlOrDie(CATALOG) },
  deviates: ['Dates that only the Linux `date` program reads (`20260216`, `yesterday`) are not dates, as on the Mac.'],

  rules: {
    'catalog-has-root': 'The catalogue does not say where its domains are documented.',
    'catalog-has-domains': 'The catalogue lists no domain.',
    'domain-has-sync-date': '`{domain}` has no `last_synced` date.',
    'sync-date-is-a-date': '`last_synced` of `{domain}` is `{date}`, not a date like 2026-02-16.',
    'domain-is-fresh': '`{domain}` was last synced {age} days ago; the limit is {limit}.',
    'domain-is-documented': '{path} does not exist.',
  },

  *check({ catalog }, report, { repo, clock }) {
    const [root, domains] = [catalog.get('catalog_root'), catalog.get('domains')];
    if (isUnset(root)) return yield report('catalog-has-root', 'catalog_root', root);
    if (domains.length === 0) return yield report('catalog-has-domains', 'domains', domains);

    for (const entry of membersByPosition(domains)) {
      const domain = entry.get('domain_id').raw;
      const [subject, synced] = [`domain:${domain}`, entry.get('last_synced')];
      const instant = dateOf(synced.raw);
      if (instant === undefined) {
        const rule = isUnset(synced) ? 'domain-has-sync-date' : 'sync-date-is-a-date';
        yield report(rule, subject, synced, { domain, date: synced });
        continue;
      }
      const age = clock.ageBeyond(MAX_DAYS, instant);
      if (age !== undefined) yield report('domain-is-fresh', subject, synced, { domain, age, limit: MAX_DAYS });
      const path = `${root.raw}/${domain}/CAPABILITIES.md`;
      if (!repo.isFile(path)) yield report('domain-is-documented', path, entry, { path });
    }
  },

  examples: {
    pass: [
      {
        title: 'seven days old until midnight UTC, and an empty CAPABILITIES.md',
        now: '2026-02-23T23:59:59Z',
        files: { [CATALOG]: catalog("'2026-02-16'"), 'docs/x/CAPABILITIES.md': '' },
      },
    ],
    fail: [
      { title: 'no root', files: { [CATALOG]: 'domains: []\n' }, finds: ['catalog-has-root catalog_root'] },
      { title: 'no domains', files: { [CATALOG]: catalog() }, finds: ['catalog-has-domains domains'] },
      {
        title: 'the eighth day, and no document',
        now: '2026-02-24T00:00:00Z',
        files: { [CATALOG]: catalog('2026-02-16') },
        finds: ['domain-is-fresh domain:x', 'domain-is-documented docs/x/CAPABILITIES.md'],
      },
      {
        title: 'where there is no date, the document is not looked for',
        files: { [CATALOG]: catalog('"null"', '~', '2026-02-30', '2026-02', '1771340000') },
        finds: [
          'domain-has-sync-date domain:x',
          'domain-has-sync-date domain:x',
          'sync-date-is-a-date domain:x',
          'sync-date-is-a-date domain:x',
          'sync-date-is-a-date domain:x',
        ],
      },
    ],
  },
});
