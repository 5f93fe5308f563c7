import { Hono } from 'hono';
import type { WebEnv } from '../env.ts';
import { STYLE } from '../views/style.ts';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#14161a"/><path d="M5 2.5h1.4L5.1 13.5H2.6zM9.6 2.5H11l2.4 11h-2.5z" fill="#fff"/><path d="M7.6 2.5h.8v2.4h-.8zm-.1 4h1v2.7h-1zm-.2 4.2h1.4v2.8H7.3z" fill="#f5b301"/></svg>';

/** The stylesheet and the icon: they say nothing of anybody's repositories, so they are open. */
export const assets = new Hono<WebEnv>()
  .get('/style.css', (context) => {
    context.header('cache-control', 'public, max-age=31536000, immutable');
    return context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' });
  })
  .get('/icon.svg', (context) => {
    context.header('cache-control', 'public, max-age=86400');
    return context.body(ICON, 200, { 'content-type': 'image/svg+xml' });
  })
  .get('/favicon.ico', (context) => context.redirect('/icon.svg', 301))
  .get('/robots.txt', (context) => context.text('User-agent: *\nDisallow: /\n'));
