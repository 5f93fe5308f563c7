import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { textOr } from './define.ts';
import { folderOf, pathFrom } from './paths.ts';
import { documentsOf, field, listAt, textAt } from './yaml-files.ts';

/** Lists of paths to files or folders. */
const PATHS = [
  'resources',
  'components',
  'bases',
  'crds',
  'configurations',
  'generators',
  'transformers',
  'validators',
  'patchesStrategicMerge',
  'openapi',
];

export interface Reference {
  readonly path: string;
  readonly at: YamlValue;
}

/** Every local path that a kustomization names. */
export function* referencesOf(document: YamlValue): Generator<Reference> {
  for (const list of PATHS)
    for (const item of listAt(document, list))
      if (item.target.kind === 'scalar') yield { path: item.target.raw, at: item };
  for (const list of ['patches', 'patchesJson6902', 'replacements'])
    for (const item of listAt(document, list)) yield* pathIn(item, 'path');
  for (const list of ['configMapGenerator', 'secretGenerator']) {
    for (const generator of listAt(document, list)) {
      yield* pathIn(generator, 'env');
      for (const item of [...listAt(generator, 'files'), ...listAt(generator, 'envs')])
        if (item.target.kind === 'scalar') yield { path: item.target.raw.replace(/^[^=/]+=/, ''), at: item };
    }
  }
  for (const chart of listAt(document, 'helmCharts')) {
    yield* pathIn(chart, 'valuesFile');
    for (const item of listAt(chart, 'additionalValuesFiles'))
      if (item.target.kind === 'scalar') yield { path: item.target.raw, at: item };
  }
}

function* pathIn(value: YamlValue, key: string): Generator<Reference> {
  const at = field(value, key);
  if (at?.target.kind === 'scalar') yield { path: at.target.raw, at };
}

/** The generators and transformers of a kustomization that lie here: they name files of their own. */
export function pluginsOf(repo: Repo, file: string): readonly string[] {
  const paths = documentsOf(repo, file).flatMap((document) =>
    ['generators', 'transformers'].flatMap((list) =>
      listAt(document, list).map((item) => pathFrom(folderOf(file), item.target.raw) ?? ''),
    ),
  );
  return paths.filter((path) => repo.isFile(path));
}

/** A file that kubectl would take: anything else beside a kustomization has another purpose. */
export function isManifest(repo: Repo, path: string): boolean {
  return documentsOf(repo, path).some((document) => {
    const kind = textAt(document, 'kind');
    return (
      textAt(document, 'apiVersion') !== '' &&
      kind !== '' &&
      !/^(?:Component|.*Generator|.*Transformer)$/.test(kind) &&
      !isKustomization(document)
    );
  });
}

function isKustomization(document: YamlValue): boolean {
  return (
    textAt(document, 'kind') === 'Kustomization' && textAt(document, 'apiVersion').startsWith('kustomize.config.k8s.io')
  );
}

/** YAML files beside a kustomization that no kustomization lists, and that it does not name in passing. */
export function unlistedBeside(repo: Repo, file: string, listed: ReadonlySet<string>): readonly string[] {
  const folder = folderOf(file);
  const own = textOr(repo, file);
  const listsResources = documentsOf(repo, file).some((document) => listAt(document, 'resources').length > 0);
  if (typeof own !== 'string' || !listsResources) return [];
  const named = [own, ...pluginsOf(repo, file).map((path) => repo.text(path))].join('\n');
  const here = repo
    .names(folder)
    .filter((name) => /\.ya?ml$/.test(name) && !/^(?:kustomization\.ya?ml|\..*)$|values/.test(name));
  const unlisted = here.filter((name) => !listed.has(pathFrom(folder, name) ?? '') && !named.includes(name));
  return unlisted.map((name) => pathFrom(folder, name) ?? name).filter((path) => repo.isFile(path));
}
