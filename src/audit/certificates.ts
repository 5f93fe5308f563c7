import type { Repo } from '../core/repo.ts';
import { Abort, Exhausted, Unavailable } from '../core/signals.ts';
import type { YamlValue } from '../core/yaml/value.ts';

/** Where an ops repo says of which scripts the engine's verdict was compared with bash; `npm run certify` writes it. */
const CERTIFICATES_FILE = 'ops/bindings/audit.certified.yaml';

/** Blob ids of certified versions by the path of the script, or what is wrong with the file, so that nothing is certified. */
export interface Certificates {
  readonly blobs: ReadonlyMap<string, ReadonlySet<string>>;
  /** One sentence with the place. */
  readonly problem?: string;
}

const NONE: Certificates = { blobs: new Map() };

/** Reads which scripts are certified. A file with a mistake certifies nothing, since nobody knows what was meant. Reading may suspend. */
export function readCertificates(repo: Repo): Certificates {
  try {
    if (!repo.isFile(CERTIFICATES_FILE)) return NONE;
    return { blobs: readBlobs(repo.yaml(CERTIFICATES_FILE)) };
  } catch (error) {
    if (error instanceof Abort || error instanceof Exhausted)
      return unusable(`${placeOf(error.place.line)}: ${error.message}`);
    if (error instanceof Unavailable) return unusable(error.message);
    throw error;
  }
}

function unusable(what: string): Certificates {
  return { ...NONE, problem: `${what}. No script counts as certified until that is mended.` };
}

function readBlobs(file: YamlValue): Certificates['blobs'] {
  const rows = file.get('certified');
  if (!file.get('version').is('1')) throw new Abort('`version` is not 1', file.get('version'));
  if (rows.kind !== 'list') throw new Abort('`certified` is no list', rows);
  const certificates = rows.items.map(certificateIn);
  const blobs = new Map<string, Set<string>>();
  for (const { script, blob, agreed } of certificates)
    if (agreed) blobs.set(script, (blobs.get(script) ?? new Set()).add(blob));
  // One comparison that disagreed outweighs any that agreed.
  for (const { script, blob, agreed } of certificates) if (!agreed) blobs.get(script)?.delete(blob);
  return blobs;
}

function certificateIn(row: YamlValue) {
  const [script, blob, agreed] = [row.get('script'), row.get('blob'), row.get('agreed')];
  if (script.or('') === '') throw new Abort('a certificate names no `script`', script);
  if (!/^[0-9a-f]{40}$/.test(blob.or('')))
    throw new Abort(`the \`blob\` of \`${script.raw}\` is no git blob id of 40 digits`, blob);
  if (!agreed.is('true') && !agreed.is('false'))
    throw new Abort(`\`agreed\` of \`${script.raw}\` is neither true nor false`, agreed);
  return { script: script.raw, blob: blob.raw, agreed: agreed.is('true') };
}

function placeOf(line: number | null): string {
  return line === null ? CERTIFICATES_FILE : `${CERTIFICATES_FILE}:${line}`;
}
