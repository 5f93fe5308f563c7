import type { CelInput } from '@bufbuild/cel';
import { celOf } from '../expressions/values.ts';
import type { Row } from '../tables/row.ts';

/** Names that every expression about a row knows. */
export const ROW_VARIABLES: readonly string[] = ['row', 'key', 'keys', 'path', 'dir', 'file', 'doc'];

/** What these names stand for. There is one of these for each row and gate, and most gates ask for one name: nothing is made before somebody asks. */
export class RowValues {
  readonly [name: string]: CelInput;
  readonly #row: Row;

  constructor(row: Row) {
    this.#row = row;
  }

  get row(): CelInput {
    return celOf(this.#row.datum);
  }

  get key(): string {
    return this.#row.key;
  }

  get keys(): readonly string[] {
    return this.#row.keys;
  }

  get path(): string {
    return this.#row.path;
  }

  get dir(): string {
    const { path } = this.#row;
    const slash = path.lastIndexOf('/');
    return slash < 0 ? '.' : path.slice(0, slash);
  }

  get file(): string {
    const { path } = this.#row;
    return path.slice(path.lastIndexOf('/') + 1);
  }

  get doc(): CelInput {
    return celOf(this.#row.document);
  }
}
