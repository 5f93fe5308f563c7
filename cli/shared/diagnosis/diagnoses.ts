import { HOUR } from '../../../src/core/durations.ts';
import { STALE_AFTER } from '../../../src/core/staleness.ts';

/** What can be wrong with an installation, and what to do about it. */
export interface Diagnosis {
  readonly says: string;
  readonly remedy: string;
}

const CONFIGURATION = {
  'targets-mistaken': {
    says: '`bindings/targets.yaml` cannot be used',
    remedy: 'Correct the lines that are named, or let `npm run setup` write the file.',
  },
  'targets-placeholder': {
    says: '`bindings/targets.yaml` still names the repository that Lanekeeper comes with',
    remedy: 'Run `npm run setup`.',
  },
  'no-cron': {
    says: '`wrangler.toml` names no cron, so nothing is audited at night',
    remedy: 'Put `crons = ["17 4 * * *"]` under `[triggers]` and deploy.',
  },
  'no-dashboard-url': {
    says: '`DASHBOARD_URL` in `wrangler.toml` is empty, so issues carry no link to their report',
    remedy: 'Set it to where the Worker answers and deploy; `npm run setup -- --url https://…` does it.',
  },
} as const satisfies Record<string, Diagnosis>;

const CREDENTIALS = {
  'no-credentials': {
    says: 'no credentials are given here, so nothing at GitHub was tried',
    remedy:
      'Set `GITHUB_TOKEN`, or `GITHUB_APP_ID` and `GITHUB_APP_PRIVATE_KEY_FILE`, for this one command. The Worker never shows the ones it holds.',
  },
  'credentials-mistaken': {
    says: 'the credentials given here cannot be used',
    remedy: 'Correct what is named. An app needs its id and the whole key file as GitHub let you download it.',
  },
  'credentials-refused': {
    says: 'GitHub refuses the credentials',
    remedy:
      'The token has run out or was revoked, or the key belongs to another app: make a new one, then `npx wrangler secret put` it.',
  },
  'app-not-installed': {
    says: 'the GitHub App is not installed on the repository',
    remedy: 'Open the app at GitHub, *Install App*, and select the repository.',
  },
} as const satisfies Record<string, Diagnosis>;

const GITHUB = {
  'repo-invisible': {
    says: 'the repository is not there, or the credentials do not reach it',
    remedy: 'Check the name in `bindings/targets.yaml`, and the repository access of the token or the app.',
  },
  'repo-renamed': {
    says: 'the repository has another name now',
    remedy: 'Put the new name into `bindings/targets.yaml` and deploy. Until then the rename is followed.',
  },
  'repo-archived': {
    says: 'the repository is archived, so no issue can be written',
    remedy: 'Unarchive it, or take the target out.',
  },
  'contents-unreadable': {
    says: 'the files of the repository cannot be read',
    remedy: 'Grant the token or the app *Contents: read* on it.',
  },
  'branch-missing': {
    says: 'the branch is not there',
    remedy: 'Correct `branch` in `bindings/targets.yaml`; a new repository needs its first commit.',
  },
  'sibling-unreadable': {
    says: 'a sibling cannot be read, so the gates that read through it are blind',
    remedy: 'Grant the credentials *Contents: read* there too, correct its name and branch, or take it out.',
  },
  'governance-missing': {
    says: 'the files that say which gates and lanes there are cannot be used',
    remedy:
      'Correct them in the ops repo, or set `governance: none` to audit only what `lanekeeper.yaml` declares and our own gates.',
  },
  'checks-unreadable': {
    says: 'the checks of CI cannot be read, and the target or the repository names some as gates',
    remedy:
      'Grant the app *Checks: read* and *Commit statuses: read*. A fine-grained token cannot have it on a private repository: use the GitHub App, or take `checks:` out.',
  },
  'issues-off': {
    says: 'issues are switched off in the repository',
    remedy: 'Switch them on under *Settings, General, Features*.',
  },
  'issues-unreadable': {
    says: 'issues cannot be read',
    remedy: 'Grant the token or the app *Issues: read and write*.',
  },
  'issues-unwritable': {
    says: 'issues cannot be written',
    remedy: 'Grant the token or the app *Issues: read and write*; an owner has to accept the new permission of an app.',
  },
  'former-author': {
    says: "open issues carry Lanekeeper's marker but were opened by another account, so they are left alone",
    remedy:
      'If Lanekeeper used that account before (a token, or an app of another name), add it to `formerAuthors` of the target in `bindings/targets.yaml` and deploy.',
  },
  'statuses-unwritable': {
    says: 'commit statuses cannot be written, and the target asks for them',
    remedy: 'Grant *Commit statuses: read and write*, or take `status: true` out.',
  },
  'github-silent': {
    says: 'GitHub did not answer properly',
    remedy: 'Try again in a minute; https://www.githubstatus.com says whether it is GitHub.',
  },
  'rate-limited': {
    says: 'GitHub limits these credentials',
    remedy: 'Wait for the time it names. The Worker does so by itself.',
  },
} as const satisfies Record<string, Diagnosis>;

