import { writeFile } from 'node:fs/promises';
import type { FindingKey } from '../../src/core/finding.ts';
import type { Report } from '../../src/core/report.ts';
import type { Format as Form } from '../../src/formats/format.ts';
import { FORMATS as forms } from '../../src/formats/formats.ts';
import { reportAsTable } from '../../src/formats/table.ts';

/** A report, with what is new in it where a base was given. */
export interface Output {
  readonly report: Report;
  readonly fresh: Readonly<Record<string, readonly FindingKey[]>> | undefined;
  /** Whether it is about more than a few gates that were asked for, so that a table has to be brief. */
  readonly isWhole: boolean;
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
  table: ({ report, fresh, isWhole }) => {
    const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
    const seeAll = isWhole ? { seeAll: (gate: string) => `--gate ${gate} shows them all` } : {};
    return reportAsTable(report, { color, fresh, ...seeAll });
  },
  json: renderer(forms.json),
  markdown: renderer(forms.markdown),
  sarif: renderer(forms.sarif),
} satisfies Readonly<Record<string, Render>>;

function renderer({ render }: Form): Render {
  return ({ report, fresh }, { repo = report.repo, webUrl }) =>
    render({ report: { ...report, repo }, pages: { webUrl, repo, sha: report.sha }, fresh });
}

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
