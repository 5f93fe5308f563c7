import { expandBraces } from '../tables/braces.ts';
import { filesMatching } from '../tables/files.ts';
import type { Rule } from './rule.ts';

export interface FilesOptions {
  readonly files: readonly string[];
  readonly except: readonly string[];
  readonly allow: readonly string[] | undefined;
  readonly forbid: boolean;
  readonly require: readonly string[];
}

/** Which files there are: only allowed ones, none, or at least certain ones. */
export function filesRule({ files, except, allow, forbid, require }: FilesOptions): Rule {
  return {
    tables: [],
    files,
    subjects: 'files',
    placeholders: ['path'],
    *check({ host: { repo }, witness }) {
      const paths = filesMatching(repo, files, except);
      const allowed = new Set(allow ? filesMatching(repo, allow, []) : paths);
      for (const path of paths) {
        const isAllowed = !forbid && allowed.has(path);
        const at = repo.at(path);
        witness?.({ at, subject: path, outcome: isAllowed ? 'holds' : 'found', values: {} });
        if (isAllowed) continue;
        const reason = forbid
          ? 'must not be there'
          : `matches none of ${(allow ?? []).map((glob) => `\`${glob}\``).join(', ')}`;
        yield { rule: forbid ? 'forbid' : 'allow', subject: path, at, message: `${path} ${reason}`, values: { path } };
      }
      const present = new Set(paths);
      for (const wanted of require) {
        const found = expandBraces(wanted).flatMap((pattern) => repo.files(pattern));
        if (found.some((path) => present.has(path))) continue;
        yield {
          rule: 'require',
          subject: wanted,
          at: repo.at(wanted),
          message: `there is no ${wanted}`,
          values: { path: wanted },
        };
      }
      return paths.length;
    },
  };
}
