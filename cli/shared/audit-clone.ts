import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CouldNotAudit } from '../../src/audit/registry/could-not-audit.ts';
import { parseDefaultRegistry } from '../../src/audit/registry/defaults.ts';
import { type Audit, type AuditRequest, runAudit } from '../../src/audit/run.ts';
import { ConfigError, parseLayout } from '../../src/config/targets.ts';
import type { ReadDeclaration } from '../../src/core/declaration.ts';
import type { Gate } from '../../src/core/gate.ts';
import { Unavailable } from '../../src/core/signals.ts';
import { SnapshotError } from '../../src/core/snapshot.ts';
import { type GivenFile, readDeclaredGates } from '../../src/declared/declare.ts';
import type { DeclaredGate } from '../../src/declared/gate.ts';
import { gates } from '../../src/gates/index.ts';
import { withLayout } from '../../src/gates/lib/resilience/gate.ts';
import type { BindingOverrides } from '../../src/gates/lib/resilience/layout.ts';
import { checkGates } from '../../src/reported/check-gates.ts';
import { type Expectations, scriptEngine } from '../../src/scripts/engine.ts';
import { directorySnapshot } from '../../src/snapshot/clone/directory.ts';
import { currentBranch } from '../../src/snapshot/clone/git.ts';
import { requireWhole } from '../../src/snapshot/clone/place.ts';
import { loadPython } from './python.ts';

/** A clone holds no results of CI. */
const NO_CHECKS = "CI's checks are read by the Worker, from GitHub";
const REGISTRY = join(import.meta.dirname, '../../bindings/default-registry.yaml');

export interface CloneOptions extends Pick<AuditRequest, 'now' | 'governance' | 'detailed' | 'lanes' | 'only'> {
  readonly directory: string;
  /** How the repo's own scripts are run; they are not when absent. */
  readonly scripts?: CloneScripts | undefined;
  /** Gate files: paths or globs in the clone, or files on this machine. */
  readonly gateFiles?: readonly string[];
  /** What becomes of each declared gate before it is judged; nothing when absent. */
  readonly listen?: (gate: DeclaredGate) => Gate;
  /** A file on this machine with what a target says under `resilience`. */
  readonly layout?: string | undefined;
  /** Directories of siblings, by name. */
  readonly siblings: Iterable<readonly [name: string, directory: string]>;
}

export interface CloneScripts {
  /** Where they expect the checkout; the clone's own place when absent. */
  readonly checkoutRoot?: string | undefined;
  /** Places of the machine that they are told are not there. */
  readonly absent?: readonly string[];
  /** Uncertified ones count, too. */
  readonly areTrusted: boolean;
}

/** Audits revisions of a local clone, or its work tree where none is named, all beside the same siblings. Throws what `isExpected` knows. */
export async function cloneAuditor(options: CloneOptions): Promise<(revision?: string) => Promise<Audit>> {
  const shared = await requestFor(options);
  return async (revision) => runAudit({ ...shared, target: await directorySnapshot(options.directory, revision) });
}

/** What audits of a clone have in common, whatever the commit. Throws what `isExpected` knows. */
export async function requestFor(options: CloneOptions): Promise<Omit<AuditRequest, 'target'>> {
  const { directory, siblings, gateFiles = [], listen, layout, scripts, ...request } = options;
  await Promise.all([directory, ...new Map(siblings).values()].map(requireWhole));
  const opened = [...siblings].map(async ([name, place]) => [name, await directorySnapshot(place)] as const);
  return {
    ...request,
    gates: withLayout(gates, layout === undefined ? undefined : await layoutFrom(layout)),
    declare: await declarationReader(gateFiles, listen),
    checks: async (names: readonly string[]) => checkGates(names, { unread: NO_CHECKS }),
    siblings: Object.fromEntries(await Promise.all(opened)),
    scripts: scripts && {
      engine: scriptEngine(await expectationsOf({ directory, siblings, ...scripts }), loadPython),
      areTrusted: scripts.areTrusted,
    },
    defaultRegistry: parseDefaultRegistry(await readFile(REGISTRY, 'utf8')),
  };
}

/**
 * What scripts of a clone find: the checkout, siblings beside it, and the clone's branch.
 * Any commit is judged as the one that is checked out on that branch, as `certify` and `report` check it out.
 */
export async function expectationsOf({
  directory,
  siblings,
  checkoutRoot,
  absent = [],
}: Pick<CloneOptions, 'directory' | 'siblings'> &
  Pick<CloneScripts, 'checkoutRoot' | 'absent'>): Promise<Expectations> {
  const branch = await currentBranch(directory);
  const names = Object.fromEntries([...siblings].map(([name]) => [name, undefined]));
  return { root: checkoutRoot ?? resolve(directory), siblings: names, absent, ...(branch && { branch }) };
}

/** Reads gate files from the clone; those that lie on this machine are read from there, so that one can be tried before it is committed. */
async function declarationReader(
  gateFiles: readonly string[],
  listen: CloneOptions['listen'],
): Promise<ReadDeclaration> {
  const given: GivenFile[] = [];
  const inClone: string[] = [];
  for (const file of gateFiles) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) inClone.push(file);
    else given.push({ path: file, text });
  }
  const files = gateFiles.length === 0 ? {} : { files: inClone };
  return (repo, taken) => {
    const declared = readDeclaredGates(repo, { ...files, given, taken });
    return declared && listen ? { ...declared, gates: declared.gates.map(listen) } : declared;
  };
}

/** Throws `ConfigError` for a file that is no layout. */
async function layoutFrom(file: string): Promise<BindingOverrides> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ConfigError(`${file}: there is no such file`);
  });
  return parseLayout(text, file);
}

/** Whether an error says, for people, why something could not be audited. */
export function isExpected(error: unknown): error is Error {
  return (
    error instanceof CouldNotAudit ||
    error instanceof ConfigError ||
    error instanceof SnapshotError ||
    error instanceof Unavailable
  );
}
