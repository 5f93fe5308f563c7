import { importsIn } from '../../architecture/imports.ts';

/** A gate's file, measured: the whole of it, and what is left of it without examples and what only they use. */
export interface GateSize {
  readonly whole: number;
  readonly logic: number;
}

/** A piece of a file at its left margin, up to the next one. */
interface Piece {
  readonly lines: readonly string[];
  /** What it declares; none for imports and the default export. */
  readonly names: readonly string[];
}

/** Counts the lines of a gate's source. Helpers count wherever they stand; a fixture counts as an example when nothing else names it. */
export function measureGate(source: string): GateSize {
  const lines = source.trimEnd().split('\n');
  const pieces = piecesOf(withoutExamples(lines));
  let kept = pieces;
  for (let before = -1; before !== kept.length; ) {
    before = kept.length;
    kept = kept.filter(({ names }, index) => {
      const others = kept.filter((_, other) => other !== index).flatMap((piece) => piece.lines);
      return names.length === 0 || others.some((line) => names.some((name) => new RegExp(`\\b${name}\\b`).test(line)));
    });
  }
  return { whole: lines.length, logic: kept.flatMap((piece) => piece.lines).length };
}

/** Lines of each gate's logic by its file, those of files in `lib` that no other gate reaches included. Wants the text of every file below src/gates, by path. */
export function gateSizes(texts: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const gates = [...texts.keys()].filter((file) => /^src\/gates\/(?:spine\/[^/]+|resilience|basics)\//.test(file));
  const reached = new Map(gates.map((gate) => [gate, reachedFrom(gate, texts)]));
  const users = Map.groupBy(
    [...reached].flatMap(([gate, shapes]) => [...shapes].map((shape) => ({ gate, shape }))),
    ({ shape }) => shape,
  );
  const sizes = new Map(gates.map((gate) => [gate, measureGate(texts.get(gate) ?? '').logic]));
  for (const [shape, [first, ...others]] of users) {
    if (!first || others.length > 0) continue;
    const lines = (texts.get(shape) ?? '').trimEnd().split('\n').length;
    sizes.set(first.gate, (sizes.get(first.gate) ?? 0) + lines);
  }
  return sizes;
}

function reachedFrom(gate: string, texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [gate];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const imported of importsIn(texts.get(file) ?? '', file)) {
      if (!imported.startsWith('src/gates/lib/') || found.has(imported)) continue;
      found.add(imported);
      open.push(imported);
    }
  }
  return found;
}

/** The lines but for the property `examples` (or `shown`, from which a family makes them) of the gate. */
function withoutExamples(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => /^ {2}(?:examples|shown): /.test(line));
  if (start < 0) return lines;
  const isOneLine = lines[start]?.endsWith(',');
  const end = isOneLine ? start : lines.findIndex((line, index) => index > start && /^ {2}[\]})]/.test(line));
  return [...lines.slice(0, start), ...lines.slice(end + 1)];
}

function piecesOf(lines: readonly string[]): readonly Piece[] {
  const pieces: string[][] = [];
  for (const line of lines) {
    const begins = /^(?:import|export|const|function|interface|type|async|\/\*\*|\/\/)/.test(line);
    const last = pieces.at(-1);
    const isBehindComment = last?.every((above) => /^(?:\/\*\*|\/\/| \*)/.test(above));
    if (last && (!begins || isBehindComment)) last.push(line);
    else pieces.push([line]);
  }
  return pieces.map((piece) => ({ lines: piece, names: namesIn(piece) }));
}

function namesIn(piece: readonly string[]): readonly string[] {
  const head = piece.find((line) => /^(?:const|function|interface|type)/.test(line)) ?? '';
  const [, list, name] = /^(?:const|function\*?|interface|type) (?:\[([^\]]*)\]|(\w+))/.exec(head) ?? [];
  if (list !== undefined) return list.split(',').map((each) => each.trim());
  return name === undefined ? [] : [name];
}
