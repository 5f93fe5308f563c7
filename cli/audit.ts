import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDefaultRegistry } from '../src/audit/default-registry.ts';
import { CouldNotAudit } from '../src/audit/governance.ts';
import { runAudit } from '../src/audit/run.ts';
import type { Report } from '../src/core/report.ts';
import { Unavailable } from '../src/core/signals.ts';
import { SnapshotError } from '../src/core/snapshot.ts';
import { reportAsTable } from '../src/formats/table.ts';
import { gates } from '../src/gates/index.ts';
import { directorySnapshot } from '../src/snapshot/directory.ts';
import { type AuditArguments, parseAuditArguments, USAGE, UsageError } from './arguments.ts';

const REGISTRY = join(import.meta.dirname, '../bindings/default-registry.yaml');

async function audit(options: AuditArguments): Promise<Report> {
  const target = await directorySnapshot(options.directory, options.at);
  const siblings = await Promise.all(
    [...options.siblings].map(async ([name, directory]) => [name, await directorySnapshot(directory)] as const),
  );
  const { report } = await runAudit({
    target,
    siblings: Object.fromEntries(siblings),
    now: options.now,
    gates,
    defaultRegistry: parseDefaultRegistry(await readFile(REGISTRY, 'utf8')),
    ...(options.lanes.length > 0 ? { lanes: options.lanes } : {}),
    ...(options.gates.length > 0 ? { only: options.gates } : {}),
  });
  return report;
}

/** A report that says why there is none. */
function failedReport({ directory, now, siblings }: AuditArguments, error: string): Report {
  return {
    schemaVersion: 1,
    repo: directory,
    sha: null,
    now: new Date(now).toISOString(),
    complete: false,
    error,
    siblings: Object.fromEntries(['workbench', ...siblings.keys()].map((name) => [name, null])),
    lanes: [],
    gates: [],
  };
}

function isExpected(error: unknown): error is Error {
  return error instanceof CouldNotAudit || error instanceof SnapshotError || error instanceof Unavailable;
}

async function main(): Promise<number> {
  const options = parseAuditArguments(process.argv.slice(2), Date.now);
  try {
    const report = await audit(options);
    const isTerminal = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;
    const text =
      options.format === 'json' ? `${JSON.stringify(report, null, 1)}\n` : reportAsTable(report, { color: isTerminal });
    process.stdout.write(text);
    return report.gates.some(({ verdict }) => verdict === 'fail' || verdict === 'crashed') ? 1 : 0;
  } catch (error) {
    if (!isExpected(error)) throw error;
    if (options.format === 'json')
      process.stdout.write(`${JSON.stringify(failedReport(options, error.message), null, 1)}\n`);
    process.stderr.write(`could not audit: ${error.message}\n`);
    return 2;
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}\n`);
  process.exitCode = 2;
}
