import type { Example } from '../../core/gate.ts';

/** Makes an example: what it shows, which texts are replaced in the sound files, and what the gate then finds. */
export type Variation = (
  title: string,
  edits: Readonly<Record<string, string>>,
  ...finds: readonly string[]
) => Example;

/**
 * For gates with many rules on the same files: examples that are all one sound state with a small edit.
 * Each text is replaced once, in the first file that holds it; a text that no file holds throws, so that an example cannot go stale.
 */
export function variationsOf(files: Readonly<Record<string, string>>, rest: Partial<Example> = {}): Variation {
  return (title, edits, ...finds) => {
    const edited = { ...files };
    for (const [text, replacement] of Object.entries(edits)) {
      const [path, before] = Object.entries(edited).find(([, content]) => content.includes(text)) ?? [];
      if (path === undefined || before === undefined) throw new Error(`no file of the example holds ${text}`);
      edited[path] = before.replace(text, () => replacement);
    }
    return { ...rest, title, files: edited, finds };
  };
}
