import type { Clock } from '../../../core/clock.ts';
import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate } from '../../../core/gate.ts';
import { isoInstant } from '../../../core/instants.ts';
import type { Repo, TextLine } from '../../../core/repo.ts';
import { joinRaw } from '../../../core/yaml/value.ts';
import { column } from '../../lib/bash/joins.ts';
import { absent } from '../../lib/files/files.ts';
import { membersByPosition } from '../../lib/files/members.ts';

const REGISTRY = 'docs/governance/SSOT_REGISTRY.yaml';
const DOCUMENTS = 'docs/governance';
const BINDINGS = 'ops/bindings/*.yaml';
const EXEMPTIONS = 'ops/bindings/binding.freshness.exemptions.yaml';
const MAX_DAYS = 21;

export default defineGate({
  name: 'ssot-freshness-lock',
  mirrors: ['cd1b49caf4f7b9bc9be6026a19157c526217d6e2'],
  why: 'A source of truth that nobody has looked at for three weeks is acted on all the same, with stale addresses and procedures. A date that cannot be read is not held against anybody, and without the file of exemptions no binding is looked at.',
  fix: 'Read the entry, document or binding again, correct it, and set its date to today as YYYY-MM-DD.',
  reads: [REGISTRY, EXEMPTIONS, `${DOCUMENTS}/*.md`, BINDINGS],
  deviates: ['A document that is a symbolic link is read as well; the script passes it by.'],

  *check({ repo, clock }) {
    if (!repo.isFile(REGISTRY)) return yield absent(repo, REGISTRY);
    yield* staleEntries(repo, clock);
    yield* staleDocuments(repo, clock);
    if (repo.isFile(EXEMPTIONS)) yield* staleBindings(repo, clock);
  },

  examples: {
    pass: [
      {
        title: '21 full days, the future and what is no date are all fine',
        files: {
          [REGISTRY]:
            'ssots: [{ id: a, last_reviewed: 2026-01-27 }, { id: b, last_reviewed: 2027-01-01 }, { id: c, last_reviewed: 2026-1-1 }, { id: d }, e]\n',
        },
      },
      { title: 'entries have to be a list', files: { [REGISTRY]: 'ssots: { a: { last_reviewed: 2025-01-01 } }\n' } },
      {
        title: 'only authoritative documents with both fields near the top count',
        files: {
          [REGISTRY]: '',
          [`${DOCUMENTS}/A.md`]: 'status: draft\nlast_verified: 2025-01-01\n',
          [`${DOCUMENTS}/B.md`]: 'status: authoritative # for now\nlast_verified: 2025-01-01\n',
          [`${DOCUMENTS}/C.md`]: 'status: authoritative\r\nlast_verified: 2025-01-01\r\n',
          [`${DOCUMENTS}/D.md`]: 'status: authoritative\n  last_verified: 2025-01-01\n',
          [`${DOCUMENTS}/E.md`]: `status: authoritative\n${'\n'.repeat(14)}last_verified: 2025-01-01\n`,
          [`${DOCUMENTS}/old/F.md`]: 'status: authoritative\nlast_verified: 2025-01-01\n',
        },
      },
      {
        title: 'a binding is exempt when an entry begins with its name, or has a comment after its date',
        files: {
          [REGISTRY]: '',
          [EXEMPTIONS]: 'updated: 2024-01-01\nexempt: [{ file: a.yaml }, { file: b.yaml.old }]\n',
          'ops/bindings/a.yaml': 'updated: 2024-01-01\n',
          'ops/bindings/b.yaml': 'updated: 2024-01-01\n',
          'ops/bindings/c.yaml': 'updated: "2024-01-01" # reviewed\n',
        },
      },
      {
        title: 'without exemptions no binding is looked at',
        files: { [REGISTRY]: '', 'ops/bindings/a.yaml': 'updated: 2024-01-01\n' },
      },
    ],
    fail: [
      { title: 'no registry', files: {}, finds: [`file-exists ${REGISTRY}`] },
      { title: 'a registry that is not YAML', files: { [REGISTRY]: '[' }, finds: [`unreadable ${REGISTRY}`] },
      {
        title: '22 days, archived or not, once for each entry',
        files: {
          [REGISTRY]:
            'ssots:\n  - { id: a, last_reviewed: "2026-01-26", archived: true }\n  - { id: a, last_reviewed: 20260126 }\n',
        },
        finds: ['registry-entry-is-fresh entry:a', 'registry-entry-is-fresh entry:a'],
      },
      {
        title: 'a hidden document, and a binding with Windows line ends',
        files: {
          [REGISTRY]: '',
          [`${DOCUMENTS}/.H.md`]: "status: 'authoritative'\nlast_verified:  2025-W20-1\n",
          [EXEMPTIONS]: 'exempt: [{ file: ops/bindings/z.yaml }]\n',
          'ops/bindings/z.yaml': 'updated: "2025-01-01"\r\n',
        },
        finds: [`document-is-fresh ${DOCUMENTS}/.H.md`, 'binding-is-fresh ops/bindings/z.yaml'],
      },
      { title: 'broken exemptions', files: { [REGISTRY]: '', [EXEMPTIONS]: '[' }, finds: [`unreadable ${EXEMPTIONS}`] },
    ],
  },
});

