import { oneOf, readAbsent, readCommandLine, readSiblings, UsageError } from '../shared/command-line.ts';
import { FORMATS, type Format } from './output.ts';

export interface AuditArguments {
  readonly directory: string;
  readonly at: string | undefined;
  /** Only what newly fails since the branch left this revision counts. */
  readonly base: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether somebody gave it; a replay asks the clock of each commit otherwise. */
  readonly isNowGiven: boolean;
  readonly lanes: readonly string[];
  readonly gates: readonly string[];
  readonly siblings: ReadonlyMap<string, string>;
  readonly governance: 'repo' | 'none';
  /** Gate files: paths or globs in the repo, or files on this machine. */
  readonly gateFiles: readonly string[];
  /** A file with what a target says under `resilience`. */
  readonly layout: string | undefined;
  /** A declared gate whose rows and values are shown, or one whose script is. */
  readonly explain: string | undefined;
  readonly format: Format;
  /** Show what the inbox would do, too. */
  readonly plan: boolean;
  /** Run the repo's own scripts where nobody else judges a gate. */
  readonly scripts: boolean;
  /** Their verdicts count although nobody has certified them. */
  readonly trustScripts: boolean;
  /** Where the repo's scripts expect the checkout; the clone's own place when absent. */
  readonly checkoutRoot: string | undefined;
  /** Places of the machine that scripts are told are not there. */
  readonly absent: readonly string[];
  /** Say what made each failing gate fail. */
  readonly blame: boolean;
  /** Audit every commit of this range instead, and say where verdicts change. */
  readonly replay: string | undefined;
  /** Where to append the report as Markdown. */
  readonly summary: string | undefined;
  /** Where to write the report as SARIF. */
  readonly sarif: string | undefined;
}

/** Close what is ours in a repository that is no longer audited. */
export interface RetireArguments {
  readonly retire: string;
  readonly yes: boolean;
}

export const USAGE = `usage: npm run --silent audit -- <dir> [--at <rev>] [--base <rev>] [--now <iso>] [--lane <id>]… [--gate <number|name>]…
                                     [--sibling workbench=<dir>]… [--gates <file>]… [--explain <gate>] [--governance none] [--layout <file>]
                                     [--plan] [--blame] [--no-scripts] [--trust-scripts] [--checkout-root <path>] [--absent <path>]…
                                     [--format table|json|markdown|sarif] [--summary <file>] [--sarif <file>]
       npm run --silent audit -- <dir> --replay <range> [--gate <number|name>]… [--lane <id>]…
       npm run --silent audit -- --retire owner/name [--yes]

  <dir>         a local clone; without --at its work tree as it lies on disk, with it any commit (bare clones too)
  --base        only what newly fails since the branch left this revision makes the exit status 1
  --now         the audit's clock, ISO 8601; now when absent
  --lane        only these lanes
  --gate        only these gates, whatever the repo's governance files say
  --sibling     where a sibling repository lies
  --gates       the gate file, in the repo (a path or glob) or on this machine; lanekeeper.yaml when absent
  --explain     audits this gate only: every row that a declared gate saw, with its values; of a gate that the repo's own
                script judges, what the script did, read, asked for and printed; of one that CI, a runner or posted facts
                decide, where its verdict stands
  --layout      a file with what a target says under resilience: where the facts of that lane stand
  --governance  none: as if the repo had no governance files
  --plan        what the inbox would do, with the base (or this very audit) as day one
  --no-scripts  do not run the repo's own scripts for gates that Lanekeeper does not judge itself. They run in a sandboxed
                shell, and count where ops/bindings/audit.certified.yaml says so; the others are shown as provisional
  --trust-scripts  scripts that nobody has certified count, too
  --checkout-root  where the repo's scripts expect the checkout; where the clone lies when absent
  --absent      a place of the machine, such as /mnt/pool or ~/.config, that the repo's scripts are told is not there
  --blame       what made each failing gate fail: the commit, the clock, or a sibling's commit; with --base for what newly fails
  --replay      audit every commit of this range (main~50..main, or main for all) and say where verdicts change; without the repo's scripts
  --summary     append the report to this file as Markdown, as GitHub's job summary wants it
  --sarif       write the report to this file as SARIF 2.1.0
  --retire      list the open issues that Lanekeeper made there; --yes closes them

exit status: 0 no gate failed, 1 a gate failed or crashed, 2 could not audit, nothing was judged, or a gate file has mistakes`;

const OPTIONS = {
  at: { type: 'string' },
  base: { type: 'string' },
  now: { type: 'string' },
  lane: { type: 'string', multiple: true },
  gate: { type: 'string', multiple: true },
  sibling: { type: 'string', multiple: true },
  gates: { type: 'string', multiple: true },
  explain: { type: 'string' },
  layout: { type: 'string' },
  governance: { type: 'string' },
  format: { type: 'string' },
  plan: { type: 'boolean' },
  'no-scripts': { type: 'boolean' },
  'trust-scripts': { type: 'boolean' },
  'checkout-root': { type: 'string' },
  absent: { type: 'string', multiple: true },
  blame: { type: 'boolean' },
  replay: { type: 'string' },
  summary: { type: 'string' },
  sarif: { type: 'string' },
  retire: { type: 'string' },
  yes: { type: 'boolean' },
} as const;

/** Reads the arguments of the audit command. Throws `UsageError`. */
export function parseAuditArguments(argv: readonly string[], clock: () => number): AuditArguments | RetireArguments {
  const { values, positionals } = readCommandLine(argv, OPTIONS);
  if (values.retire !== undefined) return { retire: values.retire, yes: values.yes ?? false };
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw new UsageError('Name one directory to audit.');
  const now = values.now === undefined ? clock() : Date.parse(values.now);
  if (Number.isNaN(now))
    throw new UsageError(`--now ${values.now} is not an ISO 8601 time, such as 2026-02-17T20:00:00Z.`);
  return {
    directory,
    at: values.at,
    base: values.base,
    now,
    isNowGiven: values.now !== undefined,
    lanes: values.lane ?? [],
    gates: values.gate ?? (values.explain === undefined ? [] : [values.explain]),
    siblings: readSiblings(values.sibling ?? []),
    governance: oneOf('--governance', values.governance ?? 'repo', ['repo', 'none'] as const),
    gateFiles: values.gates ?? [],
    layout: values.layout,
    explain: values.explain,
    format: oneOf('--format', values.format ?? 'table', Object.keys(FORMATS) as Format[]),
    plan: values.plan ?? false,
    scripts: values['no-scripts'] !== true,
    trustScripts: values['trust-scripts'] ?? false,
    checkoutRoot: values['checkout-root'],
    absent: readAbsent(values.absent ?? []),
    blame: values.blame ?? false,
    replay: values.replay,
    summary: values.summary,
    sarif: values.sarif,
  };
}
