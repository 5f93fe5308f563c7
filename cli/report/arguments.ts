import { hostname } from 'node:os';
import { readCommandLine, readSiblings, UsageError } from '../shared/command-line.ts';

export interface ReportArguments {
  readonly directory: string;
  readonly at: string;
  /** Only these gates, by number or name; otherwise those that an audit cannot check. */
  readonly gates: readonly string[];
  readonly all: boolean;
  readonly siblings: ReadonlyMap<string, string>;
  /** Gate files: paths or globs in the clone, or files on this machine. */
  readonly gateFiles: readonly string[];
  /** Milliseconds that one script may take. */
  readonly timeout: number;
  /** Where to post the results; nothing is posted without. */
  readonly post: string | undefined;
  /** `owner/name`, where results go to. */
  readonly repo: string | undefined;
  readonly runner: string;
  /** Where to write what is posted. */
  readonly output: string | undefined;
}

/** Print the results key of a repository. */
export interface KeyArguments {
  readonly key: string;
  /** The target's `resultsKey`. */
  readonly generation: number;
}

export const USAGE = `usage: npm run --silent report -- <clone> [--at <rev>] [--gate <number|name>]… [--all] [--sibling workbench=<dir>]…
                                      [--timeout <seconds>] [--runner <name>] [--output <file>]
                                      [--post <url> --repo owner/name]
       npm run --silent report -- --key owner/name

  Runs gates where they can run: in a clean checkout, with this machine's own shell, tools and network.

  <clone>       a local clone of the ops repo
  --at          the commit to check; HEAD when absent
  --gate        only these gates; otherwise every one that an audit leaves blind, as a whole or in part: registered
                check scripts, and \`run:\` entries of lanekeeper.yaml
  --all         every gate with a script or command, those that an audit can check included
  --gates       a gate file, where it is not lanekeeper.yaml
  --sibling     where a sibling repository lies, for the audit that tells which gates are needed
  --timeout     seconds that one script may take; 120 when absent. A \`run:\` entry has its own \`timeout:\`
  --runner      who reports; this machine's name when absent
  --output      write the results to this file
  --key         print the results key of a repository, made from RESULTS_SECRET in the environment;
                --generation is the target's \`resultsKey\`, 1 when absent
  --post        send the results to the Worker that answers there, for --repo

Posting is authenticated by LANEKEEPER_KEY or LANEKEEPER_KEY_FILE (the repository's results key), or in GitHub Actions by
\`permissions: id-token: write\`.

Ctrl-C (SIGINT, SIGTERM) stops the gate that runs; what has run by then is written and posted.

exit status: 0 every gate passed, 1 some did not, 2 it was stopped, nothing could be run or posted, or a gate file has mistakes`;

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  at: TEXT,
  gate: { ...TEXT, multiple: true },
  all: { type: 'boolean' },
  sibling: { ...TEXT, multiple: true },
  gates: { ...TEXT, multiple: true },
  timeout: TEXT,
  runner: TEXT,
  output: TEXT,
  post: TEXT,
  repo: TEXT,
  key: TEXT,
  generation: TEXT,
} as const;

/** Reads the arguments of the report command. Throws `UsageError`. */
export function parseReportArguments(argv: readonly string[]): ReportArguments | KeyArguments {
  const { values, positionals } = readCommandLine(argv, OPTIONS);
  if (values.key !== undefined) return keyArguments(values.key, Number(values.generation ?? 1));
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw new UsageError('Name one clone.');
  const seconds = Number(values.timeout ?? 120);
  if (!(seconds >= 1 && seconds <= 3600)) throw new UsageError('--timeout must be a number of seconds from 1 to 3600.');
  if (values.post !== undefined && !URL.canParse(values.post))
    throw new UsageError(`--post ${values.post} is not a URL.`);
  if (values.repo !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(values.repo))
    throw new UsageError('--repo must be owner/name.');
  if (values.post !== undefined && values.repo === undefined) throw new UsageError('--post needs --repo owner/name.');
  return {
    directory,
    at: values.at ?? 'HEAD',
    gates: values.gate ?? [],
    all: values.all ?? false,
    siblings: readSiblings(values.sibling ?? []),
    gateFiles: values.gates ?? [],
    timeout: seconds * 1000,
    post: values.post,
    repo: values.repo,
    runner: runnerOf(values.runner ?? hostname()),
    output: values.output,
  };
}

/** A name that the Worker takes. */
function runnerOf(name: string): string {
  const runner = name.replace(/[^\w .:@/-]/g, '-').slice(0, 100);
  return runner === '' ? 'a runner' : runner;
}

function keyArguments(key: string, generation: number): KeyArguments {
  if (!/^[\w.-]+\/[\w.-]+$/.test(key)) throw new UsageError('--key must be owner/name.');
  if (!(Number.isInteger(generation) && generation > 0))
    throw new UsageError('--generation must be a whole number from 1 on.');
  return { key, generation };
}
