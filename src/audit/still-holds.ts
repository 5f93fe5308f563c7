import { digest } from '../core/digest.ts';
import { NO_REPORTED_FACTS } from '../core/facts.ts';
import { Suspended } from '../core/signals.ts';
import { belowAnswer, entryAnswer, listingAnswer, parseQuestion, type Question } from '../core/trace.ts';
import { siblingAnswer } from './evaluate.ts';
import { pathAnswer } from './read/view.ts';
import type { World } from './world.ts';

/** What something rested on when it was found out, in a form that can be kept. */
export interface StoredTrace {
  /** Of the code that found it out, and of whatever else it was made from. */
  readonly version: string;
  /** When it was found out, in ms since the epoch. */
  readonly at: number;
  readonly facts: readonly (readonly [question: string, answer: string])[];
  readonly flipsAt: number | null;
  readonly asksTime: boolean;
}

/** Whether something holds that an earlier audit found out. What cannot be answered now does not: finding it out again says why. May suspend. */
export function stillHolds(stored: StoredTrace, world: World): boolean {
  try {
    return holds(stored, world);
  } catch (error) {
    if (error instanceof Suspended) throw error;
    return false;
  }
}

/** Whether all that something rested on would be answered alike now. Reading may suspend. */
function holds({ at, facts, flipsAt, asksTime }: StoredTrace, world: World): boolean {
  if (asksTime && (world.now < at || (flipsAt !== null && world.now >= flipsAt))) return false;
  return facts.every(([text, answer]) => {
    const question = parseQuestion(text);
    return question !== undefined && answerTo(question, world) === answer;
  });
}

/** What the world answers now; undefined for what can never hold. */
function answerTo({ kind, repo, subject }: Question, world: World): string | undefined {
  const reader = repo === 'target' ? world.target : world.siblings.get(repo);
  switch (kind) {
    case 'path':
      return reader && pathAnswer(reader.tree.find(subject));
    case 'glob':
      return reader && listingAnswer(reader.tree.glob(subject));
    case 'files':
      return reader && listingAnswer(reader.tree.files(subject));
    case 'names':
      return reader && listingAnswer(reader.tree.names(subject));
    case 'uncommitted':
      return reader && listingAnswer(reader.uncommitted());
    case 'entry':
      return reader && entryAnswer(reader.tree.at(subject));
    case 'below':
      return reader && belowAnswer(reader.snapshot.entries, subject);
    case 'commit':
      return reader?.snapshot.sha ?? undefined;
    case 'history':
      return digest(JSON.stringify(world.target.history(JSON.parse(subject))));
    case 'sibling':
      return siblingAnswer(repo, world);
    case 'reported':
      return reportedAnswer(subject, world);
    case 'lost':
      return undefined;
  }
}

function reportedAnswer(subject: string, { reported }: World): string {
  const table = /^table ([\s\S]*)$/.exec(subject)?.[1];
  const { tables, arrivals, maxAge } = reported ?? NO_REPORTED_FACTS;
  return digest(JSON.stringify([table === undefined ? arrivals : tables(table), maxAge]));
}
