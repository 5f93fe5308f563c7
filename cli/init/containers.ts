import type { Candidate, Paths } from './candidate.ts';

const SERVICE = {
  service: '{ files: ["**/compose.{yml,yaml}", "**/docker-compose*.{yml,yaml}"], each: "services.{}" }',
};
const VARIABLE = {
  variable: String.raw`{ files: ["**/compose.{yml,yaml}", "**/docker-compose*.{yml,yaml}"], rows: '\$\{(?P<name>[A-Za-z_]\w*)\}' }`,
};

/** Gates about compose files. */
export function compose(paths: Paths): readonly Candidate[] {
  if (!paths.some((path) => /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/.test(path))) return [];
  return [
    {
      id: 'container-names-are-unique',
      reason: 'Two containers of one name: the second does not start.',
      data: SERVICE,
      gate: 'unique: service.container_name, per: dir, when: row.container_name != null',
    },
    {
      id: 'compose-services-restart',
      reason: 'A service without a restart policy stays down after a reboot.',
      data: SERVICE,
      gate: 'each: service, must: row.restart != null, say: "{key} in {path} does not say when it restarts"',
    },
    {
      id: 'compose-images-have-a-version',
      reason: 'An image without a version is another program after every pull.',
      data: SERVICE,
      gate: `each: service, when: row.image != null && row.build == null, must: 'row.image.matches(":[^:/]+$") && !row.image.endsWith(":latest")', say: "{key} in {path} runs {row.image}"`,
    },
    {
      id: 'compose-services-have-an-image',
      reason: 'A service that names no image and no build cannot start.',
      data: SERVICE,
      gate: 'each: service, must: row.image != null || row.build != null || row.extends != null',
    },
    ...(paths.some((path) => path.endsWith('.env.example'))
      ? [
          {
            id: 'compose-variables-are-declared',
            reason: 'A variable that no example names is forgotten on the next machine.',
            data: VARIABLE,
            gate: `each: variable, when: 'exists(dir + "/.env.example")', must: 'readText(dir + "/.env.example").matches("(?m)^#? ?" + row.name + "=")', say: "{row.name} is not in {dir}/.env.example"`,
          },
        ]
      : []),
  ];
}

/** Gates about Podman's quadlets. */
export function quadlets(paths: Paths): readonly Candidate[] {
  const folders = new Set(
    paths.filter((path) => path.endsWith('.container')).map((path) => path.slice(0, path.lastIndexOf('/') + 1)),
  );
  const [folder] = folders;
  if (folder === undefined) return [];
  const data = { container: `{ files: "${folder}*.container" }` };
  return [
    {
      id: 'containers-have-an-image',
      reason: 'A quadlet runs one image.',
      data,
      gate: 'each: container, must: size(row.Container.Image) == 1',
    },
    {
      id: 'quadlet-names-are-unique',
      reason: 'Two containers of one name: the second does not start.',
      data,
      gate: 'unique: container.Container.ContainerName',
    },
    {
      id: 'containers-start-at-boot',
      reason: 'A unit without [Install] does not come back after a reboot.',
      data,
      gate: 'each: container, must: row.Install != null, say: "{file} is not started at boot"',
    },
    {
      id: 'container-networks-are-there',
      reason: 'A network that no quadlet makes keeps the container from starting.',
      data,
      gate: `each: container, when: row.Container.Network != null, must: 'row.Container.Network.filter(n, n.startsWith("systemd-")).all(n, exists("${folder}" + replace(split(n, ":")[0], "systemd-", "") + ".network"))'`,
    },
  ];
}
