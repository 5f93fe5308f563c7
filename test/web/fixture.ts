import type { Progress } from '../../src/coordinator/coordinator.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { summarizeAudit } from '../../src/formats/summary.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { createApp } from '../../src/web/app.ts';
import type { WebPorts } from '../../src/web/env.ts';

export const REPO = 'you/homelab';
export const TOKEN = 'a dashboard token for tests';
export const NOW = Date.parse('2026-02-18T07:00:00Z');
const HOUR = 3_600_000;

/** Stands in the fixture wherever text of the audited repo may. */
const MARK = '%text%';

const SHAS = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];

/** Three audits, oldest first: all that pages may have to show, with `text` wherever the audited repo has a say. */
export function audits(text = '', rename?: string): readonly StoredAudit[] {
  let filled = JSON.stringify([audit(0), audit(1), audit(2)]).replaceAll(MARK, JSON.stringify(text).slice(1, -1));
  if (rename !== undefined) filled = filled.replaceAll('"D138"', `"${rename}"`).replaceAll('"infra"', `"${rename}"`);
  return JSON.parse(filled) as StoredAudit[];
}

function audit(night: number): StoredAudit {
  const sha = SHAS[night] ?? '';
  const now = new Date(NOW - (2 - night) * 24 * HOUR - 3 * HOUR);
  const finding = (name: string): Finding => ({
    rule: 'phase-has-site',
    subject: `phase:${name}${MARK}`,
    repo: 'target',
    path: `ops/bindings/start up${MARK}.yaml`,
    line: 12,
    message: `Phase ${name} names no site. ${MARK}`,
    excerpt: `  - phase: ${name} ${MARK}`,
  });
  const elsewhere: Finding = { ...finding('sibling'), repo: 'workbench' };
  const nowhere: Finding = { rule: 'unreadable', subject: MARK, repo: 'target', path: null, line: null, message: MARK };
  const isNew = night === 2;
  const lane = {
    id: `infra${MARK}`,
    total: 5,
    pass: isNew ? 1 : 2,
    fail: isNew ? 2 : 1,
    blind: 1,
    crashed: 0,
    skip: 1,
  };
  const common = { category: `infra-hygiene${MARK}`, severity: `medium${MARK}`, lanes: [lane.id] };
  const key = (one: Finding) => `${one.rule} ${one.subject}`;
  const failing = isNew ? [finding('1'), elsewhere, nowhere] : [];
  const [first, last] = [
    { sha: SHAS[2] ?? '', at: now.getTime() },
    { sha: SHAS[1] ?? '', at: now.getTime() - HOUR },
  ];
  return {
    id: `${9_999_999_999_999 - now.getTime()}-${sha.slice(0, 10)}`,
    trigger: 'cron',
    newlyFailing: isNew ? [`D138${MARK}`] : [],
    touched: [lane.id],
    report: {
      schemaVersion: 1,
      repo: REPO,
      sha,
      now: now.toISOString(),
      complete: true,
      bypass: `A window is open. ${MARK}`,
      siblings: { workbench: 'd'.repeat(40) },
      lanes: [{ ...lane, gates: [`D138${MARK}`, 'D86', 'D3', 'D40', 'D1'] }],
      gates: [
        {
          ...common,
          number: `D138${MARK}`,
          name: `site-parity${MARK}`,
          verdict: isNew ? 'fail' : 'pass',
          findings: failing,
          scriptChanged: true,
          fixHint: `Set the site. ${MARK}`,
          why: `A phase without a site is skipped. ${MARK}`,
        },
        { ...common, number: 'D86', name: 'vm-parity', verdict: 'fail', findings: [finding('2')] },
        { ...common, number: 'D3', name: 'smoke', verdict: 'pass', findings: [], unverified: [`live part ${MARK}`] },
        { ...common, number: 'D40', name: 'workbench', verdict: 'blind', findings: [], reason: `no sibling ${MARK}` },
        { ...common, number: 'D1', name: 'inline', verdict: 'skip', findings: [], reason: `inline ${MARK}` },
      ],
    },
    delivery: {
      mode: 'on',
      planned: 1,
      opened: isNew ? 1 : 0,
      updated: 0,
      closed: 0,
      suppressed: 0,
      failed: 0,
      errors: night === 1 ? [`GitHub said no. ${MARK}`] : [],
      notes: [`A note. ${MARK}`],
      actions: [`open an issue: ${MARK}`],
    },
    requests: { target: 4, inbox: 3 },
    work: { judged: 3, reused: 2 },
    inbox: {
      lanes: [],
      open: isNew ? [{ number: `D138${MARK}`, name: `site-parity${MARK}`, severity: MARK, issue: 7 }] : [],
      baseline: [{ number: 'D86', name: `vm-parity${MARK}`, findings: 1 }],
      waivers: [{ gate: `D5${MARK}`, subject: MARK, reason: MARK, owner: MARK, expires: '2026-03-01' }],
      blind: [{ number: 'D40', name: 'workbench', reason: MARK }],
      errors: [`The waiver for D9 covers nothing. ${MARK}`],
    },
    histories: {
      [`D138${MARK}`]: {
        strip: 'ppn'.slice(0, night + 1),
        seen: Object.fromEntries(failing.map((one) => [key(one), first])),
        fresh: failing.slice(0, 1).map(key),
        lastPass: isNew ? last : null,
        firstFail: isNew ? first : null,
        issue: isNew ? { number: 7, phase: 'open' } : null,
      },
      D86: {
        strip: 'fff'.slice(0, night + 1),
        seen: { [key(finding('2'))]: { sha: SHAS[0] ?? '', at: NOW } },
        fresh: [],
        lastPass: null,
        firstFail: { sha: SHAS[0] ?? '', at: NOW },
        issue: null,
      },
    },
  };
}

