import { isReference, MASK } from './mask.ts';

/** From the colon of a scheme to the end of the address, or to the next one. */
const ADDRESS = /:\/\/(?:(?!:\/\/)[^\s"'`<>])+/g;
/** Parameters that sign an address or open it. */
const SIGNATURE = /(?<=[?&](?:[\w-]{0,20}signature|sig|key)=)[^&#\s]{8,}/gi;
/** `:8080/…`: a port, so that a later @ stands in the path. */
const PORT = /^\d{1,5}[/?#]/;
/** Nobody's name is this long and holds digits. */
const LONGEST_NAME = 15;

/** Masks the password of addresses like `redis://:password@host`, whatever signs it holds, and a token that stands in place of the user. */
export function maskUrls(text: string): string {
  return text.replace(ADDRESS, (address) => maskCredentials(address).replace(SIGNATURE, MASK));
}

function maskCredentials(address: string): string {
  const rest = address.slice('://'.length);
  const at = rest.lastIndexOf('@');
  if (at < 0) return address;
  const [who, host] = [rest.slice(0, at), rest.slice(at)];
  const colon = who.indexOf(':');
  const user = colon < 0 ? who : who.slice(0, colon);
  if (/[/?#]/.test(user)) return address;
  if (colon < 0) return user.length > LONGEST_NAME && /\d/.test(user) ? `://${MASK}${host}` : address;
  const password = who.slice(colon + 1);
  if (PORT.test(password) || isReference(password)) return address;
  return `://${user}:${MASK}${host}`;
}
