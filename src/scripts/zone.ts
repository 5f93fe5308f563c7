import { DAY, HOUR, MINUTE } from '../core/durations.ts';
import type { Respect, Surroundings } from './surroundings.ts';

/** When summer time begins or ends, by the clock of the time before it: as a POSIX zone has it (`M3.2.0`; week 5 is the last). */
interface Turn {
  readonly month: number;
  readonly week: number;
  readonly hour: number;
}

/** A time zone. Offsets are milliseconds east of Greenwich. */
export interface Zone {
  /** What `TZ` calls it. */
  readonly text: string;
  readonly name: string;
  readonly offset: number;
  readonly summer?: { readonly name: string; readonly offset: number; readonly from: Turn; readonly to: Turn };
}

export const UTC: Zone = { text: 'UTC', name: 'UTC', offset: 0 };
/** The Aleutians and New Zealand. It is another day than in Greenwich in the one or the other, but for an hour or two. */
const WEST: Zone = {
  text: 'HST10HDT,M3.2.0,M11.1.0',
  name: 'HST',
  offset: -10 * HOUR,
  summer: {
    name: 'HDT',
    offset: -9 * HOUR,
    from: { month: 2, week: 2, hour: 2 },
    to: { month: 10, week: 1, hour: 2 },
  },
};
const EAST: Zone = {
  text: 'NZST-12NZDT,M9.5.0,M4.1.0/3',
  name: 'NZST',
  offset: 12 * HOUR,
  summer: {
    name: 'NZDT',
    offset: 13 * HOUR,
    from: { month: 8, week: 5, hour: 2 },
    to: { month: 3, week: 1, hour: 3 },
  },
};
const UTC_NAMES: ReadonlySet<string> = new Set(['', 'UTC', 'UTC0', 'GMT', 'GMT0', 'Etc/UTC', 'Etc/GMT', 'Zulu']);

/** The zone of a machine, as seen at an instant. */
export function zoneOf({ zone }: Surroundings, now: number): Zone {
  if (zone === 'UTC') return UTC;
  return now % DAY < DAY / 2 ? WEST : EAST;
}

/** What `TZ` names; undefined where that is not known here. */
function zoneNamed(text: string): Zone | undefined {
  return UTC_NAMES.has(text) ? UTC : [WEST, EAST].find((zone) => zone.text === text);
}

/** Who is told that a script asks for the local time. */
interface Listener {
  /** That of the machine. */
  readonly zone: Zone;
  needs(what: string): void;
  leansOn(respect: Respect): void;
}

/** The zone of a process whose `TZ` is given. It is the machine's where that is not set. */
export function localZone(tz: string | undefined, listener: Listener): Zone {
  if (tz !== undefined) {
    const named = zoneNamed(tz);
    if (!named) listener.needs(`the time zone ${tz}`);
    return named ?? UTC;
  }
  listener.leansOn('zone');
  return listener.zone;
}

/** What the local clock shows at an instant, as if it were in UTC. */
export function shownAt(zone: Zone, instant: number): number {
  return instant + localTimeAt(zone, instant).offset;
}

/** How far local time is ahead of UTC at an instant (ms), and what it is called then. */
export function localTimeAt(zone: Zone, instant: number): { readonly offset: number; readonly name: string } {
  return isSummer(zone, instant) && zone.summer ? zone.summer : zone;
}

function isSummer({ offset, summer }: Zone, instant: number): boolean {
  if (!summer) return false;
  const year = new Date(instant + offset).getUTCFullYear();
  const begins = turn(year, summer.from) - offset;
  const ends = turn(year, summer.to) - summer.offset;
  return begins < ends ? begins <= instant && instant < ends : instant < ends || begins <= instant;
}

/** By the local clock, as if that were UTC. */
function turn(year: number, { month, week, hour }: Turn): number {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  const sunday = 1 + ((7 - first) % 7);
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(sunday + 7 * (week - 1), sunday + 7 * Math.floor((days - sunday) / 7));
  return Date.UTC(year, month, day, hour);
}

/** The instant at which a local clock shows what UTC shows at `shown`. An hour that comes twice is the first, one that is left out counts from before it. */
export function instantOf(zone: Zone, shown: number): number {
  const inSummer = zone.summer ? shown - zone.summer.offset : shown - zone.offset;
  return isSummer(zone, inSummer) ? inSummer : shown - zone.offset;
}

/** `+0100`, or `+01:00`. */
export function offsetInWords(offset: number, joint = ''): string {
  const minutes = Math.abs(offset) / MINUTE;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${joint}${two(minutes % 60)}`;
}
