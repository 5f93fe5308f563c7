import gate from '../../src/gates/spine/doc-hygiene/rag-canonical-only-gate.ts';
import { nearMisses } from './near-misses.ts';

const RAG = 'ops/plugins/rag/bin/rag';
const INDEXER = { [RAG]: '# _audits/ _archived/ _imported/ legacy/ has_required_frontmatter\n' };
const HEAD = '---\nstatus: x\nowner: x\nlast_verified: x\n---\n';

function document(path: string, text = HEAD) {
  return { ...INDEXER, [path]: text };
}

function found(path: string): readonly string[] {
  return [`past-document-is-not-indexable ${path}`];
}

function ending(line: number): string {
  return `---\nstatus: x\nowner: x\nlast_verified: x\n${'\n'.repeat(line - 5)}---\n`;
}

export default nearMisses(gate, {
  pass: [
    { title: 'a folder that is left out', files: document('docs/legacy/a.md') },
    { title: 'an archive', files: document('docs/x/.archive/_audits/a.md') },
    { title: 'a name in capitals', files: document('docs/_audits/a.MD') },
    { title: 'another root', files: document('receipts/_audits/a.md') },
    { title: 'the end in line 81', files: document('docs/_audits/a.md', ending(81)) },
    { title: 'a byte order mark', files: document('docs/_audits/a.md', `\uFEFF${HEAD}`) },
    { title: 'a key is missing', files: document('docs/_audits/a.md', HEAD.replace('owner', 'author')) },
  ],
  fail: [
    {
      title: 'the end in line 80',
      files: document('docs/_audits/a.md', ending(80)),
      finds: found('docs/_audits/a.md'),
    },
    {
      title: 'a name that ends in _audits',
      files: document('docs/my_audits/a.md'),
      finds: found('docs/my_audits/a.md'),
    },
    { title: 'legacy elsewhere', files: document('surfaces/legacy/a.md'), finds: found('surfaces/legacy/a.md') },
    { title: 'hidden files', files: document('docs/.x/_imported/.a.md'), finds: found('docs/.x/_imported/.a.md') },
    {
      title: 'keys within other words, and spaces around the dashes',
      files: document('docs/_audits/a.md', ' --- \nmy_status: x\n# owner: x\nk: last_verified: x\n---\n'),
      finds: found('docs/_audits/a.md'),
    },
    {
      title: 'words in another order',
      files: { [RAG]: 'has_required_frontmatter\n' },
      finds: ['index-excludes-the-past _audits/'],
    },
  ],
});
