import { oneOf, readFlags, UsageError } from '../shared/command-line.ts';

export interface SetupArguments {
  readonly repo: string | undefined;
  readonly branch: string | undefined;
  readonly siblings: Readonly<Record<string, string>>;
  readonly auth: 'token' | 'app' | undefined;
  /** An app that exists already: its id, and the key file that GitHub let you download. */
  readonly appId: string | undefined;
  readonly appKey: string | undefined;
  readonly inbox: 'on' | 'dry-run' | undefined;
  /** Checks of CI that are to count as gates; undefined where nobody has said. */
  readonly checks: readonly string[] | undefined;
  /** Where gates run that an audit cannot check, and facts come from. */
  readonly reports: Reports | undefined;
  /** Where the Worker answers, without a slash at its end. */
  readonly url: string | undefined;
  readonly yes: boolean;
  readonly printOnly: boolean;
}

/** Nothing reports; a workflow does, with its own token; a machine does, with the repository's results key. */
export type Reports = 'none' | 'workflow' | 'machine';
export const REPORTS: readonly Reports[] = ['none', 'workflow', 'machine'];

export const USAGE = `usage: npm run setup [-- <flags>]

  --repo owner/name           whom to audit
  --branch main               which branch
  --sibling name=owner/name   a second repository that gates read through; may stand several times
  --auth token|app            a fine-grained token, or a GitHub App (made on a page that this command serves)
  --app-id N --app-key file   a GitHub App that exists already, with its key as GitHub let you download it
  --inbox dry-run|on          a dry run shows what it would write; that is where to begin
  --check "nix flake check"   a check of CI that counts as a gate; may stand several times, --check none for no more
  --reports workflow|machine  where gates run that an audit cannot check; none when nothing reports
  --url https://…             where the Worker answers, once you know it
  --yes                       agrees to every step
  --print-only                writes bindings/targets.yaml and prints the other steps instead of taking them

What no flag says is asked. A token is taken from GITHUB_TOKEN, or asked for; it is kept nowhere on this machine.`;

const REPO_NAME = /^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const OPTIONS = {
  repo: TEXT,
  branch: TEXT,
  sibling: { ...TEXT, multiple: true },
  auth: TEXT,
  'app-id': TEXT,
  'app-key': TEXT,
  inbox: TEXT,
  check: { ...TEXT, multiple: true },
  reports: TEXT,
  url: TEXT,
  yes: FLAG,
  'print-only': FLAG,
} as const;

/** Reads the arguments of setup. Throws `UsageError`. */
export function parseSetupArguments(argv: readonly string[]): SetupArguments {
  const values = readFlags(argv, OPTIONS);
  const { repo, branch, url, 'app-id': appId, 'app-key': appKey } = values;
  if (repo !== undefined && !REPO_NAME.test(repo))
    throw new UsageError(`--repo ${repo} is not of the form owner/name.`);
  if ((appId === undefined) !== (appKey === undefined)) throw new UsageError('--app-id and --app-key go together.');
  const siblings = (values.sibling ?? []).map((sibling) => {
    const [, name, place] = /^([^=]+)=(.+)$/.exec(sibling) ?? [];
    if (!name || !place || !REPO_NAME.test(place))
      throw new UsageError(`--sibling ${sibling} is not of the form workbench=owner/name.`);
    return [name, place] as const;
  });
  return {
    repo,
    branch,
    siblings: Object.fromEntries(siblings),
    auth: appId === undefined ? optional('--auth', values.auth, ['token', 'app']) : 'app',
    appId,
    appKey,
    inbox: optional('--inbox', values.inbox, ['dry-run', 'on']),
    checks: values.check === undefined ? undefined : checksIn(values.check),
    reports: optional('--reports', values.reports, REPORTS),
    url: url === undefined ? undefined : toOrigin(url),
    yes: values.yes ?? false,
    printOnly: values['print-only'] ?? false,
  };
}

/** The name of a repository, as typed by a person. Throws `UsageError`. */
export function asRepo(text: string): string {
  if (!REPO_NAME.test(text)) throw new UsageError(`${text || 'Nothing'} is not of the form owner/name.`);
  return text;
}

/** The same, where `none` is an answer, too. */
export function asRepoOrNone(text: string): string | undefined {
  return text === 'none' ? undefined : asRepo(text);
}

/** Where a Worker answers, as typed by a person. Throws `UsageError`. */
export function toOrigin(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:') throw new UsageError(`${text} is not an address that starts with https://.`);
  return url.origin;
}

/** Names of checks; `none` is the word for none. */
export function checksIn(names: readonly string[]): readonly string[] {
  return names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'none');
}

function optional<Value extends string>(flag: string, given: string | undefined, known: readonly Value[]) {
  return given === undefined ? undefined : oneOf(flag, given, known);
}