const CLOUDFLARE = {
  'logged-out': {
    says: 'wrangler is not logged in, so the secrets of the Worker were not looked at',
    remedy: '`npx wrangler login`.',
  },
  'not-deployed': {
    says: 'Cloudflare knows no such Worker in this account yet',
    remedy: '`npm run deploy`. With several accounts, set `CLOUDFLARE_ACCOUNT_ID`.',
  },
  'secret-missing': {
    says: 'the Worker lacks a secret',
    remedy: '`npx wrangler secret put <name>`; it asks for the value.',
  },
  'no-url': {
    says: 'no `--url` is given, so the deployed Worker was not asked',
    remedy: '`npm run doctor -- --url https://<your worker>`, once it is deployed.',
  },
  'worker-unreachable': {
    says: 'nothing answers at the address',
    remedy: 'Check `--url`; `npm run deploy` prints it. A new workers.dev name takes a minute.',
  },
  'not-lanekeeper': {
    says: 'what answers at the address is not Lanekeeper',
    remedy: 'Check `--url`; `npm run deploy` prints it.',
  },
  'not-set-up': {
    says: 'the Worker is deployed but cannot begin: a secret or a target is missing or mistaken',
    remedy:
      '`npx wrangler tail` names each mistake while you open `/healthz`. Then `npx wrangler secret put`, or correct and deploy.',
  },
  'worker-broken': {
    says: 'the Worker fails to read its storage or its own data',
    remedy: 'Open `/healthz` with `npx wrangler tail` running; check that the KV namespace `AUDITS` is bound.',
  },
  'no-dashboard-token': {
    says: '`DASHBOARD_TOKEN` is not given here, so the last audit was not looked at',
    remedy: 'Set it for this one command.',
  },
  'dashboard-token-refused': {
    says: 'the Worker refuses the `DASHBOARD_TOKEN` given here',
    remedy: '`npx wrangler secret put DASHBOARD_TOKEN` sets a new one.',
  },
  'target-not-deployed': {
    says: 'the deployed Worker does not audit this target',
    remedy: '`npm run deploy`: `bindings/targets.yaml` is part of the deployment.',
  },
  'left-behind': {
    says: 'no longer a target, but something of it is left: its issues stay open, its reports in KV for up to 97 days, its memory in its coordinator',
    remedy:
      '`npm run audit -- --retire <owner/repo>` closes its issues. The rest goes with the Worker: `npx wrangler delete`.',
  },
} as const satisfies Record<string, Diagnosis>;

const AUDITS = {
  'audit-pending': {
    says: 'no audit has ended yet',
    remedy: 'The first one runs with the next cron or push, or now: `POST /api/audits`.',
  },
  'audit-stale': {
    says: `no complete audit for ${STALE_AFTER / HOUR} hours`,
    remedy: 'Check in the Cloudflare dashboard that the cron fires, and `npx wrangler tail` for what stops it.',
  },
  'audit-failed': {
    says: 'the last audit could not audit',
    remedy: 'Do what its message says; the next audit clears it.',
  },
  'delivery-failed': {
    says: 'the last audit could not write what it had planned',
    remedy: 'Do what its message says; what was held back is written by a later audit.',
  },
  'no-webhook-secret': {
    says: '`WEBHOOK_SECRET` is not given here, so the webhook was not tried',
    remedy: 'Set it for this one command.',
  },
  'webhook-secret-unset': {
    says: 'the Worker has no `WEBHOOK_SECRET`, so pushes are not heard',
    remedy: '`npx wrangler secret put WEBHOOK_SECRET`, the same value as at GitHub.',
  },
  'webhook-secret-refused': {
    says: 'the Worker refuses a delivery signed with the `WEBHOOK_SECRET` given here',
    remedy: 'Give GitHub and the Worker (`npx wrangler secret put WEBHOOK_SECRET`) the same secret.',
  },
  'deliveries-unseen': {
    says: "GitHub's own list of webhook deliveries cannot be seen with the permissions Lanekeeper asks for",
    remedy: 'Look at it: *Settings, Webhooks, Recent Deliveries* in the repository, or *Advanced* in the app.',
  },
} as const satisfies Record<string, Diagnosis>;

const REPORTING = {
  'clock-differs': {
    says: "this machine's clock differs from the Worker's, and a report over five minutes off is refused",
    remedy: 'Set the clock (`timedatectl set-ntp true`), here and on every host that reports.',
  },
  'results-secret-unset': {
    says: 'the Worker has no `RESULTS_SECRET`, so no report that is signed with a results key is taken',
    remedy:
      '`npx wrangler secret put RESULTS_SECRET`, then make the key: `npm run --silent report -- --key <owner/repo>`.',
  },
  'results-secret-refused': {
    says: 'the Worker refuses what is signed with the `RESULTS_SECRET` given here',
    remedy:
      '`npx wrangler secret put RESULTS_SECRET` with this value, or make keys from the one the Worker holds. `resultsKey` of the target has to be deployed.',
  },
  'nothing-reported': {
    says: 'gates wait for results of a runner, and nothing was ever reported',
    remedy:
      'Copy `docs/examples/lanekeeper-report.yml` to the repository, or run `npm run report -- <clone> --post …` by a timer; `docs/reporting.md` says how.',
  },
  'reports-silent': {
    says: 'nothing is reported any more',
    remedy:
      "Look at what posts: `systemctl list-timers`, or the workflow's last runs. If it was given up on purpose: `DELETE /api/repos/<owner>/<repo>/results`.",
  },
  'facts-unusable': {
    says: 'gates about machines are blind',
    remedy:
      'Run `post.sh` on the host that is named and read what it answers. A host that is gone for good: `DELETE /api/repos/<owner>/<repo>/results?runner=<name>`.',
  },
} as const satisfies Record<string, Diagnosis>;

/** Everything that doctor can find wrong. */
export const DIAGNOSES = {
  ...CONFIGURATION,
  ...CREDENTIALS,
  ...GITHUB,
  ...CLOUDFLARE,
  ...AUDITS,
  ...REPORTING,
} as const;
export type DiagnosisName = keyof typeof DIAGNOSES;
