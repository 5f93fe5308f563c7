/** Pages of a list, and the `Link` header that leads through them. */
import type { Answer, Call } from './call.ts';

export interface PageRequest {
  page: number;
  perPage: number;
}

/** GitHub clamps what it does not like instead of refusing it. */
export function pageOf(query: Record<string, string>): PageRequest {
  const perPage = Number(query.per_page ?? 30);
  const page = Number(query.page ?? 1);
  return {
    perPage: Math.min(100, perPage >= 1 ? Math.floor(perPage) : 30),
    page: page >= 1 ? Math.floor(page) : 1,
  };
}

/** The links GitHub gives: by numeric repository id, to be followed as they are. */
export function linkHeader(call: Call, total: number, perPage = pageOf(call.query).perPage): Record<string, string> {
  const { page } = pageOf(call.query);
  const last = Math.max(1, Math.ceil(total / perPage));
  const links: string[] = [];
  const add = (target: number, rel: string): void => {
    const url = new URL(call.url);
    if (call.repository !== undefined) {
      url.pathname = url.pathname.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${call.repository.id}`);
    }
    url.searchParams.set('page', String(target));
    const path = `${url.pathname}${url.search}`;
    links.push(`<${call.world.url}${path}>; rel="${rel}"`);
  };
  if (page > 1) add(page - 1, 'prev');
  if (page < last) add(page + 1, 'next');
  if (page < last) add(last, 'last');
  if (page > 1) add(1, 'first');
  return links.length > 0 ? { link: links.join(', ') } : {};
}

/** Answers one page of a list that is at hand as a whole. */
export function pageAnswer<Item>(call: Call, items: readonly Item[], present: (item: Item) => unknown): Answer {
  const { page, perPage } = pageOf(call.query);
  const shown = call.distortion.emptyList === true ? [] : items;
  const slice = shown.slice((page - 1) * perPage, page * perPage);
  return { status: 200, body: slice.map(present), headers: linkHeader(call, shown.length) };
}
