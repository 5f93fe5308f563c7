import type { Value } from './value.ts';

export type Array_ = Map<string, Value>;
/** Where a variable's value stands. */
export type Cell = { value: Value | Array_ };

/** A parameter whose argument was never set: if it becomes an array, so does the argument. */
export function lazyArray(outer: Cell): Cell {
  let own: Value | Array_;
  return {
    get value() {
      return own ?? (outer.value instanceof Map ? outer.value : undefined);
    },
    set value(value: Value | Array_) {
      own = value;
      if (value instanceof Map) outer.value = value;
    },
  };
}
