import gate from '../../src/gates/spine/process-hygiene/catalog-freshness-lock.ts';
import { nearMisses } from './near-misses.ts';

const CATALOG = 'ops/bindings/capability.domain.catalog.yaml';

function catalog(...dates: readonly string[]): string {
  const domains = dates.map((date) => `{ domain_id: x, last_synced: ${date} }`);
  return `catalog_root: docs\ndomains: [${domains.join(', ')}]\n`;
}

export default nearMisses(gate, {
  pass: [
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
    {
      title: 'names of documents are case-sensitive',
      files: { [CATALOG]: catalog('2026-02-16'), 'docs/x/Capabilities.md': '' },
      finds: ['domain-is-documented docs/x/CAPABILITIES.md'],
    },
  ],
});
