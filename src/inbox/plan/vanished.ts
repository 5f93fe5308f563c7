import { DAY } from '../../core/durations.ts';
import { isIssue } from '../port.ts';
import type { InboxState } from '../state.ts';
import type { Situation } from './situation.ts';
import { gateIn } from './updates.ts';

/** Gates that may vanish from the registry at once; more of them, or this share of all, is more often an accident than a wish. */
const MAX_VANISHED = 5;
const MAX_SHARE = 0.25;
/** How long nothing is made of an accident. */
export const PATIENCE = 7 * DAY;

type Registered = Pick<Situation, 'registered' | 'tracker'>;

/** Names of gates that are remembered, or that an open issue of ours is about, and that nobody registers any more. */
function vanishedGates(state: InboxState, { registered, tracker }: Registered): readonly string[] {
  const told = [...tracker.issues.values()].flatMap((issue) => {
    const isOpen = isIssue(issue) && issue.state === 'open' && issue.stateReason !== 'reopened';
    const about = isOpen ? issue.marker?.about : undefined;
    return about === undefined || about.startsWith('@') || gateIn(state, about) ? [] : [about];
  });
  return [...new Set([...Object.keys(state.gates), ...told])].filter((name) => !registered.has(name));
}

/** Notes since when too many gates are missing at once; once they are back, or few, that is forgotten. */
export function noteVanished(state: InboxState, situation: Situation): InboxState {
  if (!situation.report.complete) return state;
  const { vanishedSince, ...rest } = state;
  if (!areTooMany(vanishedGates(state, situation).length, situation)) return rest;
  return { ...rest, vanishedSince: vanishedSince ?? situation.now };
}

/** The situation in which gates that may have vanished by accident count as registered: nobody judges them, and nothing is retired. */
export function holdVanished(state: InboxState, situation: Situation): Situation {
  if (!isHolding(state, situation.now)) return situation;
  return { ...situation, registered: new Set([...situation.registered, ...vanishedGates(state, situation)]) };
}

/** What is to be said of gates that vanished at once, with the remedy. */
export function vanishedProblems(
  state: InboxState,
  situation: Registered & { readonly now: number },
): readonly string[] {
  const { vanishedSince } = state;
  if (vanishedSince === undefined || !isHolding(state, situation.now)) return [];
  const count = vanishedGates(state, situation).length;
  const end = new Date(vanishedSince + PATIENCE).toISOString().slice(0, 10);
  return [
    `${count} gates are no longer registered. If that is a mistake, restore the registry; otherwise there is nothing to do: their issues stay open until ${end} and are closed then.`,
  ];
}

function isHolding({ vanishedSince }: InboxState, now: number): boolean {
  return vanishedSince !== undefined && now - vanishedSince < PATIENCE;
}

function areTooMany(count: number, { registered }: Registered): boolean {
  return count > MAX_VANISHED || (count > 1 && count > (registered.size + count) * MAX_SHARE);
}
