import type { YqNode } from './node.ts';
import { readYaml } from './read-yaml.ts';

/** How much source text the parsed documents that are kept may have; what was used longest ago goes first. */
const REMEMBERED_CHARACTERS = 4_000_000;
const LONGEST = 8_000_000;

const remembered = new Map<string, readonly YqNode[]>();
let characters = 0;

/** The documents of a text, shared by all who ask for the same one: they must not be changed. Throws `YqError`. */
export function documentsOf(text: string): readonly YqNode[] {
  const known = remembered.get(text);
  if (known) {
    remembered.delete(text);
    remembered.set(text, known);
    return known;
  }
  const documents = readYaml(text);
  if (text.length > LONGEST) return documents;
  remembered.set(text, documents);
  characters += text.length;
  for (const oldest of remembered.keys()) {
    if (characters <= REMEMBERED_CHARACTERS || oldest === text) break;
    remembered.delete(oldest);
    characters -= oldest.length;
  }
  return documents;
}
