/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { visibleDocument } from '../../core/text/neutral.ts';
import type { WebEnv } from '../env.ts';
import { STATES } from './states.tsx';
import { STYLE_PATH } from './style.ts';
import { isoMinute } from './text.tsx';

/** A whole page round its content. */
export async function renderPage<E extends WebEnv>(
  context: Context<E>,
  title: string,
  content: Child,
): Promise<Response> {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · Lanekeeper`}</title>
        <link rel="stylesheet" href={STYLE_PATH} />
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip-link" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="brand" href="/">
            <Mark /> Lanekeeper
          </a>
          <nav aria-label="Lanekeeper">
            <a href="/">All repositories</a>
            <a href="/openapi.json">API</a>
          </nav>
        </header>
        <main id="main">{content}</main>
        <footer class="bottom">
          <Legend />
          <p>All times are UTC. This page was written at {isoMinute(context.get('ports').now())}.</p>
        </footer>
      </body>
    </html>
  );
  const whole = await html`<!doctype html>${page}`;
  // Names of the audited repo stand in many places, and nobody must be able to make one look like another.
  return context.html(visibleDocument(whole.toString()));
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 16 16" width="20" height="20" aria-hidden="true">
      <path d="M4.2 1h1.9L4.4 15H1zM9.9 1h1.9L15 15h-3.4z" fill="currentColor" />
      <path d="M7.5 1h1v3h-1zm-.2 5h1.4v3.4H7.3zm-.2 5.4h1.8V15H7.1z" class="mark-line" />
    </svg>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label="What the marks mean">
      {(['pass', 'fail', 'new', 'blind', 'skip', 'error'] as const).map((state) => (
        <li>
          <span class={`cell s-${state}`} aria-hidden="true">
            {STATES[state].glyph}
          </span>{' '}
          {STATES[state].word}
        </li>
      ))}
    </ul>
  );
}
