import type { Candidate, Paths } from './candidate.ts';
import { compose, quadlets } from './containers.ts';

type Detector = (paths: Paths) => readonly Candidate[];

/** Gates for what a repo's paths show, the most telling first. Whether they pass is for an audit to say. */
export function candidatesFor(paths: Paths): readonly Candidate[] {
  return DETECTORS.flatMap((detect) => detect(paths));
}

function flux(paths: Paths): readonly Candidate[] {
  if (!paths.some((path) => /(?:^|\/)helmrelease\.ya?ml$/.test(path))) return [];
  const data = { release: '{ files: "**/helmrelease.{yml,yaml}" }' };
  return [
    {
      id: 'helm-releases-are-releases',
      reason: 'A file called helmrelease that holds something else is overlooked.',
      data,
      gate: 'each: release, must: row.kind == "HelmRelease" && row.metadata.name != null',
    },
    {
      id: 'helm-releases-are-listed',
      reason: 'A release beside a kustomization that does not name it is never applied.',
      data,
      gate: `each: release, when: 'exists(dir + "/kustomization.yaml")', must: 'readText(dir + "/kustomization.yaml").contains(file)', say: "{path} is not in the kustomization beside it"`,
    },
  ];
}

function kustomize(paths: Paths): readonly Candidate[] {
  if (!paths.some((path) => /(?:^|\/)kustomization\.ya?ml$/.test(path))) return [];
  const data = { kustomization: '{ files: "**/kustomization.{yml,yaml}" }' };
  return [
    {
      id: 'kustomizations-list-once',
      reason: 'A resource that is listed twice stops the build.',
      data,
      gate: `each: kustomization, when: row.resources != null, must: 'row.resources.all(r, row.resources.exists_one(s, s == r))', say: "{path} lists a resource twice"`,
    },
    {
      id: 'kustomizations-are-kustomizations',
      reason: 'Without its kind, kubectl takes the file for something else.',
      data,
      gate: `each: kustomization, must: 'row.kind in ["Kustomization", "Component"]'`,
    },
  ];
}

function ansible(paths: Paths): readonly Candidate[] {
  const roles = paths.find((path) => /(?:^|\/)roles\/[^/]+\/tasks\/main\.ya?ml$/.test(path));
  if (roles === undefined) return [];
  const folder = roles.slice(0, roles.indexOf('roles/'));
  const data = { task: `{ files: "${folder}roles/*/tasks/main.{yml,yaml}", each: "[]" }` };
  return [
    {
      id: 'tasks-have-names',
      reason: 'A run of unnamed tasks says nothing about where it stopped.',
      data,
      gate: 'each: task, when: row.import_tasks == null && row.include_tasks == null, must: row.name != null, say: "a task in {path} has no name"',
    },
    {
      id: 'tasks-use-no-latest',
      reason: '`state: latest` makes every run an upgrade.',
      data: {},
      gate: String.raw`text: "${folder}roles/*/tasks/*.{yml,yaml}", forbid: '^\s+state:\s*latest\s*$'`,
    },
  ];
}

function workflows(paths: Paths): readonly Candidate[] {
  if (!paths.some((path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))) return [];
  const data = { workflow: '{ files: ".github/workflows/*.{yml,yaml}" }' };
  const job = { job: '{ files: ".github/workflows/*.{yml,yaml}", each: "jobs.{}" }' };
  const step = { step: '{ files: ".github/workflows/*.{yml,yaml}", each: "jobs.{}.steps[]" }' };
  return [
    {
      id: 'actions-are-pinned',
      reason: 'A tag of an action can be moved to other code; a commit cannot.',
      data: step,
      gate: `each: step, when: 'row.uses != null && !row.uses.startsWith("./")', must: 'row.uses.matches("@[0-9a-f]{40}$")', say: "{path} uses {row.uses}"`,
    },
    {
      id: 'actions-have-a-version',
      reason: 'An action from a branch is other code tomorrow.',
      data: step,
      gate: `each: step, when: 'row.uses != null && !row.uses.startsWith("./")', must: 'row.uses.matches("@(v?[0-9]|[0-9a-f]{40})") || row.uses.startsWith("docker://")', say: "{path} uses {row.uses}"`,
    },
    {
      id: 'workflows-have-permissions',
      reason: 'Without permissions of its own, a workflow gets whatever the organisation allows.',
      data,
      gate: 'each: workflow, must: row.permissions != null, say: "{path} says nothing about permissions"',
    },
    {
      id: 'jobs-have-a-runner',
      reason: 'A job that names no runner does not start.',
      data: job,
      gate: `each: job, must: 'row["runs-on"] != null || row.uses != null'`,
    },
    {
      id: 'workflows-have-names',
      reason: 'A list of checks is read by name.',
      data,
      gate: 'each: workflow, must: row.name != null',
    },
  ];
}

