import type { FindingKey } from '../core/finding.ts';
import type { Report } from '../core/report.ts';
import type { CommitPages } from './links.ts';

/** A report, with what its readers have to know beside it. */
export interface ReportToRender {
  readonly report: Report;
  /** What links are made of. */
  readonly pages: CommitPages;
  /** New findings by gate number; absent where nobody knows what is new. */
  readonly fresh?: Readonly<Record<string, readonly FindingKey[]>> | undefined;
}

/** A form of a report that other programs take. */
export interface Format {
  readonly title: string;
  readonly extension: string;
  readonly contentType: string;
  readonly render: (given: ReportToRender) => string;
}
