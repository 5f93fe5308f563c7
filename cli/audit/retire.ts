import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ConfigError, parseTargets, type Target } from '../../src/config/targets.ts';
import { openSession } from '../../src/github/credentials.ts';
import { GitHubError } from '../../src/github/error.ts';
import { githubInbox } from '../../src/inbox/github/inbox.ts';
import { LABELS } from '../../src/inbox/labels.ts';
import { type Inbox, InboxError, type Issue } from '../../src/inbox/port.ts';
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

const Repository = z.object({ id: z.number(), full_name: z.string() });

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
    const inbox = await openInbox(name, target?.formerAuthors ?? [], ports.environment);
    if (!inbox) {
      print(`${DIAGNOSES['no-credentials'].says}. ${DIAGNOSES['no-credentials'].remedy}\n`);
      return 1;
    }
    const issues = await listOurs(inbox);
    if (issues.length === 0) print(`${name}: no open issue is ours\n`);
    for (const issue of issues) {
      if (yes) await close(issue, inbox, ports);
      print(`${yes ? 'closed' : 'would close'} #${issue.number} ${issue.title}\n`);
    }
    if (!yes && issues.length > 0) print('\nNothing was written. --yes closes them.\n');
    return 0;
  } catch (error) {
    if (!(error instanceof GitHubError || error instanceof InboxError || error instanceof ConfigError)) throw error;
    print(`${error.message}\nWhat is closed stays closed; run it again for the rest.\n`);
    return 1;
  }
}

async function targetNamed(name: string, directory: string): Promise<Target | undefined> {
  const targets = parseTargets(await readFile(join(directory, 'bindings/targets.yaml'), 'utf8'));
  return targets.find(({ repo }) => repo.toLowerCase() === name.toLowerCase());
}

async function openInbox(
  name: string,
  former: readonly string[],
  environment: Environment,
): Promise<Inbox | undefined> {
  const settings = await readSettings(environment);
  if (!settings) return undefined;
  const [owner = '', repo = ''] = name.split('/');
  const options = { baseUrl: settings.GITHUB_API_URL, now: Date.now };
  const session = await openSession(credentialsOf(settings), { owner, repo }, options);
  const client = session.client.for('inbox');
  const { data } = await client.rest('GET /repos/{owner}/{repo}', { owner, repo }, Repository);
  const [ownerNow = '', nameNow = ''] = data.full_name.split('/');
  return githubInbox({
    client,
    owner: ownerNow,
    name: nameNow,
    repo: data.full_name,
    authors: [session.login, ...former],
    repositoryId: data.id,
    webUrl: settings.GITHUB_WEB_URL,
    sha: '',
    dashboardUrl: null,
  });
}

/** Every open issue is looked at: a label that somebody took off hides none. */
async function listOurs(inbox: Inbox): Promise<readonly Issue[]> {
  const open = await inbox.list({ closed: false, unlabelled: true });
  return open.filter(({ marker }) => marker !== null).sort((one, other) => one.number - other.number);
}

/** Comment, label, close, in that order; what an interrupted run has done already is not done twice. */
async function close({ number, isLocked }: Issue, inbox: Inbox, { pause = 1000 }: RetirePorts): Promise<void> {
  const key = `retire ${number}`;
  if (!isLocked && !(await inbox.hasComment(number, key)))
    await inbox.perform({ kind: 'comment', issue: number, content: { kind: 'audit-ended' } }, key);
  await inbox.perform({ kind: 'add-label', issue: number, label: LABELS.retired }, key);
  await inbox.perform({ kind: 'close', issue: number, reason: 'not_planned' }, key);
  await sleep(pause);
}
