/** Which machines a sentence is about, by their numbers. */
export interface MachineList {
  /** Whether it lists the number itself, alone or within a range. */
  names(id: string): boolean;
  /** Whether the machine of that number is among those that are meant. */
  includes(id: string): boolean;
}

type Range = readonly [from: number, to: number];

/** Where one statement ends. A full stop within a name, and a semicolon between two numbers, do not. */
const BOUNDARY = /\.(?= |$)|[()]|;(?! ?\d)/;
const LEAVES_OUT =
  /\b(?:exclu(?:de[sd]?|ding|sions?)|except(?:ed|ing)?|without|skip(?:s|ped|ping)?|omit(?:s|ted|ting)?|(?:left|leaves?|leaving) out|not in|not included|but not|all but|not(?= vmid| \d))\b/i;
const KEYWORD = /\bvmids?\b/gi;
const NUMBERS = /[ :=#]*(?:[,;&+]|and\b)? ?(\d+)(?: ?(?:-|–|—|\.\.|to\b) ?(\d+))?/iy;
const ALL = /\ball (?:\w+ )?(?:guests?|vms?|machines?|containers?|lxcs?|vmids?)\b|\ball but\b/i;

/**
 * Reads lists such as "vmid 200,201", "vmids: 210-214; 220", "all guests, exclude vmid 231" and "Not in the job: vmid 231".
 * Undefined where the text is about no machine by number, nor about all.
 */
export function readMachineList(text: string): MachineList | undefined {
  const statements = text.replace(/\s+/g, ' ').split(BOUNDARY).map(readStatement);
  const listed = statements.flatMap((statement) => statement.listed);
  const leftOut = statements.flatMap((statement) => statement.leftOut);
  const isAboutAll = ALL.test(text) || (listed.length === 0 && leftOut.length > 0);
  if (!isAboutAll && listed.length === 0) return undefined;
  return {
    names: (id) => isIn(id, listed),
    includes: (id) => !isIn(id, leftOut) && (isAboutAll || isIn(id, listed)),
  };
}

function readStatement(statement: string): { readonly listed: readonly Range[]; readonly leftOut: readonly Range[] } {
  const found = LEAVES_OUT.exec(statement);
  if (!found) return { listed: rangesBehindKeyword(statement), leftOut: [] };
  const inFront = rangesBehindKeyword(statement.slice(0, found.index));
  const after = statement.slice(found.index + found[0].length);
  const behind = rangesAt(after, 0).concat(rangesBehindKeyword(after));
  // "vmid 231 is excluded": what is left out stands in front.
  return behind.length === 0 ? { listed: [], leftOut: inFront } : { listed: inFront, leftOut: behind };
}

function rangesBehindKeyword(text: string): readonly Range[] {
  return [...text.matchAll(KEYWORD)].flatMap(({ index, 0: word }) => rangesAt(text, index + word.length));
}

/** The numbers and ranges that stand one behind the other from a place on. */
function rangesAt(text: string, start: number): readonly Range[] {
  const ranges: Range[] = [];
  NUMBERS.lastIndex = start;
  for (let found = NUMBERS.exec(text); found; found = NUMBERS.exec(text)) {
    const from = Number(found[1]);
    const to = Number(found[2] ?? from);
    ranges.push(from <= to ? [from, to] : [to, from]);
  }
  return ranges;
}

function isIn(id: string, ranges: readonly Range[]): boolean {
  return /^\d+$/.test(id) && ranges.some(([from, to]) => from <= Number(id) && Number(id) <= to);
}
