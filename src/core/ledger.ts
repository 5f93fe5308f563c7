/**
 * What must be exact and survive anything: a small synchronous, transactional key-value memory of one target.
 * Values are plain JSON data.
 */
export interface Ledger {
  get(key: string): unknown;
  put(key: string, value: unknown): void;
  delete(key: string): void;
  /** Keys that start with `prefix`, sorted. */
  keys(prefix: string): readonly string[];
  /** All or nothing. */
  transaction<T>(work: () => T): T;
}

/** A ledger in memory; `onCommit` hears of every committed change. */
export function memoryLedger(onCommit: () => void = () => {}): Ledger {
  const values = new Map<string, string>();
  let depth = 0;
  const committed = () => {
    if (depth === 0) onCommit();
  };
  return {
    get(key) {
      const value = values.get(key);
      return value === undefined ? undefined : JSON.parse(value);
    },
    put(key, value) {
      values.set(key, JSON.stringify(value));
      committed();
    },
    delete(key) {
      if (values.delete(key)) committed();
    },
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)).sort(),
    transaction(work) {
      const before = new Map(values);
      depth += 1;
      try {
        return work();
      } catch (error) {
        values.clear();
        for (const [key, value] of before) values.set(key, value);
        throw error;
      } finally {
        depth -= 1;
        committed();
      }
    },
  };
}
