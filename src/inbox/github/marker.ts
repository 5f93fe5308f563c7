import type { Marker } from '../port.ts';

const VERSION = 1;
const START = '<!-- lanekeeper:';
const BLOCK_END = '<!-- lanekeeper:end -->';
/** Hashes beyond these make the marker too long to be useful; what is lost on a rebuild is only which findings were known. */
const MAX_HASHES = 300;

/** The first line of every issue of ours. It holds nothing from the repo but names and hashes. */
export function formatMarker({ about, repositoryId, sha, key, findings, known }: Marker): string {
  const data = [
    about,
    repositoryId,
    sha,
    key,
    findings.slice(0, MAX_HASHES).join('.'),
    known.slice(0, MAX_HASHES).join('.'),
  ];
  return `${START}v${VERSION} ${data.map((part) => encodeURIComponent(`${part}`.toWellFormed())).join(' ')} -->`;
}

/** Reads the marker from an issue's body; null when the first line is none, or when the end of our block is gone: then nobody can tell what is ours. */
export function parseMarker(body: string): Marker | null {
  if (!body.includes(BLOCK_END)) return null;
  const [line = ''] = body.split(/\r?\n/, 1);
  const [, fields] = /^<!-- lanekeeper:v1 (.*) -->$/.exec(line.trim()) ?? [];
  const parts = fields?.split(' ').map(decode);
  if (parts?.length !== 6 || parts.some((part) => part === undefined)) return null;
  const [about = '', repositoryId, sha = '', key = '', findings = '', known = ''] = parts;
  const list = (text: string) => text.split('.').filter((hash) => hash !== '');
  return { about, repositoryId: Number(repositoryId), sha, key, findings: list(findings), known: list(known) };
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** The first line of every comment of ours. */
export function formatCommentMarker(key: string): string {
  return `<!-- lanekeeper:comment ${encodeURIComponent(key)} -->`;
}

/** The part of an issue's body that is ours: from the marker to the end mark. */
export function asBlock(marker: string, markdown: string): string {
  return `${marker}\n${markdown}\n${BLOCK_END}`;
}

/** Puts a new block in place of the old one; what people wrote after it stays. */
export function replaceBlock(body: string, block: string): string {
  const end = body.indexOf(BLOCK_END);
  const theirs = end < 0 ? '' : body.slice(end + BLOCK_END.length);
  return `${block}${theirs}`;
}

const NOTE = /\n<!-- lanekeeper:note -->[^\n]*/;

/** Says in our block since when (an ISO date) nobody could verify it; the rest of the block stays as it is. */
export function addNote(body: string, since: string): string {
  const [marker = '', ...rest] = body.replace(NOTE, '').split('\n');
  return [marker, `<!-- lanekeeper:note -->**Not verified since ${since}.**`, ...rest].join('\n');
}
