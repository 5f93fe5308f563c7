import type { TextLine } from '../../../core/repo.ts';

const HEADING = /^Spine owns:/;
const ITEM = /^\s*- /;
/** How far below the heading the script looks, whatever stands there. */
const REACH = 10;

/** Says whether the README's list of what the repo owns names a surface; any list item within reach of the heading counts. */
export function ownership(readme: readonly TextLine[]): (surface: string) => boolean {
  let heading = Number.NEGATIVE_INFINITY;
  const near = readme.filter(({ text, number }) => {
    if (HEADING.test(text)) heading = number;
    return number <= heading + REACH;
  });
  const items = near
    .filter(({ text }) => ITEM.test(text))
    .map(({ text }) => text.replace(ITEM, '').replaceAll('`', ''));
  const owned = items.map(bareSurface);
  return (surface) => {
    const name = bareSurface(surface);
    return owned.some((item) => name.startsWith(item) || item.includes(name));
  };
}

function bareSurface(surface: string): string {
  return surface.replace('/**', '').replace(/\/$/, '');
}
