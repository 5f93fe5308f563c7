import type { Repo } from '../../core/repo.ts';
import { defineBasicsGate, matchingInUse } from '../lib/basics/define.ts';
import { ignoredPaths } from '../lib/basics/git-ignored.ts';
import { isManifest, pluginsOf, referencesOf, unlistedBeside } from '../lib/basics/kustomization.ts';
import { folderOf, pathFrom } from '../lib/basics/paths.ts';
import { documentsOf } from '../lib/basics/yaml-files.ts';

const PATTERNS = ['**/kustomization.yaml', '**/kustomization.yml', '**/Kustomization'];
const REMOTE = /^[a-z+]+:\/\/|^git@|^github\.com\/|\?ref=|\n|^\s*$/i;

function exists(repo: Repo, path: string): boolean {
  return repo.isFile(path) || repo.isDirectory(path);
}

export default defineBasicsGate({
  name: 'kustomizations-are-whole',
  number: 'B3',
  about: 'kustomizations',
  severity: 'high',
  why: 'A path that is not there stops the whole kustomization from being applied; a manifest that no kustomization lists is never applied at all.',
  fix: 'Correct the path, or list the file under `resources:` of the kustomization beside it.',
  limits:
    'Remote bases, files that git ignores and what lies in a folder called archive are not looked at. A file that the kustomization names in a comment is left out on purpose.',
  reads: PATTERNS,

  rules: {
    'reference-exists': '`{path}` does not exist.',
    'manifest-is-listed': '{file} is a manifest beside {kustomization}, and no kustomization lists it.',
  },

  files: (repo) => matchingInUse(repo, PATTERNS),

  *check(files, report, { repo }) {
    repo.prefetch(files.flatMap((file) => pluginsOf(repo, file)));
    const isIgnored = ignoredPaths(repo);
    const listed = new Set<string>();
    for (const file of files) {
      for (const document of documentsOf(repo, file)) {
        for (const { path, at } of referencesOf(document)) {
          const target = REMOTE.test(path) || /[${]/.test(path) ? undefined : pathFrom(folderOf(file), path);
          if (target === undefined) continue;
          listed.add(target);
          if (!exists(repo, target) && !isIgnored(target))
            yield report('reference-exists', `${file} ${path}`, at, { path });
        }
      }
    }
    const beside = files.map((file) => ({ file, paths: unlistedBeside(repo, file, listed) }));
    // All at once: folder by folder, each would be another round of fetching.
    repo.prefetch(beside.flatMap(({ paths }) => paths));
    for (const { file, paths } of beside) {
      for (const path of paths) {
        if (!isManifest(repo, path)) continue;
        yield report('manifest-is-listed', path, repo.at(path), { file: path, kustomization: file });
      }
    }
  },

  examples: {
    pass: [
      {
        title: 'everything is there and listed',
        files: {
          'app/kustomization.yaml':
            'resources: [a.yaml, ../base, https://x.org/y.yaml]\npatches: [{ path: p.yaml }]\nconfigMapGenerator: [{ files: [x=c.conf] }]\ngenerators: [ksops.yaml]\n# - later.yaml\n',
          'app/a.yaml': 'apiVersion: v1\nkind: Pod\n',
          'app/p.yaml': 'apiVersion: v1\nkind: Pod\n',
          'app/later.yaml': 'apiVersion: v1\nkind: Pod\n',
          'app/.sops.yaml': 'creation_rules: []\n',
          'app/values.yaml': 'apiVersion: v1\nkind: Pod\n',
          'app/c.conf': '',
          'app/secret.enc.yaml': 'apiVersion: v1\nkind: Secret\n',
          'app/ksops.yaml': 'apiVersion: viaduct.ai/v1\nkind: ksops\nfiles: [./secret.enc.yaml]\n',
          'base/kustomization.yaml': 'resources: []\n',
        },
      },
    ],
    fail: [
      {
        title: 'a path that is not there, and a manifest that nobody applies',
        files: { 'app/kustomization.yaml': 'resources:\n  - gone.yaml\n', 'app/a.yaml': 'apiVersion: v1\nkind: Pod\n' },
        finds: ['reference-exists app/kustomization.yaml gone.yaml', 'manifest-is-listed app/a.yaml'],
      },
    ],
  },
});
