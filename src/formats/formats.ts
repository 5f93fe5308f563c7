import type { Format } from './format.ts';
import { reportAsMarkdown } from './markdown.ts';
import { reportAsSarif } from './sarif.ts';

/** Every form of a report that other programs take, by name: for the command line and for the API. */
export const FORMATS = {
  json: {
    title: 'JSON',
    extension: 'json',
    contentType: 'application/json',
    render: ({ report }) => `${JSON.stringify(report, null, 1)}\n`,
  },
  markdown: {
    title: 'Markdown',
    extension: 'md',
    contentType: 'text/markdown; charset=utf-8',
    render: reportAsMarkdown,
  },
  sarif: { title: 'SARIF', extension: 'sarif', contentType: 'application/sarif+json', render: reportAsSarif },
} satisfies Readonly<Record<string, Format>>;
