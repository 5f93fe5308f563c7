import type { YqNode } from './node.ts';
import { readYaml } from './read-yaml.ts';
import { YqError } from './signals.ts';

/** How much source text the parsed documents that are kept may have; what was used longest ago goes first. */
const REMEMBERED_CHARACTERS = 4_000_000;
const LONGEST = 8_000_000;

const remembered = new Map<string, readonly YqNode[] | YqError>();
let characters = 0;

/** The documents of a text, shared by all who ask for the same one: they must not be changed. Throws `YqError`. */
export function documentsOf(text: string): readonly YqNode[] {
  const known = remembered.get(text) ?? read(text);
  remembered.delete(text);
  if (text.length <= LONGEST) remembered.set(text, known);
  if (known instanceof YqError) throw known;
  return known;
}

/** A mistake is remembered, too: what stands before it is read once more to answer for that. */
function read(text: string): readonly YqNode[] | YqError {
  const answer = documentsOrMistake(text);
  if (text.length > LONGEST) return answer;
  characters += text.length;
  for (const oldest of remembered.keys()) {
    if (characters <= REMEMBERED_CHARACTERS) break;
    remembered.delete(oldest);
    characters -= oldest.length;
  }
  return answer;
}

function documentsOrMistake(text: string): readonly YqNode[] | YqError {
  try {
    return readYaml(text);
  } catch (error) {
    if (error instanceof YqError) return error;
    throw error;
  }
}
