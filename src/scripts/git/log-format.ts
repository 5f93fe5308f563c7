import type { LoggedCommit, Signature } from '../../core/snapshot.ts';
import { BeyondGit, type GitCall } from './checkout.ts';
import { printDate } from './dates.ts';

/** What is known of a commit: always its name; more where history or log tell of it. */
export type Known = Pick<LoggedCommit, 'sha'> & Partial<LoggedCommit>;

/** How a log is written: git's `medium`, or a text with placeholders. */
export interface LogFormat {
  readonly text: string;
  /** The style of `%ad` and `%cd`. */
  readonly date: string;
}

/** As many digits as a fresh clone of a repo of some thousand objects shows. */
const SHORT = 7;
const PERSON = /^[ac][ne]$|^[ac][NE]$/;
const DATE = /^[ac][dDtiIs]$/;

/** Whether a format asks for more than names and messages. */
export function asksForPeople({ text }: LogFormat): boolean {
  return text === 'medium' || /%(?:[ac][A-Za-z]|[pP])/.test(text);
}

/** The log's text. Throws `BeyondGit` for placeholders that are not known here, and for what is not known of a commit. */
export function printLog(commits: readonly Known[], format: LogFormat, call: GitCall): string {
  if (format.text === 'medium') return commits.map((commit) => medium(commit, format, call)).join('\n');
  const isSeparated = format.text.startsWith('format:');
  const texts = commits.map((commit) => fill({ ...format, text: format.text.replace(/^t?format:/, '') }, commit, call));
  return isSeparated ? texts.join('\n') : texts.map((text) => `${text}\n`).join('');
}

function medium(commit: Known, { date }: LogFormat, call: GitCall): string {
  mustHaveNoMailmap(call);
  const author = commit.author ?? unknown('the author of the commit');
  const parents = commit.parents ?? unknown('the parents of the commit');
  const lines = [`commit ${commit.sha}`];
  if (parents.length > 1) lines.push(`Merge: ${parents.map(short).join(' ')}`);
  lines.push(`Author: ${author.name} <${author.email}>`, `Date:   ${printDate(author, date)}`, '');
  for (const line of messageOf(commit).replace(/^\n+/, '').split('\n')) lines.push(`    ${line}`);
  return lines.map((line) => `${line}\n`).join('');
}

function fill(format: LogFormat, commit: Known, call: GitCall): string {
  const names = /%(x[0-9a-fA-F]{2}|C(?:\([^)]*\)|red|green|blue|reset)|[ac][A-Za-z]|[A-Za-z%])/g;
  return format.text.replace(names, (whole, name: string) => {
    if (name.startsWith('x')) return String.fromCharCode(Number.parseInt(name.slice(1), 16));
    if (name.startsWith('C')) return '';
    if (/^[ac]/.test(name)) return ofPerson(name, commit, format, call);
    return filled(name, commit) ?? unknown(`log placeholder ${whole}`);
  });
}

/** `%an`, `%cI` and the like. */
function ofPerson(name: string, commit: Known, { date }: LogFormat, call: GitCall): string {
  const person = name.startsWith('a') ? commit.author : commit.committer;
  if (!PERSON.test(name) && !DATE.test(name)) throw new BeyondGit(`log placeholder %${name}`);
  if (!person) throw new BeyondGit('people and dates of the commit');
  if (/[NE]/.test(name)) mustHaveNoMailmap(call);
  return detail(name.charAt(1), person, date);
}

function detail(letter: string, person: Signature, date: string): string {
  const styles: Readonly<Record<string, string>> = {
    d: date,
    D: 'rfc',
    t: 'unix',
    i: 'iso',
    I: 'iso-strict',
    s: 'short',
  };
  const style = styles[letter];
  if (style !== undefined) return printDate(person, style);
  return letter.toLowerCase() === 'n' ? person.name : person.email;
}

function filled(placeholder: string, commit: Known): string | undefined {
  switch (placeholder) {
    case '%':
      return '%';
    case 'n':
      return '\n';
    case 'H':
      return commit.sha;
    case 'h':
      return short(commit.sha);
    case 'P':
      return commit.parents?.join(' ');
    case 'p':
      return commit.parents?.map(short).join(' ');
    case 's':
      return splitMessage(messageOf(commit)).subject;
    case 'b': {
      const { body } = splitMessage(messageOf(commit));
      return body === '' ? '' : `${body}\n`;
    }
    case 'B':
      return `${messageOf(commit).trimStart()}\n`;
    default:
      return undefined;
  }
}

function short(sha: string): string {
  return sha.slice(0, SHORT);
}

function messageOf(commit: Known): string {
  return commit.message ?? unknown('message of the commit');
}

/** A `.mailmap` gives people other names. */
function mustHaveNoMailmap({ checkout }: GitCall): void {
  if (checkout.snapshot.entries.has('.mailmap')) throw new BeyondGit('log with a .mailmap');
}

/** The first paragraph in one line, and what follows it. */
function splitMessage(message: string): { readonly subject: string; readonly body: string } {
  const lines = message.replace(/^\n+/, '').split('\n');
  const gap = lines.findIndex((line) => line.trim() === '');
  const subject = (gap < 0 ? lines : lines.slice(0, gap)).map((line) => line.trim()).join(' ');
  if (gap < 0) return { subject, body: '' };
  const rest = lines.slice(gap).join('\n');
  return { subject, body: rest.replace(/^\s*\n/, '') };
}

function unknown(what: string): never {
  throw new BeyondGit(what);
}
