import type { Clock } from '../../core/clock.ts';
import type { GateContext } from '../../core/gate.ts';
import type { Repo } from '../../core/repo.ts';
import { Unavailable } from '../../core/signals.ts';
import { sharedBudget } from '../expressions/budget.ts';
import { textOf } from '../formats/datum.ts';
import { type FactsHost, postedFacts } from './facts.ts';
import { filesMatching, notFileAmong } from './files.ts';
import { partAt, type Row } from './row.ts';
import { buildTable, factsTable, type Table, type TableDefinition } from './table.ts';

/** What one gate asks tables of. */
export interface ShelfHost {
  readonly repo: Repo;
  readonly clock: Clock;
  table(this: void, name: string): Table;
  hasFiles(pattern: string): boolean;
  /** As `notFileAmong` has it. */
  notFileAmong(patterns: readonly string[]): string | undefined;
  /** Every row of a table. Throws `RowsUnknown` where some of them could not be read. */
  rows(name: string): readonly Row[];
  /** Throws `RowsUnknown` where the row is not among those that could be read. */
  lookup(name: string, path: string | undefined, text: string): Row | undefined;
}

/** An expression asks for rows that nobody can see now. It says nothing about the row that is judged. */
export class RowsUnknown extends Unavailable {}

/** Every table of an audit: read when the first gate asks for it, and then shared. */
export class TableShelf {
  readonly #definitions: ReadonlyMap<string, TableDefinition>;
  readonly #tables = new Map<string, Table>();
  readonly #indexes = new Map<string, ReadonlyMap<string, Row>>();
  /** What all gates that share the tables may do together. */
  readonly budget = sharedBudget();

  constructor(definitions: readonly TableDefinition[]) {
    this.#definitions = new Map(definitions.map((definition) => [definition.name, definition]));
  }

  definition(name: string): TableDefinition | undefined {
    return this.#definitions.get(name);
  }

  hostFor({ repo, clock, reported }: Pick<GateContext, 'repo' | 'clock' | 'reported'>): ShelfHost {
    const asked = new Map<string, Table>();
    const table = (name: string): Table => {
      const known = asked.get(name);
      if (known) return known;
      const found = this.#table(name, repo, { reported, clock });
      asked.set(name, found);
      return found;
    };
    return {
      repo,
      clock,
      table,
      hasFiles: (pattern) => filesMatching(repo, [pattern], []).length > 0,
      notFileAmong: (patterns) => notFileAmong(repo, patterns),
      rows: (name) => {
        const { rows, unread } = table(name);
        const [reason] = unread;
        if (reason !== undefined) throw new RowsUnknown(reason);
        return rows;
      },
      lookup: (name, path, text) => {
        const { unread, ...found } = table(name);
        const row = this.#index(found, path).get(text);
        const [reason] = unread;
        if (!row && reason !== undefined) throw new RowsUnknown(reason);
        return row;
      },
    };
  }

  /** A gate that shares a table still asks for all of its files, so that its verdict is known to depend on them. */
  #table(name: string, repo: Repo, host: FactsHost): Table {
    const definition = this.#definitions.get(name);
    if (!definition) throw new Error(`no table ${name}`);
    const facts = definition.facts === undefined ? undefined : postedFacts(definition.facts, host);
    const known = this.#tables.get(name);
    if (known) {
      for (const path of filesMatching(repo, definition.files, definition.except)) repo.isFile(path);
      return known;
    }
    const table = facts ? factsTable(definition, facts) : buildTable(definition, repo);
    this.#tables.set(name, table);
    return table;
  }

  #index({ definition: { name }, rows }: Omit<Table, 'unread'>, path: string | undefined): ReadonlyMap<string, Row> {
    const id = `${name}\n${path ?? ''}`;
    const known = this.#indexes.get(id);
    if (known) return known;
    const index = new Map<string, Row>();
    for (const row of rows) {
      const text = path === undefined ? row.key : textOf(partAt(row.datum, path.split('.')));
      if (text !== undefined && !index.has(text)) index.set(text, row);
    }
    this.#indexes.set(id, index);
    return index;
  }
}
