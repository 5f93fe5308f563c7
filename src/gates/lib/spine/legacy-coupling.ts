import type { GateFinding } from '../../../core/finding.ts';
import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { gnuGrep, ripgrep } from '../bash/search-patterns.ts';
import { reporterFor } from '../define.ts';
import { type Ban, breachesOf, rulesOf } from '../files/forbidden-lines.ts';
import { CAPABILITIES } from './known-files.ts';

type Field = readonly [key: string | null, value: YamlValue];

/** Links may make a folder contain itself; no plugin is that large. */
const MOST_FOLDERS = 500;
const MEANS = 'a path or tool of the retired laptop setup';

/** For a single status tool: names of the retired repo, its agent folder, its schedulers and its output folders. */
export const LEGACY_MARKERS: Ban = {
  rule: 'is-free-of-legacy-paths',
  pattern: ripgrep(/ronny-ops|~\/agent|\/agent\/|LaunchAgents|launchd|\.plist\b|cron\b|state\/|receipts\//),
  means: MEANS,
};

const LEGACY_PATHS: Ban = {
  rule: 'is-free-of-legacy-paths',
  pattern: gnuGrep(/ronny-ops|LaunchAgents|\.plist\b|cron\b|~\/agent\b|state\/|receipts\/|~\/logs\b|\/logs\//),
  means: MEANS,
};

/** The rules of `legacyCoupling`. */
export const COUPLING_RULES = {
  ...rulesOf([LEGACY_PATHS]),
  'capability-is-free-of-legacy-paths': `The capability \`{capability}\` contains \`{words}\`, ${MEANS}.`,
};

const report = reporterFor(COUPLING_RULES);

/**
 * Where a plugin still hangs on the retired set-up: every such line below its folder; only if there is none,
 * every such field of the capabilities whose name starts with `prefix`.
 */
export function legacyCoupling(repo: Repo, folder: string, prefix: string): readonly GateFinding[] {
  const files = filesBelow(repo, folder);
  repo.prefetch(files);
  const lines = files.flatMap((path) => breachesOf(LEGACY_PATHS, path, decodableLines(repo, path)));
  return lines.length > 0 ? lines : legacyCapabilities(repo, prefix);
}

/** Links are followed, hidden names count. */
function filesBelow(repo: Repo, top: string): readonly string[] {
  const folders = [top];
  const files: string[] = [];
  for (const folder of folders) {
    for (const name of repo.names(folder)) {
      const path = `${folder}/${name}`;
      if (repo.isFile(path)) files.push(path);
      else if (repo.isDirectory(path) && folders.length < MOST_FOLDERS) folders.push(path);
    }
  }
  return files.sort();
}

/** The script's search skips files with a NUL byte and lines that are not UTF-8. */
function decodableLines(repo: Repo, path: string) {
  return repo.text(path).includes('\0') ? [] : repo.lines(path).filter(({ text }) => !text.includes('\uFFFD'));
}

function legacyCapabilities(repo: Repo, prefix: string): readonly GateFinding[] {
  const file = repo.yamlOrEmpty(CAPABILITIES);
  const capabilities = file.kind === 'map' ? file.get('capabilities').entries : [];
  return capabilities
    .filter(([capability]) => capability.startsWith(prefix))
    .flatMap(([capability, entry]) =>
      [...printed(capability, entry)].flatMap((field) => legacyField(capability, field)),
    );
}

/** A capability is searched as it prints: aliases filled in, each name once so that a circle ends. */
function* printed(key: string | null, value: YamlValue, filledIn = new Set<string>()): Generator<Field> {
  for (const field of value.descendants(key)) {
    const [name, below] = field;
    if (below.kind !== 'alias') yield field;
    else if (!filledIn.has(below.raw)) yield* printed(name, below.target, filledIn.add(below.raw));
  }
}

function legacyField(capability: string, [key, value]: Field): readonly GateFinding[] {
  const text = value.kind === 'scalar' ? value.raw : '';
  const match = LEGACY_PATHS.pattern.exec(`${key ?? ''}\n${text}`);
  if (!match) return [];
  const subject = key === null || key === capability ? `capability:${capability}` : `capability:${capability}#${key}`;
  return [report('capability-is-free-of-legacy-paths', subject, value, { capability, words: match[0] })];
}
