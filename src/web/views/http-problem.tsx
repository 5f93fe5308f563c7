/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { WebEnv } from '../env.ts';
import { renderPage } from './layout.tsx';

/** An error as RFC 9457 has it; as a page for somebody who looks at one. */
export function httpProblem<E extends WebEnv>(
  context: Context<E>,
  status: ContentfulStatusCode,
  title: string,
  detail?: string,
): Response | Promise<Response> {
  const isPage = context.req.header('accept')?.includes('text/html') && !context.req.path.startsWith('/api/');
  if (isPage) return errorPage(context, status, title, detail);
  const body = { type: 'about:blank', title, status, ...(detail === undefined ? {} : { detail }) };
  return context.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json' });
}

function errorPage<E extends WebEnv>(
  context: Context<E>,
  status: ContentfulStatusCode,
  title: string,
  detail: string | undefined,
): Response | Promise<Response> {
  context.status(status);
  return renderPage(
    context,
    title,
    <>
      <p class="eyebrow">{status}</p>
      <h1>{title}</h1>
      {detail === undefined ? null : <p>{detail}</p>}
    </>,
  );
}
