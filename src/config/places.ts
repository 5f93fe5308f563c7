import { z } from 'zod';

/** Folders at the top that every machine has: what lies in them may be absent, they may not. */
const EVERYWHERE =
  /^\/(?:bin|dev|etc|home|lib|opt|private|proc|root|run|sbin|sys|tmp|usr|Users|var|usr\/bin|var\/tmp|private\/tmp)$/;

/** Where scripts expect a checkout. Nothing is there: what the repo holds is shown to them as if it were. */
export const CheckoutRoot = z.string().regex(/^(?:\/[^/\s]+)+$/, 'must be an absolute path without a slash at its end');

/** A place of the machine that scripts are told is not there: absolute, or below `~`. */
export const AbsentPlace = z
  .string()
  .regex(
    /^~?(?:\/(?!\.{1,2}(?:\/|$))[^/\s](?:[^/]*[^/\s])?)+$/,
    'must be an absolute path, or one that begins with ~/, without a slash at its end',
  )
  .refine((place) => !EVERYWHERE.test(place), 'is on every machine; name the place in it that is absent');
