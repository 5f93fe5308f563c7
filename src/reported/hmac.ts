import { bytesOfHex, hexOf } from '../core/hex.ts';
import { ResultsRefused } from './results.ts';

/** Seconds by which the time in a signature may differ from ours. */
const MAX_SKEW = 300;

const encoder = new TextEncoder();

/**
 * The key of one target, from the Worker's own secret: whoever holds it can report for that repository and no other.
 * `generation` is counted up in the target's configuration to make an old key worthless.
 */
export async function resultsKey(secret: string, repo: string, generation: number): Promise<string> {
  return hexOf(await sign(secret, `lanekeeper results ${generation} ${repo.toLowerCase()}`));
}

/** The header `x-lanekeeper-signature` for a body: `t=<seconds>,v1=<hex>`; `now` in ms since the epoch. */
export async function signResults(key: string, body: string, now: number): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${hexOf(await sign(key, `${seconds}.${body}`))}`;
}

/** Throws `ResultsRefused` unless the header is this key's signature of the body, made within five minutes of `now`. */
export async function verifySignature(key: string, header: string, body: string, now: number): Promise<void> {
  const [, seconds, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (seconds === undefined || given === undefined)
    throw new ResultsRefused(401, 'x-lanekeeper-signature must be of the form t=<unix seconds>,v1=<64 hex digits>.');
  if (Math.abs(now / 1000 - Number(seconds)) > MAX_SKEW)
    throw new ResultsRefused(401, 'The signature is over five minutes old, or the clock of the runner is wrong.');
  const key256 = await importKey(key, 'verify');
  const isValid = await crypto.subtle.verify('HMAC', key256, bytesOfHex(given), encoder.encode(`${seconds}.${body}`));
  if (!isValid) throw new ResultsRefused(401, "The signature is not one by this repository's results key.");
}

async function sign(key: string, text: string): Promise<Uint8Array> {
  const imported = await importKey(key, 'sign');
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, encoder.encode(text)));
}

function importKey(key: string, use: 'sign' | 'verify') {
  return crypto.subtle.importKey('raw', encoder.encode(key), { name: 'HMAC', hash: 'SHA-256' }, false, [use]);
}
