import type { Snapshot } from '../../core/snapshot.ts';
import { globTest } from '../../core/text/glob.ts';
import { parseQuestion, type Question, type Trace } from '../../core/trace.ts';

type Facts = Trace['facts'];

const MOST_PLACES = 2_000;

/**
 * Which files two verdicts may differ by: those that differ between the two states of `repo` (`target`, or a sibling) and that somebody asked for
 * who got another answer at the other state, or none. Null where files cannot tell, since the commits themselves were asked about.
 */
export function relevantChanges(
  repo: string,
  from: { readonly snapshot: Snapshot; readonly facts: Facts },
  to: { readonly snapshot: Snapshot; readonly facts: Facts },
): readonly string[] | null {
  const asked = questionsThatDiffer(repo, from.facts, to.facts);
  if (asked.some(({ kind }) => kind === 'history' || kind === 'commit')) return null;
  const paths = new Set(asked.flatMap(({ kind, subject, leadsTo }) => (isOfPath(kind) ? [subject, ...leadsTo] : [])));
  const folders = asked.flatMap(({ kind, subject }) => (isOfPath(kind) || isOfFolder(kind) ? [subject] : []));
  const patterns = asked.flatMap(({ kind, subject }) => (kind === 'glob' ? [globTest(subject)] : []));
  const isLink = (path: string) => [from, to].some(({ snapshot }) => snapshot.entries.get(path)?.mode === '120000');
  return changedPaths(from.snapshot, to.snapshot).filter(
    (path) =>
      paths.has(path) ||
      patterns.some((pattern) => pattern.test(path)) ||
      folders.some((folder) => folder === '' || path.startsWith(`${folder}/`)) ||
      isLink(path),
  );
}

/** Files and folders that a verdict was found by, the folder of a pattern for all that matches it; null where they are too many to be of use, or the commits themselves were asked about. */
export function placesRead(repo: string, facts: Facts): readonly string[] | null {
  const places = new Set<string>();
  for (const { kind, subject, leadsTo } of questionsThatDiffer(repo, facts, new Map())) {
    if (kind === 'history' || kind === 'commit') return null;
    if (isOfPath(kind)) for (const path of [subject, ...leadsTo]) places.add(path);
    if (isOfFolder(kind)) places.add(subject);
    if (kind === 'glob') places.add(fixedFolderOf(subject));
  }
  return places.has('') || places.size > MOST_PLACES ? null : [...places];
}

function isOfPath(kind: Question['kind']): boolean {
  return kind === 'path' || kind === 'entry';
}

function isOfFolder(kind: Question['kind']): boolean {
  return kind === 'names' || kind === 'below';
}

/** What of a pattern stands before the first part that is one. */
function fixedFolderOf(pattern: string): string {
  const parts = pattern.split('/');
  const end = parts.findIndex((part) => /[*?[{]/.test(part));
  return end < 0 ? pattern : parts.slice(0, end).join('/');
}

function changedPaths(from: Snapshot, to: Snapshot): readonly string[] {
  const paths = new Set([...from.entries.keys(), ...to.entries.keys()]);
  const idIn = ({ entries }: Snapshot, path: string) => {
    const entry = entries.get(path);
    return entry && `${entry.mode} ${entry.sha}`;
  };
  return [...paths].filter((path) => idIn(from, path) !== idIn(to, path));
}

interface Asked extends Question {
  /** Where links led: what is read there belongs to the path that was asked for. */
  readonly leadsTo: readonly string[];
}

function questionsThatDiffer(repo: string, one: Facts, other: Facts): readonly Asked[] {
  const texts = new Set([...one.keys(), ...other.keys()].filter((text) => one.get(text) !== other.get(text)));
  return [...texts].flatMap((text) => {
    const question = parseQuestion(text);
    if (question?.repo !== repo) return [];
    const answers = [one.get(text), other.get(text)];
    return [
      { ...question, leadsTo: answers.flatMap((answer = '') => /^\d{6} \S+ ([\s\S]+)$/.exec(answer)?.[1] ?? []) },
    ];
  });
}