function* staleEntries(repo: Repo, clock: Clock): Generator<Problem> {
  for (const entry of membersByPosition(repo.yaml(REGISTRY).get('ssots'))) {
    const id = entry.get('id').raw;
    const reviewed = entry.get('last_reviewed');
    const age = staleAge(clock, reviewed.raw);
    if (age)
      yield problem('registry-entry-is-fresh', `entry:${id}`, reviewed, `\`${id}\` was last reviewed ${ago(age)}.`);
  }
}

function* staleDocuments(repo: Repo, clock: Clock): Generator<Problem> {
  const names = repo.names(DOCUMENTS).filter((name) => name.endsWith('.md'));
  const paths = names.map((name) => `${DOCUMENTS}/${name}`).filter((path) => repo.isFile(path));
  repo.prefetch(paths);
  for (const path of paths) {
    const lines = repo.lines(path);
    if (header(lines.slice(0, 10), 'status')?.value !== 'authoritative') continue;
    const verified = header(lines.slice(0, 15), 'last_verified');
    const age = staleAge(clock, verified?.value);
    if (age) yield problem('document-is-fresh', path, verified?.line, `\`${path}\` was last verified ${ago(age)}.`);
  }
}

function* staleBindings(repo: Repo, clock: Clock): Generator<Problem> {
  const exempt = joinRaw(column(repo.yaml(EXEMPTIONS).get('exempt'), 'file')).split('\n');
  const paths = repo.glob(BINDINGS).filter((path) => path !== EXEMPTIONS);
  repo.prefetch(paths);
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (exempt.some((entry) => entry.startsWith(name))) continue;
    const updated = header(repo.lines(path).slice(0, 20), 'updated');
    const age = staleAge(clock, updated?.value);
    if (age) yield problem('binding-is-fresh', path, updated?.line, `\`${path}\` was last updated ${ago(age)}.`);
  }
}

/** The first line `key: value` at the left margin; quotes fall out, blanks shrink, a carriage return stays. */
function header(lines: readonly TextLine[], key: string): { value: string; line: TextLine } | undefined {
  const line = lines.find(({ text }) => new RegExp(`^${key}:\\s`).test(text));
  const unquoted = line?.text.slice(key.length + 1).replace(/['"]/g, '');
  return line && { value: (unquoted ?? '').replace(/[ \t]+/g, ' ').replace(/^ | $/g, ''), line };
}

/** Age of a date beyond the limit. The second 0 of the epoch counts as no date. */
function staleAge(clock: Clock, date: string | undefined): number | undefined {
  const instant = isoInstant(date?.trim() ?? '');
  const age = instant ? clock.ageInDays(instant) : 0;
  return age > MAX_DAYS ? age : undefined;
}

function ago(age: number): string {
  return `${age} days ago; the limit is ${MAX_DAYS}`;
}
