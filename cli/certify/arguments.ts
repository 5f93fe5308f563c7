import { readAbsent, readCommandLine, UsageError } from '../shared/command-line.ts';

export interface CertifyArguments {
  readonly directory: string;
  readonly at: string;
  /** Only these gates, by number or name. */
  readonly gates: readonly string[];
  /** Milliseconds that bash may take for one script. */
  readonly timeout: number;
  /** Where to write the certificates; nothing is written without. */
  readonly output: string | undefined;
  /** Places of the machine that the engine is told are not there. */
  readonly absent: readonly string[];
}

export const USAGE = `usage: npm run --silent certify -- <clone> [--at <rev>] [--gate <number|name>]… [--timeout <seconds>] [--absent <path>]…
                                       [--output <file>]

  Runs each registered gate's script with this machine's bash, three times, and with the script engine: on the commit, and on
  copies of it from which one file that the script read was taken away. A script is certified when all of that agrees, and
  when at least one of the trees makes it fail.

  <clone>     a local clone of the ops repo
  --at        the commit; HEAD when absent
  --gate      only these gates
  --timeout   seconds that bash may take for one script; 120 when absent
  --absent    a place of the machine that the engine is told is not there, as the target says under absent
  --output    write the certificates to this file, in the form of ops/bindings/audit.certified.yaml

The scripts run with your rights and your tools. The engine is told that the repo lies where the checkout for bash lies.

exit status: 0 nothing disagrees, 1 a script's verdicts differ, 2 nothing could be compared`;

const TEXT = { type: 'string' } as const;
const OPTIONS = {
  at: TEXT,
  gate: { ...TEXT, multiple: true },
  timeout: TEXT,
  absent: { ...TEXT, multiple: true },
  output: TEXT,
} as const;

/** Reads the arguments of the certify command. Throws `UsageError`. */
export function parseCertifyArguments(argv: readonly string[]): CertifyArguments {
  const { values, positionals } = readCommandLine(argv, OPTIONS);
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw new UsageError('Name one clone.');
  const seconds = Number(values.timeout ?? 120);
  if (!(seconds >= 1 && seconds <= 3600)) throw new UsageError('--timeout must be a number of seconds from 1 to 3600.');
  return {
    directory,
    at: values.at ?? 'HEAD',
    gates: values.gate ?? [],
    timeout: seconds * 1000,
    output: values.output,
    absent: readAbsent(values.absent ?? []),
  };
}
