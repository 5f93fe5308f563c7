import type { Element } from './pattern-elements.ts';
import { LimitReached } from './signals.ts';

/** Places that one pattern may be followed through; some 2 s. Groups in groups and `!(…)` take the square of the text's length. */
const MOST_STEPS = 3_000_000;

type Places = ReadonlySet<number>;
type Group = Extract<Element, { kind: 'group' }>;
/** 1 where it goes on through the text, -1 where it goes back. */
type Direction = 1 | -1;

/**
 * Follows a pattern through a text by all ways at once: after each element it knows every place that can be reached.
 * So all ends of all matches are known, which the shortest, the longest and `!(…)` need, and no pattern makes it backtrack.
 * Every method throws `LimitReached` where it would take too long.
 */
export class PatternMachine {
  readonly #text: string;
  readonly #flags: string;
  readonly #tests = new Map<string, RegExp>();
  #steps = 0;

  constructor(text: string, ignoreCase = false) {
    this.#text = text;
    this.#flags = ignoreCase ? 'sui' : 'su';
  }

  /** Where matches may end that begin at a place. */
  endsFrom(elements: readonly Element[], place: number): Places {
    return this.#follow(elements, new Set([place]), 1);
  }

  /** Where matches may begin that end at a place. */
  startsAt(elements: readonly Element[], place: number): Places {
    return this.#follow(elements, new Set([place]), -1);
  }

  /** The leftmost longest matches, one after the other; empty ones are none. */
  *matches(elements: readonly Element[]): Generator<{ readonly start: number; readonly end: number }> {
    const star = elements.findIndex(({ kind }) => kind === 'star');
    const head = star < 0 ? null : elements.slice(0, star);
    for (let start = 0; start <= this.#text.length; ) {
      const origin = new Set([start]);
      const reached = head && this.#follow(head, origin, 1);
      const ends = reached ? this.#follow(elements.slice(star), reached, 1) : this.#follow(elements, origin, 1);
      const end = Math.max(start, ...last(ends));
      if (end > start) {
        yield { start, end };
        start = end;
        continue;
      }
      // What follows a star may stand anywhere later: if it does not stand there, it does not for a later start either.
      if (reached && reached.size > 0 && ends.size === 0) return;
      start += this.#charAt(start, 1).length || 1;
    }
  }

  #follow(elements: readonly Element[], from: Places, direction: Direction): Places {
    let places = from;
    for (const element of direction === 1 ? elements : elements.toReversed()) {
      if (places.size === 0) return places;
      places = this.#after(element, places, direction);
    }
    return places;
  }

  #after(element: Element, places: Places, direction: Direction): Places {
    if (element.kind === 'group') return this.#afterGroup(element, places, direction);
    if (element.kind === 'star') return this.#beyond(nearest(places, direction), direction);
    const reached = new Set<number>();
    const test = this.#testOf(element.source);
    for (const place of places) {
      this.#count();
      const char = this.#charAt(place, direction);
      if (char !== '' && test.test(char)) reached.add(place + direction * char.length);
    }
    return reached;
  }

  #afterGroup({ sign, options }: Group, places: Places, direction: Direction): Places {
    if (sign === '!') return this.#afterOther(options, places, direction);
    const once = this.#afterAny(options, places, direction);
    if (sign === '@') return once;
    const all = new Set(sign === '+' ? once : [...places, ...once]);
    for (let fresh = sign === '?' ? new Set<number>() : once; fresh.size > 0; ) {
      const next = [...this.#afterAny(options, fresh, direction)].filter((place) => !all.has(place));
      for (const place of next) all.add(place);
      fresh = new Set(next);
    }
    return all;
  }

  #afterAny(options: Group['options'], places: Places, direction: Direction): Set<number> {
    const reached = new Set<number>();
    for (const option of options) {
      for (const place of this.#follow(option, places, direction)) {
        this.#count();
        reached.add(place);
      }
    }
    return reached;
  }

  /** Everything but what one of the options matches. */
  #afterOther(options: Group['options'], places: Places, direction: Direction): Places {
    const reached = new Set<number>();
    for (const place of places) {
      const matched = this.#afterAny(options, new Set([place]), direction);
      for (const end of this.#beyond(place, direction)) if (!matched.has(end)) reached.add(end);
    }
    return reached;
  }

  /** A place and all that lie behind it. */
  #beyond(place: number, direction: Direction): Places {
    const reached = new Set<number>([place]);
    let at = place;
    for (let char = this.#charAt(at, direction); char !== ''; char = this.#charAt(at, direction)) {
      this.#count();
      at += direction * char.length;
      reached.add(at);
    }
    return reached;
  }

  /** The character behind a place, or before it; empty at either end. */
  #charAt(place: number, direction: Direction): string {
    if (direction === 1) {
      const point = this.#text.codePointAt(place);
      return point === undefined ? '' : String.fromCodePoint(point);
    }
    const start = Math.max(0, place - 2);
    const isPair = (this.#text.codePointAt(start) ?? 0) > 0xffff && place - start === 2;
    return this.#text.slice(isPair ? start : Math.max(0, place - 1), place);
  }

  #testOf(source: string): RegExp {
    const known = this.#tests.get(source);
    if (known) return known;
    const made = new RegExp(`^(?:${source})$`, this.#flags);
    this.#tests.set(source, made);
    return made;
  }

  #count(): void {
    if (++this.#steps > MOST_STEPS) throw new LimitReached('a pattern that takes too long');
  }
}

function nearest(places: Places, direction: Direction): number {
  let found = direction === 1 ? Number.POSITIVE_INFINITY : -1;
  for (const place of places) found = direction === 1 ? Math.min(found, place) : Math.max(found, place);
  return found;
}

function last(places: Places): readonly number[] {
  return places.size === 0 ? [] : [nearest(places, -1)];
}
