import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { pathFrom } from './paths.ts';
import { documentsOf, textAt } from './yaml-files.ts';

/** A Kustomization or HelmRelease of Flux. */
export interface Resource {
  readonly file: string;
  readonly kind: string;
  readonly name: string;
  readonly document: YamlValue;
}

const API = /^(?:kustomize|helm)\.toolkit\.fluxcd\.io\//;

/** Flux's Kustomizations and HelmReleases. */
export function resourcesIn(repo: Repo, files: readonly string[]): readonly Resource[] {
  return files.flatMap((file) =>
    documentsOf(repo, file).flatMap((document) => {
      if (!API.test(textAt(document, 'apiVersion'))) return [];
      return [{ file, kind: textAt(document, 'kind'), name: textAt(document, 'metadata', 'name'), document }];
    }),
  );
}

/** A source's name that leads to this repo at least once: the others are other repositories. */
export function ownSources(repo: Repo, resources: readonly Resource[]): ReadonlySet<string> {
  const found = resources.filter(({ document }) => {
    const path = pathFrom('', textAt(document, 'spec', 'path'));
    return path !== undefined && path !== '' && repo.isDirectory(path);
  });
  return new Set(found.map(({ document }) => textAt(document, 'spec', 'sourceRef', 'name')));
}
