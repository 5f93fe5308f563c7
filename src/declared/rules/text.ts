import type { Located } from '../../core/finding.ts';
import { Unavailable } from '../../core/signals.ts';
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
  function* inFile(path: string, text: string, at: (offset: number) => Located, whole: Located): Generator<RuleRemark> {
    for (const { source, pattern } of require) {
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
    for (const { source, pattern } of forbid) {
      for (const match of pattern.matches(text)) {
        const line = lineAround(text, match.offset);
        if (except.some((allowed) => allowed.test(line))) continue;
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
        let text: string;
        try {
          text = repo.text(path);
        } catch (error) {
          if (!(error instanceof Unavailable)) throw error;
          yield { blind: error.message };
          continue;
        }
        judged++;
        budget.spend((1 + text.length / 64) * (forbid.length + require.length));
        const { place } = repo.at(path);
        const positionOf = linesOf(text);
        let isSound = true;
        for (const remark of inFile(path, text, (offset) => ({ place: { ...place, ...positionOf(offset) } }), {
          place,
        })) {
          isSound = false;
          yield remark;
        }
        witness?.({ at: { place }, subject: path, outcome: isSound ? 'holds' : 'found', values: {} });
      }
      return judged;
    },
  };
}

function subjectOf(path: string, source: string, all: readonly NamedPattern[]): string {
  return all.length === 1 ? path : `${path}: ${source}`;
}

function leadingSpace(text: string): number {
  return text.length - text.trimStart().length;
}

function lineAround(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + 10_000));
}
