import type { NewApp } from './app.ts';

export interface Secret {
  readonly name: string;
  readonly value: string;
}

/** The command that takes a secret; its value goes through standard input, never through the command line. */
export function secretCommand(name: string): readonly string[] {
  return ['wrangler', 'secret', 'put', name];
}

/** `DASHBOARD_URL` set in the text of `wrangler.toml`; everything else stays. */
export function withDashboardUrl(text: string, url: string): string {
  return text.replace(/^(DASHBOARD_URL\s*=\s*)(["']).*\2/m, `$1"${url}"`);
}

/** GitHub's form for a fine-grained token, filled in with what Lanekeeper needs. */
export function tokenFormUrl(webUrl: string, repo: string): string {
  const [owner = ''] = repo.split('/');
  const fields = {
    name: 'Lanekeeper',
    description: `Audits ${repo} and keeps its issues`,
    target_name: owner,
    expires_in: '366',
    contents: 'read',
    issues: 'write',
    metadata: 'read',
    statuses: 'write',
  };
  return `${webUrl}/settings/personal-access-tokens/new?${new URLSearchParams(fields)}`;
}

export interface Ending {
  readonly repo: string;
  readonly webUrl: string;
  /** Undefined until the Worker is deployed. */
  readonly workerUrl: string | undefined;
  readonly auth: 'token' | 'app';
  readonly app: Pick<NewApp, 'slug' | 'pageUrl'> | undefined;
  /** Secrets that were made here and that a person needs: shown once. */
  readonly shown: readonly Secret[];
}

/** What is left to click at GitHub, and what to keep. */
export function endingText({ repo, webUrl, workerUrl, auth, app, shown }: Ending): string {
  const worker = workerUrl ?? 'https://<your worker>';
  const hook = `${worker}/webhooks/github`;
  const token = [
    `Open ${webUrl}/${repo}/settings/hooks/new and fill in`,
    `  Payload URL   ${hook}`,
    '  Content type  application/json',
    '  Secret        the value of WEBHOOK_SECRET',
    '  Events        Let me select: Pushes, Issues',
  ];
  const install = [
    `Install the app on ${repo}: ${app ? `${app.pageUrl}/installations/new` : 'its page at GitHub, Install App'}`,
    ...(app && workerUrl
      ? []
      : [`In its settings, set the webhook to ${hook} with WEBHOOK_SECRET, events Push and Issues.`]),
  ];
  return [
    '',
    '── What to click at GitHub',
    ...(auth === 'app' ? install : token),
    '',
    ...(shown.length > 0
      ? ['── Keep these; they are shown once', ...shown.map(({ name, value }) => `${name}  ${value}`), '']
      : []),
    '── Then',
    `npm run doctor -- --url ${worker}`,
    '`inbox: on` in bindings/targets.yaml and `npm run deploy`, once you like what the dry run plans.',
    '',
  ].join('\n');
}
