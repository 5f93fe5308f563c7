import { isoInstant } from '../core/instants.ts';

/** The instant (ms since the epoch) that a text names: ISO 8601, or as certificates have it (`Nov 28 12:00:00 2026 GMT`). Undefined for any other text. */
export function instantOf(text: string): number | undefined {
  const iso = isoInstant(text.trim());
  if (iso !== undefined) return iso;
  if (!/^[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d \d{4} GMT$/.test(text.trim())) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}
