import type { Races } from '../races.ts';
import type { Respect, Surroundings } from '../surroundings.ts';
import type { SnapshotTree } from './tree.ts';

/** A repo at the place where scripts expect it. */
export interface Mount {
  /** `target`, or the sibling's name. */
  readonly name: string;
  readonly root: string;
  readonly tree: SnapshotTree;
}

/** What a script is told about, and what we are told about it. */
export interface Access {
  readonly surroundings: Surroundings;
  readonly races: Races;
  /** Rights that what is made now does not get. */
  umask(): number;
  /** A question about a repo and its answer, for the trace. */
  asked(mount: Mount, question: 'entry' | 'names', path: string, answer: string): void;
  /** Something that is not here; `isPassing` where it may be next time. */
  needs(what: string, isPassing?: boolean): void;
  /** The answer is the machine's and not the repo's. */
  leansOn(respect: Respect): void;
  /** A question that was answered by the word of who configured the target. */
  foundAbsent(place: string): void;
}

/** What is known of the machine besides the mounts. */
export interface Places {
  readonly home: string;
  /** Where siblings belong, also those that are not mounted: of such a one nothing is known. */
  readonly siblings: ReadonlyMap<string, string>;
  /** Places with nothing in them. */
  readonly absent?: readonly string[];
}
