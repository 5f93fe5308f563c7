import { parseArgs } from 'node:util';

export interface AuditArguments {
  readonly directory: string;
  readonly at: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly lanes: readonly string[];
  readonly gates: readonly string[];
  readonly siblings: ReadonlyMap<string, string>;
  readonly format: 'table' | 'json';
}

export const USAGE = `usage: npm run --silent audit -- <dir> [--at <rev>] [--now <iso>] [--lane <id>]… [--gate <D-number|name>]…
                                     [--sibling workbench=<dir>]… [--format table|json]

  <dir>       a local clone; without --at its work tree as it lies on disk, with it any commit (bare clones too)
  --now       the audit's clock, ISO 8601; now when absent
  --lane      only these lanes
  --gate      only these gates, whatever the repo's governance files say
  --sibling   where a sibling repository lies

exit status: 0 no gate failed, 1 a gate failed or crashed, 2 could not audit`;

/** The command line was not understood; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Reads the arguments of the audit command. Throws `UsageError`. */
export function parseAuditArguments(argv: readonly string[], clock: () => number): AuditArguments {
  const { values, positionals } = readOptions(argv);
  const [directory, ...rest] = positionals;
  if (directory === undefined || rest.length > 0) throw new UsageError('Name one directory to audit.');
  const now = values.now === undefined ? clock() : Date.parse(values.now);
  if (Number.isNaN(now)) throw new UsageError(`--now ${values.now} is no ISO 8601 time, such as 2026-02-17T20:00:00Z.`);
  const format = values.format ?? 'table';
  if (format !== 'table' && format !== 'json') throw new UsageError(`--format ${format} is neither table nor json.`);
  const siblings = new Map<string, string>();
  for (const sibling of values.sibling ?? []) {
    const [, name, place] = /^([^=]+)=(.+)$/.exec(sibling) ?? [];
    if (!name || !place) throw new UsageError(`--sibling ${sibling} is not of the form workbench=<dir>.`);
    siblings.set(name, place);
  }
  return { directory, at: values.at, now, lanes: values.lane ?? [], gates: values.gate ?? [], siblings, format };
}

function readOptions(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        at: { type: 'string' },
        now: { type: 'string' },
        lane: { type: 'string', multiple: true },
        gate: { type: 'string', multiple: true },
        sibling: { type: 'string', multiple: true },
        format: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
