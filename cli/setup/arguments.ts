import { parseArgs } from 'node:util';

export interface SetupArguments {
  readonly repo: string | undefined;
  readonly branch: string | undefined;
  readonly siblings: Readonly<Record<string, string>>;
  readonly auth: 'token' | 'app' | undefined;
  /** An app that exists already: its id, and the key file that GitHub let you download. */
  readonly appId: string | undefined;
  readonly appKey: string | undefined;
  readonly inbox: 'on' | 'dry-run' | undefined;
  /** Where the Worker answers, without a slash at its end. */
  readonly url: string | undefined;
  readonly yes: boolean;
  readonly printOnly: boolean;
}

export const USAGE = `usage: npm run setup [-- <flags>]

  --repo owner/name           whom to audit
  --branch main               which branch
  --sibling name=owner/name   a second repository that gates read through; may stand several times
  --auth token|app            a fine-grained token, or a GitHub App (made on a page that this command serves)
  --app-id N --app-key file   a GitHub App that exists already, with its key as GitHub let you download it
  --inbox dry-run|on          a dry run shows what it would write; that is where to begin
  --url https://…             where the Worker answers, once you know it
  --yes                       agrees to every step
  --print-only                writes bindings/targets.yaml and prints the other steps instead of taking them

What no flag says is asked. A token is taken from GITHUB_TOKEN, or asked for; it is kept nowhere on this machine.
`;

/** The command line was not understood; the message says why. */
export class SetupUsageError extends Error {
  override readonly name = 'SetupUsageError';
}

export const REPO_NAME = /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/;

/** Reads the arguments of setup. Throws `SetupUsageError`. */
export function parseSetupArguments(argv: readonly string[]): SetupArguments {
  const values = readOptions(argv);
  const { repo, branch, url, 'app-id': appId, 'app-key': appKey } = values;
  if (repo !== undefined && !REPO_NAME.test(repo))
    throw new SetupUsageError(`--repo ${repo} is not of the form owner/name.`);
  if ((appId === undefined) !== (appKey === undefined))
    throw new SetupUsageError('--app-id and --app-key go together.');
  const siblings = (values.sibling ?? []).map((sibling) => {
    const [, name, place] = /^([^=]+)=(.+)$/.exec(sibling) ?? [];
    if (!name || !place || !REPO_NAME.test(place))
      throw new SetupUsageError(`--sibling ${sibling} is not of the form workbench=owner/name.`);
    return [name, place] as const;
  });
  return {
    repo,
    branch,
    siblings: Object.fromEntries(siblings),
    auth: oneOf('--auth', appId === undefined ? values.auth : 'app', ['token', 'app']),
    appId,
    appKey,
    inbox: oneOf('--inbox', values.inbox, ['dry-run', 'on']),
    url: url === undefined ? undefined : toOrigin(url),
    yes: values.yes ?? false,
    printOnly: values['print-only'] ?? false,
  };
}

/** Where a Worker answers, as typed by a person. Throws `SetupUsageError`. */
export function toOrigin(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') throw new SetupUsageError(`${text} is not an address that starts with https://`);
  return url.origin;
}

function oneOf<T extends string>(flag: string, value: string | undefined, allowed: readonly T[]): T | undefined {
  const found = allowed.find((each) => each === value);
  if (value !== undefined && found === undefined)
    throw new SetupUsageError(`${flag} ${value} is not one of ${allowed.join(', ')}.`);
  return found;
}

function readOptions(argv: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const flag = { type: 'boolean' } as const;
    return parseArgs({
      args: [...argv],
      options: {
        repo: text,
        branch: text,
        sibling: { type: 'string', multiple: true },
        auth: text,
        'app-id': text,
        'app-key': text,
        inbox: text,
        url: text,
        yes: flag,
        'print-only': flag,
      },
    }).values;
  } catch (error) {
    throw new SetupUsageError(error instanceof Error ? error.message : String(error));
  }
}
