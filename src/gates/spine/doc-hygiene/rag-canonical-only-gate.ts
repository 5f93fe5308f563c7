import type { Repo } from '../../../core/repo.ts';
import { defineGate } from '../../lib/define.ts';
import { lines } from '../../lib/needs.ts';

const RAG = 'ops/plugins/rag/bin/rag';
/** Hidden documents count. */
const DOCUMENTS = ['docs', 'ops', 'surfaces'].flatMap((root) => [
  `${root}/**/*.md`,
  `${root}/**/.md`,
  `${root}/**/.*.md`,
]);
const PAST = ['_audits/', '_archived/', '_imported/', 'legacy/'];
const EXCLUDED = /^docs\/(?:legacy|governance\/_(?:audits|archived|imported))\//;
const KEYS = ['status:', 'owner:', 'last_verified:'];
/** Front matter that has not ended here is none. */
const LAST_LINE = 80;

export default defineGate({
  name: 'rag-canonical-only-gate',
  mirrors: ['5c83f1b98af092ad06f8b6d8786ce6506f821e37'],
  why: 'The knowledge index feeds agents. Once it takes audits, archives or imports, an agent acts on a past that nobody corrected.',
  fix: "Take the document's front matter out, or move it to where documents are current; restore the exclusion in ops/plugins/rag/bin/rag.",
  limits: 'What the index really takes is not tried; the words of its exclusions are looked for, in comments too.',
  needs: { rag: lines(RAG) },

  rules: {
    'index-excludes-the-past': 'The indexer does not mention `{part}`, so documents there are indexed.',
    'index-asks-for-front-matter': 'The indexer does not call `has_required_frontmatter`, so any document is indexed.',
    'past-document-is-not-indexable': '`{path}` lies among past documents and has the front matter of a current one.',
  },

  *check({ rag }, report, { repo }) {
    const mentions = (word: string) => rag.some(({ text }) => text.includes(word));
    const part = PAST.find((word) => !mentions(word));
    if (part !== undefined) return yield report('index-excludes-the-past', part, repo.at(RAG), { part });
    if (!mentions('has_required_frontmatter')) return yield report('index-asks-for-front-matter', RAG, repo.at(RAG));
    const candidates = DOCUMENTS.flatMap((pattern) => repo.glob(pattern)).filter(isOfThePast);
    repo.prefetch(candidates);
    for (const path of candidates)
      if (isIndexable(repo, path)) yield report('past-document-is-not-indexable', path, repo.at(path), { path });
  },

  examples: {
    pass: [
      {
        title: 'a past document without front matter',
        files: { [RAG]: `${PAST.join(' ')} has_required_frontmatter\n`, 'docs/brain/_imported/a.md': '# A\n' },
      },
    ],
    fail: [
      { title: 'no indexer', files: {}, finds: [`file-exists ${RAG}`] },
      {
        title: 'an exclusion is gone',
        files: { [RAG]: '_audits/ _archived/\n' },
        finds: ['index-excludes-the-past _imported/'],
      },
      {
        title: 'any document is taken',
        files: { [RAG]: `${PAST.join(' ')}\n` },
        finds: [`index-asks-for-front-matter ${RAG}`],
      },
      {
        title: 'an import that looks current',
        files: {
          [RAG]: `${PAST.join(' ')} has_required_frontmatter\n`,
          'ops/legacy/a.md': '---\nstatus: x\nowner: x\nlast_verified: x\n---\n',
        },
        finds: ['past-document-is-not-indexable ops/legacy/a.md'],
      },
    ],
  },
});

function isOfThePast(path: string): boolean {
  if (path.includes('/.archive/') || EXCLUDED.test(path)) return false;
  return PAST.slice(0, 3).some((part) => path.includes(part)) || path.includes('/legacy/');
}

function isIndexable(repo: Repo, path: string): boolean {
  const texts = repo.lines(path).map(({ text }) => text);
  const end = texts.slice(1, LAST_LINE).findIndex((text) => text.trim() === '---');
  if (texts[0]?.trim() !== '---' || texts[0]?.startsWith('\uFEFF') || end < 0) return false;
  const head = texts.slice(0, end + 2).join('\n');
  return KEYS.every((key) => head.includes(key));
}