function secrets(paths: Paths): readonly Candidate[] {
  const found: Candidate[] = [];
  if (paths.some((path) => /\.sops\.(?:ya?ml|json)$|\.enc\.ya?ml$/.test(path)))
    found.push({
      id: 'secrets-are-encrypted',
      reason: 'A file that is called encrypted and is not is a leak that nobody looks for.',
      data: {},
      gate: String.raw`text: ["**/*.sops.{yaml,yml,json}", "**/*.enc.{yaml,yml}"], skip: "**/.sops.yaml", require: 'ENC\[|"?sops"?:|^age-encryption'`,
    });
  return found;
}

function scripts(paths: Paths): readonly Candidate[] {
  if (!paths.some((path) => path.endsWith('.sh'))) return [];
  return [
    {
      id: 'scripts-stop-at-errors',
      reason: 'A script that goes on after an error reports success.',
      data: {},
      gate: String.raw`text: "**/*.sh", require: '^\s*set -[a-zA-Z]*e|^\s*set -o errexit|#!.*(ba)?sh .*-\w*e'`,
    },
  ];
}

function documents(paths: Paths): readonly Candidate[] {
  const index = paths.find((path) => /^docs?\/(?:README|index)\.md$/i.test(path));
  if (index === undefined) return [];
  const folder = index.slice(0, index.indexOf('/'));
  return [
    {
      id: 'documents-are-in-the-index',
      reason: 'What the index does not name is not found when it is needed.',
      data: { document: `{ files: "${folder}/*.md", except: ${index}, format: file }` },
      gate: `each: document, must: 'readText("${index}").contains(file)', say: "{path} is not in ${index}"`,
    },
  ];
}

/** Worth having anywhere. What is `encrypted` nobody can look into. */
export function anywhere(paths: Paths, encrypted: Paths): readonly Candidate[] {
  const endings = ['md', 'yml', 'yaml', 'sh', 'py', 'tf', 'nix', 'toml', 'json'].filter((ending) =>
    paths.some((path) => path.endsWith(`.${ending}`)),
  );
  if (endings.length === 0) return [];
  const files = endings.length === 1 ? `"**/*.${endings[0]}"` : `"**/*.{${endings.join(',')}}"`;
  const skip = encrypted.length === 0 ? '' : `, skip: ${JSON.stringify(encrypted)}`;
  return [
    {
      id: 'no-private-keys',
      reason: 'A private key in git is everybody’s key.',
      data: {},
      gate: String.raw`text: ${files}${skip}, forbid: '-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s*$)'`,
    },
    {
      id: 'no-unindented-private-keys',
      reason: 'A private key in git is everybody’s key. Examples of one are indented here.',
      data: {},
      gate: `text: ${files}${skip}, forbid: '^-----BEGIN [A-Z ]*PRIVATE KEY-----$'`,
    },
    {
      id: 'no-conflict-markers',
      reason: 'A merge that was committed half-way.',
      data: {},
      gate: `text: ${files}${skip}, forbid: '^(<<<<<<<|>>>>>>>) '`,
    },
    {
      id: 'there-is-a-readme',
      reason: 'The first thing that somebody opens who has to help out.',
      data: {},
      gate: 'files: "*", require: "README*"',
    },
  ];
}

const DETECTORS: readonly Detector[] = [
  compose,
  quadlets,
  flux,
  kustomize,
  ansible,
  workflows,
  secrets,
  scripts,
  documents,
];
