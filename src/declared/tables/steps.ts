/** One step into a document: a key, every item of a list, or every value of a map. */
export type Step = { readonly key: string } | 'items' | 'values';

const PART = /^(?:"([^"]*)"|(\{\})|([^.[\]{}"]+))?((?:\[\])*)(?:\.|$)/;

/**
 * Reads an `each`: keys with dots between them, `[]` for every item of a list, `{}` for every value of a map, quotes around a key with a dot.
 * `sites.{}.hosts[]` is every host of every site. Gives undefined for a text that is none.
 */
export function parseSteps(text: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (let rest = text; rest !== ''; ) {
    const [whole, quoted, values, bare, lists = ''] = PART.exec(rest) ?? [];
    if (!whole || whole === '.') return undefined;
    const key = quoted ?? bare;
    if (values) steps.push('values');
    else if (key !== undefined) steps.push({ key });
    for (let at = 0; at < lists.length; at += 2) steps.push('items');
    rest = rest.slice(whole.length);
    if (rest === '' && whole.endsWith('.')) return undefined;
  }
  return steps;
}
