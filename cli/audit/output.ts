import { writeFile } from 'node:fs/promises';
import type { FindingKey } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import { reportAsMarkdown } from '../../src/formats/markdown.ts';
import { reportAsSarif } from '../../src/formats/sarif.ts';
import { reportAsTable } from '../../src/formats/table.ts';

/** A report, with what is new in it where a base was given. */
export interface Output {
  readonly report: Report;
  readonly fresh: Readonly<Record<string, readonly FindingKey[]>> | undefined;
}

/** What links need and a directory does not know: a workflow at GitHub says it. */
export interface GitHubPlace {
  readonly repo: string | undefined;
  readonly webUrl: string;
}

export function placeFrom(environment: NodeJS.ProcessEnv): GitHubPlace {
  return {
    repo: environment.GITHUB_REPOSITORY || undefined,
    webUrl: environment.GITHUB_SERVER_URL || 'https://github.com',
  };
}

type Render = (output: Output, place: GitHubPlace) => string;

/** Every form a report can take, by the name that `--format` knows. */
export const FORMATS = {
  table: ({ report, fresh = {} }) => {
    const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
    return reportAsTable(report, { color, newlyFailing: Object.keys(fresh) });
  },
  json: ({ report }) => `${JSON.stringify(report, null, 1)}\n`,
  markdown: ({ report, fresh = {} }, { repo = report.repo, webUrl }) =>
    reportAsMarkdown({ ...report, repo }, { webUrl, newlyFailing: Object.keys(fresh) }),
  sarif: ({ report, fresh }, { repo = report.repo, webUrl }) =>
    reportAsSarif({ ...report, repo }, fresh === undefined ? { webUrl } : { webUrl, fresh }),
} satisfies Readonly<Record<string, Render>>;

export type Format = keyof typeof FORMATS;

/** Writes the files that a workflow wants beside the standard output: the summary is appended to, the SARIF file is replaced. */
export async function writeFiles(
  output: Output,
  { summary, sarif }: { readonly summary: string | undefined; readonly sarif: string | undefined },
  headline: string | undefined,
): Promise<void> {
  const place = placeFrom(process.env);
  const opening = headline === undefined ? '' : `${headline}\n\n`;
  if (summary !== undefined) await writeFile(summary, `${opening}${FORMATS.markdown(output, place)}`, { flag: 'a' });
  if (sarif !== undefined) await writeFile(sarif, FORMATS.sarif(output, place));
}
