import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { ignoredPaths } from './git-ignored.ts';
import { folderOf, pathFrom } from './paths.ts';
import { documentsOf, field, listAt } from './yaml-files.ts';

const WORDS = ['include_tasks', 'import_tasks', 'import_playbook'].flatMap((word) => [word, `ansible.builtin.${word}`]);

/** A file that a play or a task takes in. */
interface Inclusion {
  readonly path: string;
  readonly at: YamlValue;
}

/** Files that a play or a task takes in by a name without variables, at any depth of its blocks. */
function* inclusionsOf(value: YamlValue, depth = 0): Generator<Inclusion> {
  for (const word of WORDS) {
    const at = field(value, word, 'file') ?? field(value, word);
    if (at?.target.kind !== 'scalar') continue;
    const path = at.target.raw.trim();
    // Absolute paths are of the machine that runs it, names without an ending of collections, and words behind the name variables.
    if (/^[^/\s{}$]\S*\.(?:ya?ml|json)$/.test(path) && !path.includes('{')) yield { path, at };
  }
  if (depth > 8) return;
  for (const list of ['tasks', 'pre_tasks', 'post_tasks', 'handlers', 'block', 'rescue', 'always'])
    for (const task of listAt(value, list)) yield* inclusionsOf(task, depth + 1);
}

/** Whether a file that is taken in is where Ansible looks for it: beside the file that names it, in its role, or beside a playbook. */
function isIncluded(repo: Repo, file: string, path: string, playbookFolders: ReadonlySet<string>): boolean {
  const own = folderOf(file);
  const [role = own] = /^(?:.*\/)?roles\/(?:.+(?=\/(?:tasks|handlers|meta)\/)|[^/]+)/.exec(file) ?? [];
  const homes = [own, role, '', ...playbookFolders];
  return homes.some((home) =>
    ['', 'tasks', 'handlers'].some((part) => {
      const found = pathFrom(`${home}/${part}`.replace(/^\/|\/$/g, ''), path);
      // What leads out of the repo is not here to be looked at.
      return found === undefined || repo.isFile(found);
    }),
  );
}

/** Files that playbooks and roles take in by name and that are not there. What git is told to leave out is made before it is used. */
export function* lostInclusions(
  repo: Repo,
  playsAndParts: readonly string[],
): Generator<Inclusion & { readonly file: string }> {
  const playbookFolders = new Set(playsAndParts.filter((path) => !/(?:^|\/)roles\//.test(path)).map(folderOf));
  const isMade = ignoredPaths(repo);
  for (const file of playsAndParts) {
    for (const document of documentsOf(repo, file)) {
      const parts = document.target.kind === 'list' ? document.items : [document];
      for (const { path, at } of parts.flatMap((part) => [...inclusionsOf(part)])) {
        const isHere = isIncluded(repo, file, path, playbookFolders) || isMade(pathFrom(folderOf(file), path) ?? path);
        if (!isHere) yield { file, path, at };
      }
    }
  }
}
