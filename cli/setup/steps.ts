import type { NewApp } from './app.ts';
import type { Reports } from './arguments.ts';

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
  readonly reports: Reports;
  /** The target's `resultsKey`. */
  readonly generation: number;
  /** Whether a first gate file has been written. */
  readonly hasGates: boolean;
  /** Secrets that were made here and that a person needs: shown once. */
  readonly shown: readonly Secret[];
}

/** What checks of CI as gates need, by the kind of credentials. */
export const CHECKS_NEED = {
  app: "CI's checks: the app needs *Checks: read* and *Commit statuses: read*.\n",
  token:
    "CI's checks: a fine-grained token cannot have *Checks: read*, so on a private repository these gates stay blind. A GitHub App can read them.\n",
} as const;

/** The commands that `--print-only` leaves to the person. */
export function printedSteps({
  repo,
  auth,
  reports,
  webUrl,
}: Pick<Ending, 'repo' | 'auth' | 'reports' | 'webUrl'>): string {
  const names = auth === 'app' ? ['GITHUB_APP_ID', 'GITHUB_APP_PRIVATE_KEY'] : ['GITHUB_TOKEN'];
  const [owner] = repo.split('/');
  const source =
    auth === 'app'
      ? `# an app: ${webUrl}/settings/apps/new, or ${webUrl}/organizations/${owner}/settings/apps/new`
      : `# a token: ${tokenFormUrl(webUrl, repo)}`;
  const results = reports === 'machine' ? ['RESULTS_SECRET'] : [];
  const secrets = [...names, 'WEBHOOK_SECRET', 'DASHBOARD_TOKEN', ...results].map(
    (name) => `npx ${secretCommand(name).join(' ')}`,
  );
  const rest = [`git commit -m "Audit ${repo}" -- bindings/targets.yaml wrangler.toml`, 'npm run deploy'];
  return ['', '── The commands; each secret is asked for', 'npx wrangler login', source, ...secrets, ...rest, ''].join(
    '\n',
  );
}

/** What is left to click at GitHub, and what to keep. */
export function endingText({
  repo,
  webUrl,
  workerUrl,
  auth,
  app,
  reports,
  generation,
  hasGates,
  shown,
}: Ending): string {
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
    ...(reports === 'none' ? [] : ['── What reports', ...reportingSteps(reports, { repo, worker, generation }), '']),
    ...(hasGates ? [] : gatesSteps(repo)),
    '── Then',
    `npm run doctor -- --url ${worker}`,
    '`inbox: on` in bindings/targets.yaml and `npm run deploy`, once you like what the dry run plans.',
    '',
  ].join('\n');
}

function gatesSteps(repo: string): readonly string[] {
  return [
    '── Gates of your own',
    `Where ${repo} has no lanekeeper.yaml yet, this writes a first one, with gates that pass today:`,
    'npm run init -- <your clone>',
    '',
  ];
}

/** What to copy where, so that results and facts arrive. */
function reportingSteps(
  reports: Exclude<Reports, 'none'>,
  { repo, worker, generation }: { readonly repo: string; readonly worker: string; readonly generation: number },
): readonly string[] {
  if (reports === 'workflow')
    return [
      `Copy docs/examples/lanekeeper-report.yml to .github/workflows/ of ${repo}, and set in it`,
      '  repository    your copy of Lanekeeper',
      `  WORKER        ${worker}`,
      "The workflow's own token proves who it is; DASHBOARD_URL in wrangler.toml has to be that same address.",
    ];
  const key = generation === 1 ? repo : `${repo} --generation ${generation}`;
  return [
    'Make the results key of this repository, on this machine:',
    `  RESULTS_SECRET=… npm run --silent report -- --key ${key} > results-key && chmod 600 results-key`,
    `Gates: LANEKEEPER_KEY_FILE=results-key npm run report -- <clone> --post ${worker} --repo ${repo}`,
    'Facts: copy scripts/facts and docs/examples/lanekeeper-facts.service and .timer to the host; the service says where they go.',
  ];
}
