/** Breaks what GitHub would turn into a mention, a reference or a link; it is invisible and lies between two characters. */
const SEAM = '\u200b';

/**
 * Everything that shows nothing: control and format characters (bidirectional, zero-width, tags), fillers and variation selectors, halves of
 * surrogate pairs, characters for private use, and line breaks and tabs, where one line is wanted.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]+/gu;

/** Text without anything that shows nothing, or that a terminal would obey. */
export function visible(text: string): string {
  return text.replace(UNSEEN, ' ');
}

/** A whole document without anything that shows nothing; its lines stay. */
export function visibleDocument(text: string): string {
  return text.replace(UNSEEN, (unseen) => unseen.replace(/[^\n\t]+/g, ' '));
}

/** One line of text without anything invisible, at most `limit` characters. */
export function oneLine(text: string, limit = 400): string {
  return cut(visible(text).replace(/\s+/g, ' ').trim(), limit);
}

/** No character is cut in two. */
function cut(line: string, limit: number): string {
  const characters = [...line.slice(0, limit * 2)];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : characters.join('');
}

/** Text from the audited repo as Markdown that shows just that text: no markup, mention, reference, link or HTML. */
export function neutral(text: string, limit?: number): string {
  return seams(oneLine(text, limit))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()+!|~$^=]/g, '\\$&')
    .replace(/^([-#]|\d+[.)])/, '\\$1');
}

/** Text that quotes values in backticks, as messages do: those become inline code, and the rest shows as just that text. */
export function prose(text: string, limit?: number): string {
  const parts = oneLine(text, limit).split('`');
  const quotesInPairs = parts.length % 2 === 1;
  if (!quotesInPairs) return neutral(text, limit);
  const around = (part: string) =>
    part.replace(/^( ?)(.*?)( ?)$/s, (_, before, inner, after) => `${before}${neutral(inner)}${after}`);
  return parts.map((part, index) => (index % 2 === 0 ? around(part) : code(part))).join('');
}

/** For titles, where GitHub renders no Markdown and takes 256 characters. */
export function neutralTitle(text: string): string {
  return cut(seams(oneLine(text, 250)), 250);
}

/** Text from the audited repo as inline code; in code GitHub makes no mentions or links, but our own marks would be found there. */
export function code(text: string, limit?: number): string {
  const line = oneLine(text, limit).replaceAll('`', 'ˋ').replaceAll('|', '∣').replaceAll('<!--', `<${SEAM}!--`);
  return line === '' ? '(empty)' : `\`${line}\``;
}

function seams(text: string): string {
  return text
    .replace(/[@#]/g, `$&${SEAM}`)
    .replace(/\bGH-(?=\d)/gi, `$&${SEAM}`)
    .replace(/(https?|ftp|mailto)(:)/gi, `$1${SEAM}$2`)
    .replace(/\bwww\./gi, `www${SEAM}.`)
    .replace(/[0-9a-f]{7,}/gi, (hex) => hex.replace(/.{6}(?=.)/g, `$&${SEAM}`));
}

/** A label of ours with a part from the repo in it: GitHub allows 50 characters. */
export function labelName(label: string): string {
  return oneLine(label, 50).replace(/[,@#<>]/g, '-');
}
