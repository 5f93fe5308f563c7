import { asksForEncrypted, encryptedWith, isNoText } from '../../core/content.ts';
import type { Located } from '../../core/finding.ts';
import type { Repo } from '../../core/repo.ts';
import { Unavailable } from '../../core/signals.ts';
import type { Budget } from '../expressions/budget.ts';
import type { Pattern } from '../pattern.ts';
import { filesMatching } from '../tables/files.ts';
import { linesOf } from '../tables/lines.ts';
import type { Rule, RuleRemark } from './rule.ts';

export interface TextOptions {
  readonly files: readonly string[];
  readonly skip: readonly string[];
  readonly forbid: readonly NamedPattern[];
  readonly require: readonly NamedPattern[];
  /** Looked for in the line of a forbidden match: one that is found allows it. */
  readonly except: readonly Pattern[];
}

export interface NamedPattern {
  readonly source: string;
  readonly pattern: Pattern;
}

/** What the text of files must hold, and must not. */
export function textRule({ files, skip, forbid, require, except }: TextOptions): Rule {
  const isAboutEncryption = [...forbid, ...require].some(({ source }) => asksForEncrypted(source));
  const ofText: Wanted = { forbid, require };
  const isAsking = ({ source }: NamedPattern) => asksForEncrypted(source);
  const ofCiphertext: Wanted = { forbid: forbid.filter(isAsking), require: require.filter(isAsking) };
  const needsText = ![...forbid, ...require].every(isAsking);

  function* inFile(
    path: string,
    text: string,
    wanted: Wanted,
    at: (offset: number) => Located,
    whole: Located,
    budget: Budget,
  ): Generator<RuleRemark> {
    for (const { source, pattern } of wanted.require) {
      if (pattern.test(text)) continue;
      const message = `${path} holds nothing that matches \`${source}\``;
      yield {
        rule: 'require',
        subject: subjectOf(path, source, require),
        at: whole,
        message,
        values: { path, value: '' },
      };
    }
    const seen = new Map<string, number>();
    for (const { source, pattern } of wanted.forbid) {
      for (const match of pattern.matches(text)) {
        const line = except.length === 0 ? '' : lineAround(text, match.offset);
        if (except.some((allowed) => allowed.test(line))) continue;
        budget.spend(1 + line.length / 64);
        const found = match.text.trim().replace(/\s+/g, ' ').slice(0, 120);
        const count = (seen.get(found) ?? 0) + 1;
        seen.set(found, count);
        const subject = `${path}: ${found}${count === 1 ? '' : ` (${count})`}`;
        const message = `\`${found}\` matches \`${source}\`, which is forbidden here`;
        yield {
          rule: 'forbid',
          subject,
          at: at(match.offset + leadingSpace(match.text)),
          message,
          values: { path, value: found },
        };
      }
    }
  }

  return {
    tables: [],
    files,
    subjects: 'files',
    placeholders: ['path', 'value'],
    *check({ host: { repo }, budget, witness }) {
      const paths = filesMatching(repo, files, skip);
      repo.prefetch(paths);
      let judged = 0;
      for (const path of paths) {
        const { text, blind } = readText(repo, path);
        // What is encrypted answers whoever asks whether it is, and nobody else.
        if (blind !== undefined && (needsText || text === undefined)) yield { blind };
        const wanted = blind === undefined ? ofText : ofCiphertext;
        if (text === undefined || wanted.forbid.length + wanted.require.length === 0) continue;
        judged++;
        budget.spend((1 + text.length / 64) * (forbid.length + require.length));
        const { place } = repo.at(path);
        const positionOf = linesOf(text);
        let isSound = true;
        const by = isAboutEncryption || blind !== undefined ? undefined : encryptedWith(text);
        if (by !== undefined)
          yield { unverified: `${path} holds values that are encrypted with ${by}: only the rest was searched` };
        const at = (offset: number) => ({ place: { ...place, ...positionOf(offset) } });
        for (const remark of inFile(path, text, wanted, at, { place }, budget)) {
          isSound = false;
          yield remark;
        }
        witness?.({ at: { place }, subject: path, outcome: isSound ? 'holds' : 'found', values: {} });
      }
      return judged;
    },
  };
}

interface Wanted {
  readonly forbid: readonly NamedPattern[];
  readonly require: readonly NamedPattern[];
}

/** A file's text; where that cannot be had, why, and what an encrypted file holds instead. */
function readText(repo: Repo, path: string): { readonly text?: string | undefined; readonly blind?: string } {
  try {
    const text = repo.text(path);
    if (!isNoText(path, text)) return { text };
    return { blind: `${path} is no text in UTF-8, so nobody can say which words are in it; \`skip\` leaves it out` };
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    return { text: error.ciphertext, blind: error.message };
  }
}

function subjectOf(path: string, source: string, all: readonly NamedPattern[]): string {
  return all.length === 1 ? path : `${path}: ${source}`;
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}

/** Characters to either side of a match that an exception is looked for in. */
const LONGEST_LINE = 5_000;

function lineAround(text: string, offset: number): string {
  // A line may be as long as the file, and there may be as many matches in it.
  const [from, to] = [Math.max(0, offset - LONGEST_LINE), Math.min(text.length, offset + LONGEST_LINE)];
  const near = text.slice(from, to);
  const start = offset === from ? 0 : near.lastIndexOf('\n', offset - from - 1) + 1;
  const end = near.indexOf('\n', offset - from);
  return near.slice(start, end < 0 ? near.length : end);
}
