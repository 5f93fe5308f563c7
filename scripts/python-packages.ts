import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadInterpreter } from '../cli/shared/python.ts';
import { bytesOf } from '../src/scripts/files/bytes.ts';
import { Disk } from '../src/scripts/files/disk.ts';
import { runPython } from '../src/scripts/python/interpreter.ts';
import { Races } from '../src/scripts/races.ts';
import { USUAL_SURROUNDINGS } from '../src/scripts/surroundings.ts';
import { UTC } from '../src/scripts/zone.ts';

const SOURCES = join(import.meta.dirname, '../src/scripts/python/packages');

/** Compiles what stands on stdin (sources by path, as JSON) into an archive that is the same whenever it is made. */
const COMPILE = `
import importlib._bootstrap_external as external, json, sys, zipfile
archive = zipfile.ZipFile("/tmp/packages.zip", "w", zipfile.ZIP_DEFLATED)
for path, source in sorted(json.load(sys.stdin).items()):
    code = compile(source, "/.lanekeeper/packages/" + path, "exec", dont_inherit=True, optimize=0)
    data = external._code_to_hash_pyc(code, bytes(8), False)
    archive.writestr(zipfile.ZipInfo(path + "c", (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
archive.close()
`;

/** The archive of modules that a Python here has beside its standard library, made by that same Python. */
export async function buildPythonPackages(): Promise<Uint8Array> {
  const found = await readdir(SOURCES, { recursive: true });
  const sources: Record<string, string> = {};
  for (const path of found.filter((name) => name.endsWith('.py'))) {
    sources[path] = await readFile(join(SOURCES, path), 'utf8');
  }
  const nothing = () => {};
  const disk = new Disk(
    [],
    { home: '/root', siblings: new Map() },
    {
      surroundings: USUAL_SURROUNDINGS,
      races: new Races(nothing),
      umask: () => USUAL_SURROUNDINGS.umask,
      asked: nothing,
      needs: nothing,
      leansOn: nothing,
      foundAbsent: nothing,
    },
  );
  const input = new TextEncoder().encode(JSON.stringify(sources));
  const interpreter = await loadInterpreter();
  const { status, stderr } = await runPython(
    { ...interpreter, packages: new Uint8Array() },
    {
      args: ['-c', COMPILE],
      stdin: () => input,
      cwd: '/tmp',
      environment: new Map(),
      disk,
      now: () => 0,
      zone: UTC,
      asksForZone: nothing,
      isTerminal: () => false,
      needs: nothing,
      leansOn: nothing,
      surroundings: USUAL_SURROUNDINGS,
      tick: nothing,
      misses: nothing,
      runs: nothing,
      call() {
        throw new Error('nothing is started here');
      },
      database() {
        throw new Error('no database is kept here');
      },
    },
  );
  const archive = disk.read('/tmp/packages.zip');
  if (status !== 0 || archive === null) throw new Error(`Python could not compile its packages: ${stderr}`);
  return bytesOf(archive);
}
