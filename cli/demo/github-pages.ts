import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { html } from 'hono/html';
import type { GitHubSimulator, IssueView } from '../../simulator/server.ts';
import { git } from '../../src/snapshot/clone/git.ts';

export interface Pages {
  readonly url: string;
  close(): Promise<void>;
}

/** A repository of the demo, by `owner/name`. */
export interface PagedRepository {
  readonly name: string;
  readonly gitDir: string;
}

const SHA = /^[0-9a-f]{7,40}$/;

/** The few of GitHub's pages that Lanekeeper links to: files, commits, comparisons, issues. */
export async function serveGitHubPages(
  repositories: readonly PagedRepository[],
  simulator: GitHubSimulator,
): Promise<Pages> {
  const app = new Hono();
  app.get('/favicon.ico', (context) => context.body(null, 204));
  const gitDirOf = (name: string) => repositories.find((repository) => repository.name === name)?.gitDir;

  app.get('/:owner/:repo/blob/:sha/:path{.+}', async (context) => {
    const { owner, repo, sha, path } = context.req.param();
    const gitDir = gitDirOf(`${owner}/${repo}`);
    if (!gitDir || !SHA.test(sha)) return context.notFound();
    const text = await git(gitDir, 'show', `${sha}:${path}`).catch(() => undefined);
    if (text === undefined) return context.notFound();
    const rows = text
      .replace(/\n$/, '')
      .split('\n')
      .map((line, index) => html`<li id="L${index + 1}"><pre>${line}</pre></li>`);
    return context.html(page(path, html`<p>${owner}/${repo} at ${sha.slice(0, 10)}</p><ol class="file">${rows}</ol>`));
  });

  app.get('/:owner/:repo/commit/:sha', async (context) => {
    const { owner, repo, sha } = context.req.param();
    const gitDir = gitDirOf(`${owner}/${repo}`);
    if (!gitDir || !SHA.test(sha)) return context.notFound();
    const text = await git(gitDir, 'show', '--stat', '--patch', sha).catch(() => undefined);
    return text === undefined ? context.notFound() : context.html(page(`Commit ${sha.slice(0, 10)}`, changes(text)));
  });

  app.get('/:owner/:repo/compare/:range', async (context) => {
    const { owner, repo, range } = context.req.param();
    const gitDir = gitDirOf(`${owner}/${repo}`);
    const [from = '', to = ''] = range.split('...');
    if (!gitDir || !SHA.test(from) || !SHA.test(to)) return context.notFound();
    const text = await git(gitDir, 'diff', '--stat', '--patch', `${from}...${to}`).catch(() => undefined);
    return text === undefined ? context.notFound() : context.html(page(range, changes(text)));
  });

  app.get('/:owner/:repo/issues', (context) => {
    const { owner, repo } = context.req.param();
    if (!gitDirOf(`${owner}/${repo}`)) return context.notFound();
    const rows = simulator
      .issues(`${owner}/${repo}`)
      .map(
        ({ number, state, title }) =>
          html`<li><a href="/${owner}/${repo}/issues/${number}">#${number} ${title}</a> (${state})</li>`,
      );
    return context.html(page('Issues', html`<ul>${rows}</ul>`));
  });

  app.get('/:owner/:repo/issues/:number{[0-9]+}', (context) => {
    const { owner, repo, number } = context.req.param();
    const issues = gitDirOf(`${owner}/${repo}`) ? simulator.issues(`${owner}/${repo}`) : [];
    const issue = issues.find((candidate) => candidate.number === Number(number));
    return issue ? context.html(issuePage(issue)) : context.notFound();
  });

  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

function issuePage({ number, title, state, labels, body, comments }: IssueView) {
  const parts = [body, ...comments].map((text) => html`<section><pre class="markdown">${text}</pre></section>`);
  return page(`#${number} ${title}`, html`<p>${state} · ${labels.join(', ')}</p>${parts}`);
}

function changes(text: string) {
  const line = (one: string) => {
    const kind = /^\+(?!\+\+)/.test(one) ? 'added' : /^-(?!--)/.test(one) ? 'removed' : '';
    return html`<span class="${kind}">${one}\n</span>`;
  };
  return html`<pre>${text.split('\n').map(line)}</pre>`;
}

function page(title: string, content: unknown) {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>
:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1rem auto; padding: 0 1rem }
pre { margin: 0; font-size: .875rem; white-space: pre-wrap; overflow-wrap: anywhere } .file { padding-left: 3.5rem } :target { background: Mark; color: MarkText }
section { border: 1px solid GrayText; border-radius: 8px; padding: .8rem; margin: 1rem 0 } .added { color: #1a7f37 } .removed { color: #c1121f }
</style></head><body><p>A stand-in for GitHub on this machine</p><h1>${title}</h1>${content}</body></html>`;
}
