export type BadgeTone = 'good' | 'known' | 'bad' | 'blind' | 'stale';

export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly tone: BadgeTone;
}

/** Each with at least 4.5:1 against white text. */
const COLOURS: Readonly<Record<BadgeTone, string>> = {
  good: '#1a7f37',
  known: '#8a5a00',
  bad: '#c1121f',
  blind: '#6639ba',
  stale: '#62666d',
};

/** A badge as SVG that says the same to eyes and screen readers. */
export function badgeAsSvg({ label, message, tone }: Badge): string {
  const left = widthOf(label);
  const right = widthOf(message);
  const title = escapeXml(`${label}: ${message}`);
  const text = (content: string, start: number, width: number) =>
    `<text x="${start + width / 2}" y="14" textLength="${width - 12}">${escapeXml(content)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#3d444d"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${COLOURS[tone]}"/></g>`,
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    `${text(label, 0, left)}${text(message, left, right)}</g></svg>`,
  ].join('');
}

/** Close enough to Verdana at 11 px; `textLength` takes up the rest. */
function widthOf(text: string): number {
  const widths = Array.from(text, (character) =>
    /[il.,:;|!' ]/.test(character) ? 4 : /[mwMW@%]/.test(character) ? 10 : 7,
  );
  return widths.reduce((sum, width) => sum + width, 12);
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
