import { problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { isoInstant } from '../../../core/instants.ts';
import { isUnset } from '../../lib/bash/unset.ts';
import { absent } from '../../lib/files/files.ts';
import { membersByPosition } from '../../lib/files/members.ts';

const CATALOG = 'ops/bindings/capability.domain.catalog.yaml';
const MAX_DAYS = 7;

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})([T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

export default defineGate({
  name: 'catalog-freshness-lock',
  mirrors: ['63e308cfcba0970fe1f73f34c727715517b6db3d'],
  why: 'The catalogue of capabilities per domain is generated. A week after the last run it sends agents to capabilities that have moved, and all domains turn stale on the same day.',
  fix: 'Regenerate the catalogue, which sets `last_synced` and writes CAPABILITIES.md for each domain, and commit both.',
  reads: [CATALOG],
  deviates: [
    'Dates that only the Linux `date` program reads (`20260216`, `Feb 16 2026`, `yesterday`) count as no date, as they do on the Mac where the script runs.',
  ],

  *check({ repo, clock }) {
    if (!repo.isFile(CATALOG)) return yield absent(repo, CATALOG);
    const catalog = repo.yaml(CATALOG);
    const root = catalog.get('catalog_root');
    if (isUnset(root)) {
      return yield problem(
        'catalog-has-root',
        'catalog_root',
        root,
        'The catalogue does not say where its domains are documented.',
      );
    }
    const domains = catalog.get('domains');
    if (domains.length === 0)
      return yield problem('catalog-has-domains', 'domains', domains, 'The catalogue lists no domain.');

    for (const domain of membersByPosition(domains)) {
      const id = domain.get('domain_id').raw;
      const synced = domain.get('last_synced');
      const instant = dateOf(synced.raw);
      if (isUnset(synced)) {
        yield problem(
          'domain-has-sync-date',
          `domain:${id}`,
          synced,
          `\`${id}\` does not say when it was last synced.`,
        );
        continue;
      }
      if (instant === undefined) {
        const message = `\`${synced.raw}\`, when \`${id}\` was last synced, is not a date like 2026-02-16.`;
        yield problem('sync-date-is-a-date', `domain:${id}`, synced, message);
        continue;
      }
      const age = clock.ageInDays(instant);
      if (age > MAX_DAYS) {
        const message = `\`${id}\` was last synced ${age} days ago; the limit is ${MAX_DAYS}.`;
        yield problem('domain-is-fresh', `domain:${id}`, synced, message);
      }
      const capabilities = `${root.raw}/${id}/CAPABILITIES.md`;
      if (!repo.isFile(capabilities))
        yield problem('domain-is-documented', capabilities, domain, `${capabilities} does not exist.`);
    }
  },

  examples: {
    pass: [
      {
        title: 'seven days old until midnight UTC, and an empty CAPABILITIES.md',
        now: '2026-02-23T23:59:59Z',
        files: { [CATALOG]: catalog("'2026-02-16'"), 'docs/x/CAPABILITIES.md': '' },
      },
      {
        title: 'a date without zeros, a time with an offset, a date to come',
        files: {
          [CATALOG]: catalog('2026-2-16', '2026-02-09T22:00:00+01:00', '2030-01-01'),
          'docs/x/CAPABILITIES.md': '',
        },
      },
      {
        title: 'without an id the path has the word null',
        files: {
          [CATALOG]: 'catalog_root: docs/\ndomains: [{ last_synced: 2026-02-16 }]\n',
          'docs/null/CAPABILITIES.md': '',
        },
      },
    ],
    fail: [
      { title: 'no catalogue', files: {}, finds: [`file-exists ${CATALOG}`] },
      { title: 'not YAML', files: { [CATALOG]: 'domains: [\n' }, finds: [`unreadable ${CATALOG}`] },
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
      {
        title: 'names of documents are case-sensitive',
        files: { [CATALOG]: catalog('2026-02-16'), 'docs/x/Capabilities.md': '' },
        finds: ['domain-is-documented docs/x/CAPABILITIES.md'],
      },
    ],
  },
});

/** A date, or a date and a time, at UTC where no zone is given. */
function dateOf(text: string): number | undefined {
  const [, year, month = '', day = '', time = ''] = DATE.exec(text) ?? [];
  return isoInstant(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time}`);
}

function catalog(...dates: readonly string[]): string {
  const domains = dates.map((date) => `{ domain_id: x, last_synced: ${date} }`);
  return `catalog_root: docs\ndomains: [${domains.join(', ')}]\n`;
}
