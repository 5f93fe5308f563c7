import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { matchingInUse, textOr } from './define.ts';
import { folderOf, pathFrom } from './paths.ts';
import { documentsOf, field, listAt, mapAt, textAt } from './yaml-files.ts';

export const COMPOSE_FILES = [
  '**/compose.yaml',
  '**/compose.yml',
  '**/compose.*.yaml',
  '**/compose.*.yml',
  '**/docker-compose*.yaml',
  '**/docker-compose*.yml',
];

/** Where stacks have names of their own. */
const STACKS = ['stacks', 'compose', 'docker', 'services', 'apps', 'containers', 'swarm'].flatMap((folder) => [
  `**/${folder}/**/*.yaml`,
  `**/${folder}/**/*.yml`,
]);

/** Whether a file is for compose whatever its name: a map of services, each with an image or a build. */
function isStack(repo: Repo, path: string): boolean {
  const text = textOr(repo, path);
  if (typeof text !== 'string' || !/^services:/m.test(text) || /^apiVersion:/m.test(text)) return false;
  return documentsOf(repo, path).some((document) => {
    const services = mapAt(document, 'services');
    const isRun = services.map(
      ([, service]) => textAt(service, 'image') !== '' || field(service, 'build') !== undefined,
    );
    return isRun.length > 0 && isRun.every(Boolean);
  });
}

/** Names of the services of some files. */
export function servicesIn(repo: Repo, files: readonly string[]): ReadonlySet<string> {
  return new Set(
    files.flatMap((file) =>
      documentsOf(repo, file).flatMap((document) => mapAt(document, 'services').map(([name]) => name)),
    ),
  );
}

/** Files of the repo that a compose file includes; undefined where something else is included, too: its services are unknown. */
export function includedBy(repo: Repo, file: string, document: YamlValue): readonly string[] | undefined {
  const named = listAt(document, 'include').flatMap((item) => {
    const path = item.target.kind === 'map' ? field(item, 'path') : item;
    return path?.target.kind === 'list' ? path.items.map(({ target }) => target.raw) : [path?.target.raw ?? ''];
  });
  const paths = named.map((path) => pathFrom(folderOf(file), path));
  const isHere = paths.every((path) => path !== undefined && repo.isFile(path));
  const found = paths.filter((path) => path !== undefined);
  if (!isHere) return undefined;
  repo.prefetch(found);
  const isDeeper = found.some((path) => documentsOf(repo, path).some((one) => field(one, 'include')));
  return isDeeper ? undefined : found;
}

/** Services without which another does not start, each with the place where it is named. */
export function dependenciesOf(service: YamlValue): readonly (readonly [string, YamlValue])[] {
  const named = [...listAt(service, 'depends_on'), ...listAt(service, 'links')];
  const network = field(service, 'network_mode');
  const shared = network?.target.raw.startsWith('service:') ? [[network.target.raw.slice(8), network] as const] : [];
  return [
    ...named.map((item) => [item.target.raw.replace(/:.*$/, ''), item] as const),
    ...mapAt(service, 'depends_on'),
    ...shared,
  ];
}

/** Files for compose: by their names, or by what is in them where stacks have names of their own. */
export function composeFiles(repo: Repo): readonly string[] {
  const named = matchingInUse(repo, COMPOSE_FILES);
  const others = matchingInUse(repo, STACKS).filter((path) => !named.includes(path));
  repo.prefetch(others);
  return [...named, ...others.filter((path) => isStack(repo, path))].sort();
}
