import { z } from 'zod';
import type { Gate } from './gate.ts';
import type { Kept } from './kept.ts';
import type { Repo } from './repo.ts';

/** Something that a repo says of its own gates and that cannot be used. */
export const DeclarationProblem = z.object({ path: z.string(), line: z.int(), column: z.int(), message: z.string() });
export type DeclarationProblem = Kept<typeof DeclarationProblem>;

/** A mistake in what a repo declares, with its place. */
export function problemLine({ path, line, column, message }: DeclarationProblem): string {
  return `${path}:${line}:${column}: ${message}`;
}

/** Gates that an ops repo declares, those with a mistake among them (they are blind), and every mistake. */
export interface Declaration {
  readonly gates: readonly Gate[];
  readonly mistakes: readonly DeclarationProblem[];
  /** Checks of CI that count as gates: names of check runs, contexts of commit statuses, or `workflow / job`. */
  readonly checks: readonly string[];
}

/** Reads what a repo declares; undefined where it declares nothing. `taken` are names that other gates have. Reading may suspend. */
export type ReadDeclaration = (repo: Repo, taken: ReadonlySet<string>) => Declaration | undefined;
