import type { Repo } from '../../core/repo.ts';
import type { YamlValue } from '../../core/yaml/value.ts';
import { defineBasicsGate, matchingInUse, textOr } from '../lib/basics/define.ts';
import { folderOf, pathFrom } from '../lib/basics/paths.ts';
import { documentsOf, field, listAt, mapAt, textAt } from '../lib/basics/yaml-files.ts';

const PATTERNS = [
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
function servicesIn(repo: Repo, files: readonly string[]): ReadonlySet<string> {
  return new Set(
    files.flatMap((file) =>
      documentsOf(repo, file).flatMap((document) => mapAt(document, 'services').map(([name]) => name)),
    ),
  );
}

/** Files of the repo that a compose file includes; undefined where something else is included, too: its services are unknown. */
function includedBy(repo: Repo, file: string, document: YamlValue): readonly string[] | undefined {
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
function dependenciesOf(service: YamlValue): readonly (readonly [string, YamlValue])[] {
  const named = [...listAt(service, 'depends_on'), ...listAt(service, 'links')];
  const network = field(service, 'network_mode');
  const shared = network?.target.raw.startsWith('service:') ? [[network.target.raw.slice(8), network] as const] : [];
  return [
    ...named.map((item) => [item.target.raw.replace(/:.*$/, ''), item] as const),
    ...mapAt(service, 'depends_on'),
    ...shared,
  ];
}

/** Nobody's image has a longer name, and the pattern below takes longer than in proportion. */
const LONGEST_IMAGE = 1_000;

/** The tag or digest of an image with the defaults of its variables; undefined where a variable decides. */
function versionOf(image: string): string | undefined {
  if (image.length > LONGEST_IMAGE) return undefined;
  const filled = image.replace(/\$\{[^}:]*:?-([^}]*)\}/g, '$1');
  if (/[$`{]/.test(filled)) return undefined;
  if (filled.includes('@')) return filled.slice(filled.indexOf('@') + 1);
  return /:([^/:]+)$/.exec(filled)?.[1] ?? '';
}

export default defineBasicsGate({
  name: 'compose-images-are-pinned',
  number: 'B5',
  about: 'compose files',
  severity: 'medium',
  why: 'An image without a version is another program after every pull, and there is nothing to go back to when it breaks.',
  fix: 'Write the version, or better the digest, after the name of the image; correct the name under depends_on.',
  limits: 'A version that a variable without a default decides is not looked at, nor is a folder called archive.',
  reads: PATTERNS,

  rules: {
    'image-has-a-version': 'The service `{service}` runs `{image}`, which names no version.',
    'image-has-a-version:latest':
      'The service `{service}` runs `{image}`: `{version}` is another version after every release.',
    'dependency-is-a-service': 'The service `{service}` depends on `{dependency}`, which this file does not define.',
  },

  files(repo) {
    const named = matchingInUse(repo, PATTERNS);
    const others = matchingInUse(repo, STACKS).filter((path) => !named.includes(path));
    repo.prefetch(others);
    return [...named, ...others.filter((path) => isStack(repo, path))].sort();
  },

  *check(files, report, { repo }) {
    for (const file of files) {
      for (const document of documentsOf(repo, file)) {
        const included = includedBy(repo, file, document);
        const known = servicesIn(repo, [
          ...files.filter((one) => folderOf(one) === folderOf(file)),
          ...(included ?? []),
        ]);
        for (const [service, value] of mapAt(document, 'services')) {
          const subject = `${file} ${service}`;
          const image = textAt(value, 'image');
          const version = versionOf(image);
          const isBuilt = field(value, 'build') !== undefined;
          const at = field(value, 'image');
          if (image !== '' && !isBuilt && version === '')
            yield report('image-has-a-version', subject, at, { service, image });
          else if (!isBuilt && version !== undefined && /^(?:latest|main|master|edge|nightly)$/.test(version))
            yield report('image-has-a-version:latest', subject, at, { service, image, version });
          if (!included || field(value, 'extends')) continue;
          for (const [dependency, where] of dependenciesOf(value)) {
            if (dependency === '<<' || /[${]/.test(dependency) || known.has(dependency)) continue;
            yield report('dependency-is-a-service', `${subject} ${dependency}`, where, { service, dependency });
          }
        }
      }
    }
  },

  examples: {
    pass: [
      {
        title: 'versions, digests, defaults, own builds',
        files: {
          'compose.yaml':
            'services:\n  a: { image: "x/a:1.2", depends_on: [b] }\n  b: { image: "b@sha256:00" }\n  c: { image: "c:${TAG:-3}" }\n  d: { build: ., image: d }\n  e: { image: "e:$TAG", depends_on: { a: { condition: service_started } } }\n',
        },
      },
    ],
    fail: [
      {
        title: 'a stack by its own name, and names of services that nothing defines',
        files: {
          'stacks/media.yml':
            'services:\n  a: { image: "a:1", links: ["b:x", c], network_mode: "service:vpn" }\n  c: { image: c }\n',
          'stacks/chart.yml': 'services: { web: { port: 80 } }\n',
        },
        finds: [
          'dependency-is-a-service stacks/media.yml a b',
          'dependency-is-a-service stacks/media.yml a vpn',
          'image-has-a-version stacks/media.yml c',
        ],
      },
      {
        title: 'beside what a file includes',
        files: {
          'compose.yaml': 'include: [db.yaml]\nservices: { a: { image: "a:1", depends_on: [db, gone] } }\n',
          'db.yaml': 'services: { db: { image: "db:1" } }\n',
        },
        finds: ['dependency-is-a-service compose.yaml a gone'],
      },
      {
        title: 'no version, latest, and a service that is not there',
        files: {
          'x/docker-compose.yml':
            'services:\n  a: { image: "localhost:5000/a" }\n  b: { image: "b:latest", depends_on: [db] }\n',
        },
        finds: [
          'image-has-a-version x/docker-compose.yml a',
          'image-has-a-version x/docker-compose.yml b',
          'dependency-is-a-service x/docker-compose.yml b db',
        ],
      },
    ],
  },
});
