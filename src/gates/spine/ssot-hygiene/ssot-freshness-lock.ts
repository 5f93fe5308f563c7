import type { Clock } from '../../../core/clock.ts';
import { isoInstant } from '../../../core/instants.ts';
import type { TextLine } from '../../../core/repo.ts';
import { joinRaw } from '../../../core/yaml/value.ts';
import { column } from '../../lib/bash/joins.ts';
import { defineGate } from '../../lib/define.ts';
import { membersByPosition } from '../../lib/files/members.ts';
import { later, optional, yamlOrDie } from '../../lib/needs.ts';

const REGISTRY = 'docs/governance/SSOT_REGISTRY.yaml';
const DOCUMENTS = 'docs/governance';
const BINDINGS = 'ops/bindings/*.yaml';
const EXEMPTIONS = 'ops/bindings/binding.freshness.exemptions.yaml';
const MAX_DAYS = 21;

/** The first line `key: value` at the left margin; quotes fall out, blanks shrink, a carriage return stays. */
function header(lines: readonly TextLine[], key: string): { value: string; line: TextLine } | undefined {
  const line = lines.find(({ text }) => new RegExp(`^${key}:\\s`).test(text));
  const unquoted = line?.text.slice(key.length + 1).replace(/['"]/g, '');
  return line && { value: (unquoted ?? '').replace(/[ \t]+/g, ' ').replace(/^ | $/g, ''), line };
}

/** Age of a date beyond the limit. The second 0 of the epoch counts as no date. */
function staleAge(clock: Clock, date: string | undefined): number | undefined {
  const instant = isoInstant(date?.trim() ?? '');
  return instant ? clock.ageBeyond(MAX_DAYS, instant) : undefined;
}

export default defineGate({
  name: 'ssot-freshness-lock',
  mirrors: ['cd1b49caf4f7b9bc9be6026a19157c526217d6e2'],
  why: 'A source of truth that nobody has reviewed for three weeks is still acted on, with stale addresses and procedures.',
  fix: 'Read the entry, document or binding again, correct it, and set its date to today as YYYY-MM-DD.',
  limits: 'A date that cannot be read counts as fresh, and no binding is checked unless the file of exemptions exists.',
  needs: { registry: yamlOrDie(REGISTRY), exemptions: optional(later(yamlOrDie(EXEMPTIONS))) },
  alsoReads: [`${DOCUMENTS}/*.md`, BINDINGS],
  deviates: ['A document that is a symbolic link is read as well; the script skips it.'],

  rules: {
    'registry-entry-is-fresh': '`{entry}` was last reviewed {age} days ago; the limit is {limit}.',
    'document-is-fresh': '`{path}` was last verified {age} days ago; the limit is {limit}.',
    'binding-is-fresh': '`{path}` was last updated {age} days ago; the limit is {limit}.',
  },

  *check({ registry, exemptions }, report, { repo, clock }) {
    const limit = MAX_DAYS;
    for (const entry of membersByPosition(registry.get('ssots'))) {
      const [id, reviewed] = [entry.get('id').raw, entry.get('last_reviewed')];
      const age = staleAge(clock, reviewed.raw);
      if (age) yield report('registry-entry-is-fresh', `entry:${id}`, reviewed, { entry: id, age, limit });
    }
    const names = repo.names(DOCUMENTS).filter((name) => name.endsWith('.md'));
    const documents = names.map((name) => `${DOCUMENTS}/${name}`).filter((path) => repo.isFile(path));
    repo.prefetch(documents);
    for (const path of documents) {
      const lines = repo.lines(path, 15);
      if (header(lines.slice(0, 10), 'status')?.value !== 'authoritative') continue;
      const verified = header(lines, 'last_verified');
      const age = staleAge(clock, verified?.value);
      if (age) yield report('document-is-fresh', path, verified?.line, { path, age, limit });
    }
    if (!exemptions) return;
    const exempt = joinRaw(column(exemptions().get('exempt'), 'file')).split('\n');
    const bindings = repo.glob(BINDINGS).filter((path) => path !== EXEMPTIONS);
    repo.prefetch(bindings);
    for (const path of bindings) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (exempt.some((entry) => entry.startsWith(name))) continue;
      const updated = header(repo.lines(path, 20), 'updated');
      const age = staleAge(clock, updated?.value);
      if (age) yield report('binding-is-fresh', path, updated?.line, { path, age, limit });
    }
  },

  examples: {
    pass: [
      {
        title: '21 full days',
        files: { [REGISTRY]: 'ssots: [{ id: a, last_reviewed: 2026-01-27 }]\n' },
      },
    ],
    fail: [
      {
        title: '22 days, in each of the three places',
        files: {
          [REGISTRY]: 'ssots: [{ id: a, last_reviewed: 2026-01-26 }]\n',
          [`${DOCUMENTS}/D.md`]: 'status: authoritative\nlast_verified: 2026-01-26\n',
          [EXEMPTIONS]: 'exempt: []\n',
          'ops/bindings/b.yaml': 'updated: 2026-01-26\n',
        },
        finds: [
          'registry-entry-is-fresh entry:a',
          `document-is-fresh ${DOCUMENTS}/D.md`,
          'binding-is-fresh ops/bindings/b.yaml',
        ],
      },
    ],
  },
});
