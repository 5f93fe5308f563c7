/** What is found at one state. `unclear` where the gate could not be judged there: it proves nothing. */
export type Mark = 'good' | 'bad' | 'unclear';

/** As many states were judged as may be. */
export class EnoughJudged extends Error {
  override readonly name = 'EnoughJudged';
}

/** A turn from good to bad in a row of states. Where the two are not neighbours, no state between them is clear. */
export interface Turn {
  readonly good: number;
  readonly bad: number;
  /** Whether states between the two were not even looked at. */
  readonly isCutShort: boolean;
}

/** States nearest to the bad end that are judged one by one; beyond them the steps double. */
const ONE_BY_ONE = 8;

/**
 * Finds the last turn from good to bad among the states 0 to `last`, which is bad; null where no state is good.
 * Steps back from the bad end until a state is good, bisects there, and then looks at what it stepped over, as a row may turn more than once.
 * `judge` may throw `EnoughJudged`: then the turn is the last one that is known, and where a row turns only once it is still the right one.
 * Throws `EnoughJudged` where no good state was met by then.
 */
export async function findTurn(last: number, judge: (state: number) => Promise<Mark>): Promise<Turn | null> {
  const marks = new Map<number, Mark>([[last, 'bad']]);
  const markOf = async (state: number): Promise<Mark> => {
    const mark = marks.get(state) ?? (await judge(state));
    marks.set(state, mark);
    return mark;
  };
  try {
    await stepBack(last, markOf);
    await bisect(marks, markOf);
    await lookAtSkipped(last, marks, markOf);
  } catch (error) {
    if (!(error instanceof EnoughJudged) || !lastTurn(marks)) throw error;
  }
  const turn = lastTurn(marks);
  return turn && { ...turn, isCutShort: between(turn).some((state) => !marks.has(state)) };
}

type MarkOf = (state: number) => Promise<Mark>;
type Marks = ReadonlyMap<number, Mark>;

async function stepBack(last: number, markOf: MarkOf): Promise<void> {
  let step = 1;
  for (let state = last, steps = 1; state > 0; steps++) {
    state = Math.max(0, state - step);
    if ((await markOf(state)) === 'good') return;
    if (steps >= ONE_BY_ONE) step *= 2;
  }
}

async function bisect(marks: Marks, markOf: MarkOf): Promise<void> {
  for (let turn = lastTurn(marks); turn; turn = lastTurn(marks)) {
    if (!(await isNarrowed(turn, markOf))) return;
  }
}

/** Judges the state nearest to the middle that is clear; false where there is none. */
async function isNarrowed(turn: Bounds, markOf: MarkOf): Promise<boolean> {
  const middle = Math.floor((turn.good + turn.bad) / 2);
  const nearestFirst = between(turn).sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
  for (const state of nearestFirst) if ((await markOf(state)) !== 'unclear') return true;
  return false;
}

/** Newest first: once a good one turns up, every state above it is known. */
async function lookAtSkipped(last: number, marks: Marks, markOf: MarkOf): Promise<void> {
  const turn = lastTurn(marks);
  for (let state = last - 1; turn && state > turn.bad; state--) if ((await markOf(state)) === 'good') return;
}

type Bounds = Pick<Turn, 'good' | 'bad'>;

/** The newest good state and the oldest bad one above it. */
function lastTurn(marks: Marks): Bounds | null {
  const statesThatAre = (wanted: Mark) => [...marks].flatMap(([state, mark]) => (mark === wanted ? [state] : []));
  const good = Math.max(-1, ...statesThatAre('good'));
  const bad = Math.min(...statesThatAre('bad').filter((state) => state > good));
  return good < 0 ? null : { good, bad };
}

function between({ good, bad }: Bounds): number[] {
  return Array.from({ length: bad - good - 1 }, (_, index) => good + 1 + index);
}
