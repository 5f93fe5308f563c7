import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { folderOf, pathFrom } from './paths.ts';
import { documentsOf, field, listAt } from './yaml-files.ts';

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
