import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ConfigError, parseTargets, type Target } from '../../src/config/targets.ts';
import type { GitHubClient } from '../../src/github/client.ts';
import { openSession } from '../../src/github/credentials.ts';
import { GitHubError } from '../../src/github/error.ts';
import { formatCommentMarker, parseMarker } from '../../src/inbox/github/marker.ts';
import { credentialsOf } from '../../src/open-target.ts';
import { DIAGNOSES } from '../shared/diagnosis/diagnoses.ts';
import { type Environment, readSettings } from '../shared/settings.ts';

/** What retiring needs of the machine it runs on. */
export interface RetirePorts {
  /** The project, with `bindings/targets.yaml`. */
  readonly directory: string;
  readonly environment: Environment;
  readonly print: (text: string) => void;
  /** Milliseconds between two issues; GitHub asks for a second between writes. */
  readonly pause?: number;
}

const LABEL = 'audit/retired';
const Repository = z.object({ id: z.number() });
const Login = z.object({ login: z.string() }).nullable();
const Issue = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullish(),
  locked: z.boolean(),
  user: Login,
  pull_request: z.unknown().optional(),
});
type Issue = z.infer<typeof Issue>;
const Comments = z.array(z.object({ body: z.string().optional(), user: Login }));
const Nothing = z.unknown();

interface Place {
  readonly client: GitHubClient;
  readonly owner: string;
  readonly repo: string;
  readonly authors: readonly string[];
}

/**
 * Closes the issues that Lanekeeper opened in a repository and nothing else: those that carry its marker and are by it.
 * Without `yes` it lists them. Gives the exit status: 0, or 1 where it could not.
 */
export async function retire(name: string, { yes }: { readonly yes: boolean }, ports: RetirePorts): Promise<number> {
  const { print } = ports;
  try {
    const target = await targetNamed(name, ports.directory);
    if (target?.inbox === 'on') {
      print(
        `${name} is still audited with \`inbox: on\`: the next audit would open them again.\nTake it out of bindings/targets.yaml and deploy first.\n`,
      );
      return 1;
    }
    const place = await openPlace(name, target?.formerAuthors ?? [], ports.environment);
    if (!place) {
      print(`${DIAGNOSES['no-credentials'].says}. ${DIAGNOSES['no-credentials'].remedy}\n`);
      return 1;
    }
    const issues = await listOurs(place);
    if (issues.length === 0) print(`${name}: no open issue is ours\n`);
    for (const issue of issues) {
      if (yes) await close(issue, place, ports);
      print(`${yes ? 'closed' : 'would close'} #${issue.number} ${issue.title}\n`);
    }
    if (!yes && issues.length > 0) print('\nNothing was written. --yes closes them.\n');
    return 0;
  } catch (error) {
    if (!(error instanceof GitHubError || error instanceof ConfigError)) throw error;
    print(`${error.message}\nWhat is closed stays closed; run it again for the rest.\n`);
    return 1;
  }
}

async function targetNamed(name: string, directory: string): Promise<Target | undefined> {
  const targets = parseTargets(await readFile(join(directory, 'bindings/targets.yaml'), 'utf8'));
  return targets.find(({ repo }) => repo.toLowerCase() === name.toLowerCase());
}

async function openPlace(
  name: string,
  former: readonly string[],
  environment: Environment,
): Promise<Place | undefined> {
  const settings = await readSettings(environment);
  if (!settings) return undefined;
  const [owner = '', repo = ''] = name.split('/');
  const options = { baseUrl: settings.GITHUB_API_URL, now: Date.now };
  const { client, login } = await openSession(credentialsOf(settings), { owner, repo }, options);
  return { client: client.for('inbox'), owner, repo, authors: [login, ...former] };
}

/** Every open issue is looked at: a label that somebody took off hides none. */
async function listOurs({ client, owner, repo, authors }: Place): Promise<readonly Issue[]> {
  const { data: repository } = await client.rest('GET /repos/{owner}/{repo}', { owner, repo }, Repository);
  const found: Issue[] = [];
  const open = client.pages('GET /repos/{owner}/{repo}/issues', { owner, repo, state: 'open' }, z.array(Issue));
  for await (const page of open) found.push(...page);
  const ours = found.filter(({ pull_request, user, body }) => {
    const isOurs = authors.includes(user?.login ?? '') && parseMarker(body ?? '')?.repositoryId === repository.id;
    return isOurs && pull_request === undefined;
  });
  return ours.sort((one, other) => one.number - other.number);
}

/** Comment, label, close, in that order; what an interrupted run has done already is not done twice. */
async function close({ number, locked }: Issue, place: Place, { pause = 1000 }: RetirePorts): Promise<void> {
  const { client, owner, repo } = place;
  const issue = { owner, repo, number };
  const marker = formatCommentMarker(`retire ${number}`);
  if (!locked && !(await hasComment(issue, marker, place))) {
    const body = `${marker}\nLanekeeper no longer audits this repository, so nobody watches this gate here any more. Closed on request.`;
    await client.rest('POST /repos/{owner}/{repo}/issues/{number}/comments', { ...issue, body }, Nothing);
  }
  await ensureLabel(place);
  await client.rest('POST /repos/{owner}/{repo}/issues/{number}/labels', { ...issue, labels: [LABEL] }, Nothing);
  const change = { ...issue, state: 'closed', state_reason: 'not_planned' };
  await client.rest('PATCH /repos/{owner}/{repo}/issues/{number}', change, Nothing);
  await sleep(pause);
}

async function hasComment(
  issue: { readonly number: number },
  marker: string,
  { client, owner, repo, authors }: Place,
): Promise<boolean> {
  const route = 'GET /repos/{owner}/{repo}/issues/{number}/comments';
  for await (const page of client.pages(route, { owner, repo, number: issue.number }, Comments)) {
    if (page.some(({ body, user }) => authors.includes(user?.login ?? '') && body?.startsWith(marker))) return true;
  }
  return false;
}

async function ensureLabel({ client, owner, repo }: Place): Promise<void> {
  const label = { owner, repo, name: LABEL, color: 'd4c5f9', description: 'kept by Lanekeeper' };
  await client.rest('POST /repos/{owner}/{repo}/labels', label, Nothing).catch((error: unknown) => {
    if (!(error instanceof GitHubError) || error.status !== 422) throw error;
  });
}
