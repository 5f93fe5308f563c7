import { COMPOSE_FILES, composeFiles, dependenciesOf, includedBy, servicesIn } from '../lib/basics/compose.ts';
import { defineBasicsGate } from '../lib/basics/define.ts';
import { folderOf } from '../lib/basics/paths.ts';
import { documentsOf, field, mapAt, textAt } from '../lib/basics/yaml-files.ts';

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
  reads: COMPOSE_FILES,

  rules: {
    'image-has-a-version': 'The service `{service}` runs `{image}`, which names no version.',
    'image-has-a-version:latest':
      'The service `{service}` runs `{image}`: `{version}` is another version after every release.',
    'dependency-is-a-service': 'The service `{service}` depends on `{dependency}`, which this file does not define.',
  },

  files: composeFiles,

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
