/** Where a link leads, as written. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

const INLINE =
  /!?\[(?:[^[\]\\]|\\.|\[[^\]]*\])*\]\(\s*(<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)(?:\s+(?:"[^"]*"|'[^']*'|\([^)]*\)))?\s*\)/g;
const DEFINITION = /^ {0,3}\[[^\]]+\]:\s+(<[^<>]*>|\S+)/;
/** In a tag as people write it in Markdown, for a picture's width. */
const TAG = /<(?:a|img|source)\s(?:[^<>]*?\s)?(?:href|src)=(?:"([^"<>]*)"|'([^'<>]*)')/gi;
/** A line of more is nobody's prose, and the patterns above would take for ever. */
const LONGEST_LINE = 5_000;
const MOST_MARKS = 200;

/** Links outside of code and comments, with the line of each. */
export function* linksOf(text: string): Generator<Link> {
  let fence: string | undefined;
  let isComment = false;
  for (const [index, whole] of text.split('\n').entries()) {
    const mark = /^\s*(?:>\s*)*(`{3,}|~{3,})/.exec(whole)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    const isProse = whole.length <= LONGEST_LINE && (whole.match(/[[`]/g) ?? []).length <= MOST_MARKS;
    const isOfInterest = isComment || /\][(:]|<!--|(?:href|src)=/i.test(whole);
    if (!isProse || !isOfInterest) continue;
    const uncommented = whole.replace(/<!--.*?-->/g, '');
    if (isComment && !uncommented.includes('-->')) continue;
    const line: string = isComment ? uncommented.slice(uncommented.indexOf('-->') + 3) : uncommented;
    isComment = line.includes('<!--');
    const seen = (isComment ? line.slice(0, line.indexOf('<!--')) : line).replace(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    if (/^(?: {4}|\t)/.test(seen) && !/^\s*(?:[-*+]|\d+[.)])\s/.test(seen) && index > 0 && !/\]\(|=["']/.test(seen))
      continue;
    for (const [, target = ''] of seen.matchAll(INLINE)) yield { target: unescaped(target), line: index + 1 };
    for (const [, double, single = ''] of seen.matchAll(TAG)) yield { target: double ?? single, line: index + 1 };
    const defined = DEFINITION.exec(seen)?.[1];
    if (defined !== undefined && !/^\[\^/.test(seen.trim())) yield { target: unescaped(defined), line: index + 1 };
  }
}

/** `\_` stands for `_`. */
function unescaped(target: string): string {
  return target.replace(/\\([!-/:-@[-`{-~])/g, '$1');
}
