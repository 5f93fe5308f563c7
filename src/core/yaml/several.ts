import type { Place } from '../finding.ts';
import { Abort } from '../signals.ts';
import { emptySource } from './source.ts';
import { YamlValue } from './value.ts';

/** What the query tool prints between the results of two documents. */
const SEPARATOR = '\n---\n';

/** Stands for a value that a fallback replaces; no file can hold it, since YAML forbids the character. */
const UNSET = '\uffff';

/**
 * The same value in each of several documents of one file, as the query tool sees it: a query is put to every document, and the results are printed one after the other.
 * Where only one document has anything to iterate over, that is what is seen. Where two have, the scripts stumble over the separator, and so does the gate.
 */
export class SeveralValues extends YamlValue {
  readonly #values: readonly [YamlValue, ...YamlValue[]];

  constructor(first: YamlValue, ...others: readonly YamlValue[]) {
    super(emptySource(first.place.repo, first.place.path), undefined, 0);
    this.#values = [first, ...others];
  }

  override get place(): Place {
    return this.#values[0].place;
  }

  override get kind(): YamlValue['kind'] {
    const kinds = new Set(this.#values.map(({ kind }) => kind));
    // What is printed is a text of several lines, whatever the parts are.
    return kinds.size === 1 ? this.#values[0].kind : 'scalar';
  }

  override get target(): YamlValue {
    return this.#map((value) => value.target);
  }

  override get raw(): string {
    return this.#values
      .map(({ raw }) => raw)
      .join(SEPARATOR)
      .replace(/\n+$/, '');
  }

  /** A fallback belongs to no document, and counts as one of the first: before it, nothing separates it from that one. */
  override or(fallback: string): string {
    let printed = '';
    let previous = 0;
    for (const [index, value] of this.#values.entries()) {
      const text = value.or(UNSET);
      const document = text === UNSET ? 0 : index;
      if (index > 0) printed += document === previous ? '\n' : SEPARATOR;
      printed += text === UNSET ? fallback : text;
      previous = document;
    }
    return printed.replace(/\n+$/, '');
  }

  override otherwise(fallback: YamlValue): YamlValue {
    return this.#map((value) => value.otherwise(fallback));
  }

  override get isText(): boolean {
    return true;
  }

  override is(): boolean {
    return false;
  }

  override get items(): readonly YamlValue[] {
    return this.#only((value) => value.items);
  }

  override get entries(): readonly (readonly [key: string, value: YamlValue])[] {
    return this.#only((value) => value.entries);
  }

  override get length(): number {
    throw this.#refusal();
  }

  override has(): boolean {
    return false;
  }

  override get(...path: readonly string[]): YamlValue {
    return this.#map((value) => value.get(...path));
  }

  override matching(pattern: string): readonly YamlValue[] {
    return [
      this.#map((value) => {
        const [first, ...others] = value.matching(pattern);
        if (!first || others.length > 0) throw this.#refusal();
        return first;
      }),
    ];
  }

  override at(index: number): YamlValue {
    return this.#map((value) => value.at(index));
  }

  override *descendants(): Generator<readonly [key: string | null, value: YamlValue]> {
    for (const value of this.#values) yield* value.descendants();
  }

  #map(step: (value: YamlValue) => YamlValue): YamlValue {
    const [first, ...others] = this.#values;
    return new SeveralValues(step(first), ...others.map(step));
  }

  #only<T>(part: (value: YamlValue) => readonly T[]): readonly T[] {
    const filled = this.#values.map(part).filter((parts) => parts.length > 0);
    if (filled.length > 1) throw this.#refusal();
    return filled[0] ?? [];
  }

  #refusal(): Abort {
    return severalDocuments(this.#values);
  }
}

/** Why a file of several documents cannot be read as one. */
export function severalDocuments(documents: readonly YamlValue[]): Abort {
  const [, second] = documents;
  const message = `holds ${documents.length} YAML documents where one is expected; what stands below a \`---\` would go unseen`;
  return new Abort(message, second ?? { place: { repo: 'target', path: '', line: null } });
}
