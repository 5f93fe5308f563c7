import type { Finding } from '../core/finding.ts';
import { redactLine, redactValue } from '../core/text/redact.ts';
import type { YamlValue } from '../core/yaml/value.ts';
import type { SnapshotReader } from './read/reader.ts';

/**
 * A finding with what stands at its place, masked: of YAML the key path and the value that it is about and nothing else of the line, of any other file the line.
 * Of siblings nothing is quoted, since those who read the target's report may not be allowed to read them.
 */
export function withExcerpt(finding: Finding, target: SnapshotReader): Finding {
  const { repo, path, line } = finding;
  if (repo !== 'target' || path === null || line === null) return finding;
  const text = target.lineOf(path, line);
  if (text === undefined) return finding;
  return { ...finding, excerpt: excerptOf(finding, text, membersOf(target.documentsOf(path))) };
}

/** Of two findings about the same file that have the same quotation, what stands at their places is the same, too. */
export function quotationOf({ path, line, message }: Finding): string {
  return JSON.stringify([path, line, ...namedIn(message)]);
}

/** A value of a YAML file that stands under a key, or in a list. */
interface Member {
  readonly path: string;
  readonly key: string | null;
  readonly value: YamlValue;
  readonly parent: YamlValue;
}

function excerptOf({ message, line }: Finding, text: string, members: readonly Member[]): string {
  const there = members.filter(({ value }) => value.place.line === line);
  const [first] = there;
  if (!first) return enclosingText(text, line ?? 0, members);
  const scalars = there.filter(({ value }) => isPlain(value));
  const member = scalars.length > 1 ? scalars.find((one) => isNamed(one, message)) : scalars[0];
  return member ? redactValue(member.path, member.value.raw, nameBeside(member)) : `${first.path}:`;
}

/** A comment, or a line of a longer text: that one is as secret as its key. */
function enclosingText(text: string, line: number, members: readonly Member[]): string {
  if (/^\s*(?:#|$)/.test(text)) return redactLine(text);
  const before = members.findLast(({ value }) => (value.place.line ?? 0) < line);
  return before ? redactValue(before.path, text.trim(), nameBeside(before)) : redactLine(text);
}

function isPlain({ kind }: YamlValue): boolean {
  return kind === 'scalar' || kind === 'null' || kind === 'alias';
}

function isNamed({ key, value }: Member, message: string): boolean {
  return namedIn(message).some((text) => text !== '' && (text === key || text === value.raw));
}

/** Messages put the keys and values that they are about between backticks. */
function namedIn(message: string): readonly string[] {
  return message.split('`').filter((_, index) => index % 2 === 1);
}

/** What a list of pairs calls a value: `{ name: DB_PASSWORD, value: x }`. */
function nameBeside({ key, parent }: Member): string {
  if (key !== 'value' || parent.kind !== 'map') return '';
  return ['name', 'key', 'env'].map((word) => parent.get(word).raw).join(' ');
}

const KNOWN = new WeakMap<readonly YamlValue[], readonly Member[]>();

/** Every member of a file's documents, in the order of the file; aliases are not entered. */
function membersOf(documents: readonly YamlValue[]): readonly Member[] {
  const known = KNOWN.get(documents);
  if (known) return known;
  const members = documents.flatMap((top) => [...below(top, '')]);
  KNOWN.set(documents, members);
  return members;
}

function* below(parent: YamlValue, path: string): Generator<Member> {
  if (parent.kind === 'map') {
    for (const [key, value] of parent.entries) {
      const here = path === '' ? key : `${path}.${key}`;
      yield { path: here, key, value, parent };
      yield* below(value, here);
    }
  } else if (parent.kind === 'list') {
    for (const [index, value] of parent.items.entries()) {
      const here = `${path}[${index}]`;
      yield { path: here, key: null, value, parent };
      yield* below(value, here);
    }
  }
}