/** The web over a memory store that holds the fixture's audits. */
export async function stage(
  given: Partial<WebPorts> & {
    readonly text?: string;
    /** What D138 and the lane infra are called instead. */
    readonly rename?: string;
    readonly public?: 'none' | 'badge' | 'all';
    readonly progress?: Progress;
  } = {},
) {
  const store = memoryStore();
  let before = null;
  for (const one of audits(given.text, given.rename)) {
    const summary = summarizeAudit(REPO, one, before);
    await store.save(REPO, one, summary);
    before = summary;
  }
  const latest = audits(given.text)[2]?.id ?? null;
  const asked: unknown[] = [];
  const siblings = { workbench: { repo: 'you/workbench', branch: 'main' } };
  const rest = { branch: 'main', inbox: 'on', governance: 'repo', gates: 'lanekeeper.yaml', status: false } as const;
  const scripted = { scripts: 'on', trust_scripts: false, environment: {} } as const;
  const absent: string[] = [];
  const reporting = { checks: [], resultsMaxAge: 36, resultsKey: 1 };
  const progress = given.progress ?? { stage: 'done', auditId: latest };
  const ports: WebPorts = {
    targets: [
      {
        repo: REPO,
        siblings,
        public: given.public ?? 'none',
        formerAuthors: [],
        absent,
        ...reporting,
        ...scripted,
        ...rest,
      },
      {
        repo: 'you/empty',
        siblings: {},
        public: 'none',
        formerAuthors: [],
        absent,
        ...reporting,
        ...scripted,
        ...rest,
      },
    ],
    store,
    webhookSecret: 'a webhook secret for tests',
    dashboardToken: TOKEN,
    githubWebUrl: 'https://github.com',
    now: () => NOW,
    coordinator: (repo) => ({
      request: async (request) => void asked.push([repo, request]),
      receiveWebhook: async () => true,
      accept: async (acceptance) => asked.push([repo, acceptance]) > 0 && acceptance.gate !== 'D999',
      async receiveResults(posted) {
        asked.push([repo, posted]);
        return 'taken';
      },
      forgetResults: async () => void asked.push([repo, 'forget']),
      progress: async () => (repo === REPO ? progress : { stage: 'idle', auditId: null }),
    }),
    ...given,
  };
  const app = createApp(() => ports);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const get = async (path: string, more: Record<string, string> = headers) => app.request(path, { headers: more });
  const look = async (path: string) => (await get(path, { ...headers, accept: 'text/html' })).text();
  return { app, store, asked, get, look };
}
