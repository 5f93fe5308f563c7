import type { Repo } from '../../core/repo.ts';
import { defineBasicsGate, isElsewhere, textOr } from '../lib/basics/define.ts';
import { linksOf } from '../lib/basics/markdown-links.ts';
import { folderOf, pathFrom } from '../lib/basics/paths.ts';

/** Configurations of site generators that make a folder of every page. */
const SITES = [
  'mkdocs.yml',
  'mkdocs.yaml',
  'zensical.toml',
  'hugo.toml',
  'hugo.yaml',
  'docusaurus.config.js',
  'docusaurus.config.ts',
];

const ELSEWHERE = /^(?:[a-z][a-z\d+.-]*:|\/\/|#|$)/i;
/** Placeholders and prose: what nobody means as a path. */
const NO_PATH = /[{}<>$*|`"]|\.\.\.|…|[^\x20-\x7e\u00c0-\u024f]/;

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** Whether something is there, as GitHub or a site generator would find it. */
function leadsSomewhere(repo: Repo, path: string): boolean {
  if (path === '' || repo.isFile(path) || repo.isDirectory(path)) return true;
  const stem = path.replace(/\.html?$/, '');
  const pages = [`${stem}.md`, `${stem}/index.md`, `${stem}/_index.md`, `${stem}/README.md`, `${stem}.mdx`];
  return pages.some((page) => repo.isFile(page));
}

/** A site generator serves `a.md` as `a/`, so that a link to a folder or a picture may start from there. */
function pageFrom(file: string, written: string): string | undefined {
  const isServed = written.endsWith('/') || !/\.md$/i.test(written);
  return isServed && !/(?:^|\/)(?:index|_index|README)\.md$/i.test(file)
    ? pathFrom(file.replace(/\.md$/, ''), written)
    : undefined;
}

export default defineBasicsGate({
  name: 'relative-links-resolve',
  number: 'B2',
  about: 'Markdown files',
  severity: 'low',
  why: 'A runbook is read when something is down. A link that leads nowhere costs the minutes that were to be saved.',
  fix: 'Correct the link, or take it out.',
  limits: 'Links to other sites and to headings are not looked at.',
  reads: ['**/*.md'],

  rules: { 'link-target-exists': '`{target}` leads to {path}, which does not exist.' },

  *check(files, report, { repo }) {
    const isSite = SITES.some((path) => repo.isFile(path));
    for (const file of files) {
      const text = textOr(repo, file);
      if (typeof text !== 'string') {
        if (!isElsewhere(text)) yield text;
        continue;
      }
      const seen = new Set<string>();
      for (const { target, line } of linksOf(text)) {
        const bare = target.replace(/^<(.*)>$/, '$1');
        const [written = ''] = bare.split(/[#?]/, 1);
        if (ELSEWHERE.test(bare) || written === '' || NO_PATH.test(written)) continue;
        const isRooted = written.startsWith('/');
        const path = pathFrom(isRooted ? '' : folderOf(file), decoded(written));
        const isPathLike = /[/.]/.test(written);
        if (path === undefined || !isPathLike || leadsSomewhere(repo, path) || seen.has(path)) continue;
        const page = isSite ? pageFrom(file, decoded(written)) : undefined;
        if (page !== undefined && leadsSomewhere(repo, page)) continue;
        // From the root of a site, a path says nothing about the repo.
        if (isRooted && !repo.isDirectory(path.split('/', 1)[0] ?? '')) continue;
        seen.add(path);
        const at = { place: { ...repo.at(file).place, line } };
        yield report('link-target-exists', `${file} to ${path}`, at, { target: bare, path });
      }
    }
  },

  examples: {
    pass: [
      {
        title: 'a page of a site, from where the site serves it',
        files: { 'mkdocs.yml': '', 'docs/install/try.md': '[next](../after/#logins)\n', 'docs/install/after.md': '' },
      },
      {
        title: 'a file, a folder, a heading, another site',
        files: { 'docs/a.md': '[a](../b.md#top) [b](./) [c](#x) [d](https://x.org/y.md)', 'b.md': '' },
      },
      {
        title: 'in code, in a comment, in prose',
        files: {
          'a.md': '```\n[a](gone.md)\n```\n`[b](gone.md)` <!-- [c](gone.md) -->\nsee [d](what follows here) and [e](…)',
        },
      },
    ],
    fail: [
      {
        title: 'a file that has moved',
        files: { 'docs/a.md': 'x\n[a](../gone.md)' },
        finds: ['link-target-exists docs/a.md to gone.md'],
      },
    ],
  },
});
