import { defineBasicsGate, matchingInUse, textOr } from '../lib/basics/define.ts';
import { ownSources, resourcesIn } from '../lib/basics/flux.ts';
import { pathFrom } from '../lib/basics/paths.ts';
import { field, listAt, textAt } from '../lib/basics/yaml-files.ts';

export default defineBasicsGate({
  name: 'flux-references-exist',
  number: 'B4',
  about: 'resources of Flux',
  severity: 'high',
  why: 'Flux stops at a path that is not there, and waits for ever for a dependency that nobody defines.',
  fix: 'Correct `spec.path`, or the name under `dependsOn:`.',
  limits:
    'Names and paths with variables in them are not looked at, nor are paths in other repositories and folders called archive.',
  reads: ['**/*.yaml', '**/*.yml'],

  rules: {
    'path-exists': '{kind} {name} applies `{path}`, which does not exist.',
    'dependency-exists': '{kind} {name} depends on {dependency}, which is not defined here.',
  },

  files: (repo) => {
    const files = matchingInUse(repo, ['**/*.yaml', '**/*.yml']);
    repo.prefetch(files);
    return files.filter((file) => {
      const text = textOr(repo, file);
      return typeof text === 'string' && text.includes('.toolkit.fluxcd.io/');
    });
  },

  *check(files, report, { repo }) {
    const resources = resourcesIn(repo, files);
    const sources = ownSources(repo, resources);
    const known = new Set(resources.map(({ kind, name }) => `${kind} ${name}`));
    const isTemplated = resources.some(({ name }) => name.includes('$'));
    for (const { file, kind, name, document } of resources) {
      const subject = `${kind} ${name}`;
      const at = field(document, 'spec', 'path');
      const path = textAt(document, 'spec', 'path');
      const target = pathFrom('', path);
      const isOwn = sources.has(textAt(document, 'spec', 'sourceRef', 'name'));
      if (
        kind === 'Kustomization' &&
        isOwn &&
        target !== undefined &&
        target !== '' &&
        !path.includes('$') &&
        !repo.isDirectory(target)
      )
        yield report('path-exists', `${file} ${subject}`, at, { kind, name, path });
      for (const item of listAt(document, 'spec', 'dependsOn')) {
        const dependency = textAt(item, 'name');
        if (dependency === '' || dependency.includes('$') || isTemplated || known.has(`${kind} ${dependency}`))
          continue;
        yield report('dependency-exists', `${file} ${subject} ${dependency}`, field(item, 'name') ?? item, {
          kind,
          name,
          dependency,
        });
      }
    }
  },

  examples: {
    pass: [
      {
        title: 'path and dependency are there',
        files: { 'k.yaml': kustomization('a', './apps', 'b') + kustomization('b', './apps'), 'apps/x.yaml': 'a: 1\n' },
      },
    ],
    fail: [
      {
        title: 'a path that was renamed, a dependency that was taken out',
        files: { 'k.yaml': kustomization('a', './apps', 'c') + kustomization('b', './app'), 'apps/x.yaml': 'a: 1\n' },
        finds: ['dependency-exists k.yaml Kustomization a c', 'path-exists k.yaml Kustomization b'],
      },
    ],
    skip: [{ title: 'no Flux', files: { 'a.yaml': 'a: 1\n' } }],
  },
});

function kustomization(name: string, path: string, dependency?: string): string {
  const dependsOn = dependency === undefined ? '' : `, dependsOn: [{ name: ${dependency} }]`;
  return `---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name} }\nspec: { path: ${path}, sourceRef: { kind: GitRepository, name: home }${dependsOn} }\n`;
}
