import type { Gate } from './gate.ts';
import type { Repo } from './repo.ts';

/** Something that a repo says of its own gates and that cannot be used. */
export interface DeclarationProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Gates that an ops repo declares, those with a mistake among them (they are blind), and every mistake. */
export interface Declaration {
  readonly gates: readonly Gate[];
  readonly mistakes: readonly DeclarationProblem[];
}

/** Reads what a repo declares; undefined where it declares nothing. `taken` are names that other gates have. Reading may suspend. */
export type ReadDeclaration = (repo: Repo, taken: ReadonlySet<string>) => Declaration | undefined;
