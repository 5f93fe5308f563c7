import { type Finding, type FindingKey, findingKey } from '../../core/finding.ts';
import type { InboxSummary, Sighting } from '../../core/inbox.ts';
import type { GateReport } from '../../core/report.ts';
import { code, neutral, neutralTitle, prose } from '../../core/text/neutral.ts';
import { plural } from '../../core/text/plural.ts';
import { LABELS } from '../labels.ts';
import type { CommentContent, GroupEntry, IssueContent } from '../writes.ts';

/** What pages and issues need to know of the place they appear in. */
export interface RenderContext {
  /** `owner/name` of the audited repository. */
  readonly repo: string;
  /** Where GitHub's pages are, such as https://github.com. */
  readonly webUrl: string;
  /** The audited commit. */
  readonly sha: string;
  /** The dashboard's address, where one is known. */
  readonly dashboardUrl: string | null;
  /** The badge that says how fresh the last audit is; null where GitHub could not show it, since the badge is not public. */
  readonly badgeUrl?: string | null;
}

/** GitHub refuses bodies over 65,536 characters in places, and silently drops over-long edits. */
export const MAX_BODY_BYTES = 60_000;

/** The title of an issue. */
export function renderTitle(content: IssueContent): string {
  switch (content.kind) {
    case 'gate':
      return neutralTitle(`${content.gate.number} ${content.gate.name} is failing`);
    case 'group':
      return `${content.gates.length} gates newly fail at once`;
    case 'inbox':
      return 'Gap inbox';
    case 'broken':
      return 'Lanekeeper cannot audit this repository';
    case 'unverified':
      return 'Not verified';
  }
}

/** The body of an issue, without marker, in at most `limit` bytes. */
export function renderBody(content: IssueContent, context: RenderContext, limit = MAX_BODY_BYTES): string {
  switch (content.kind) {
    case 'gate':
      return renderGate(content, context, limit);
    case 'group':
      return renderGroup(content.gates, context, limit);
    case 'inbox':
      return renderInbox(content.summary, context, limit);
    case 'broken':
      return renderBroken(content.error);
    case 'unverified':
      return `Not verified since ${neutral(content.since)}.`;
  }
}

function renderGate(content: Extract<IssueContent, { kind: 'gate' }>, context: RenderContext, limit: number): string {
  const { gate, fresh, known, follows } = content;
  const of = (keys: readonly FindingKey[]) => gate.findings.filter((finding) => keys.includes(findingKey(finding)));
  const before = [
    `**${fresh.length} new finding${fresh.length === 1 ? '' : 's'}** in ${code(`${gate.number} ${gate.name}`)}, severity ${neutral(gate.severity || 'unknown')}.`,
    gate.why ? `**Why it matters.** ${prose(gate.why, 1000)}` : '',
    gate.fixHint ? `**How to fix it.** ${prose(gate.fixHint, 1000)}` : '',
    turned(content, context),
    follows === null ? '' : `It failed before: see #${follows}.`,
    gate.scriptChanged
      ? "The gate's script changed since Lanekeeper was verified against it; check the verdict against your own run."
      : '',
  ];
  const after = [
    gate.lanes.length > 0 ? `**Lanes it turns red:** ${gate.lanes.map((lane) => code(lane)).join(', ')}` : '',
    `**Reproduce it** in a clone:\n\n\`\`\`sh\nnpm run --silent audit -- <clone> --at ${safeSha(context.sha)} --gate ${gate.number.replace(/[^A-Za-z0-9]/g, '')}\n\`\`\``,
    gapEntry(gate, fresh),
    context.dashboardUrl ? `[Full report](${context.dashboardUrl})` : '',
  ];
  return assemble(
    before,
    [
      findingTable('New', of(fresh), context),
      folded(`${known.length} known`, findingTable('Known', of(known), context)),
    ],
    after,
    limit,
  );
}

function turned(
  { lastPass, firstFail }: Extract<IssueContent, { kind: 'gate' }>,
  { repo, webUrl }: RenderContext,
): string {
  if (!firstFail) return '';
  const since = `first failing at ${commitLink(firstFail, repo, webUrl)}`;
  if (!lastPass) return `**Turned:** ${since}; no earlier audit saw it pass.`;
  if (lastPass.sha === firstFail.sha)
    return `**Turned:** by the clock, without a commit, at ${commitLink(firstFail, repo, webUrl)}.`;
  const compare = `${webUrl}/${repo}/compare/${safeSha(lastPass.sha)}...${safeSha(firstFail.sha)}`;
  return `**Turned:** last passing at ${commitLink(lastPass, repo, webUrl)}, ${since} ([what changed](${compare})).`;
}

function commitLink({ sha, at }: Sighting, repo: string, webUrl: string): string {
  const day = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  return `[\`${safeSha(sha).slice(0, 10)}\`](${webUrl}/${repo}/commit/${safeSha(sha)}) (${day} UTC)`;
}

function findingTable(title: string, findings: readonly Finding[], context: RenderContext): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((finding) => {
    const quote = finding.excerpt ? `<br>${code(finding.excerpt, 160)}` : '';
    return `| ${prose(finding.message)}${quote} | ${placeLink(finding, context)} |`;
  });
  return [`| ${title} finding | Where |`, '|---|---|', ...rows];
}

/** Rows that are too many to show at once, folded away. */
function folded(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`<details><summary>${title}</summary>\n`, ...lines, '\n</details>'];
}

function placeLink({ repo, path, line }: Finding, { repo: target, webUrl, sha }: RenderContext): string {
  if (path === null) return 'the repository';
  const label = line === null ? path : `${path}:${line}`;
  if (repo !== 'target') return `${neutral(repo)}: ${code(label)}`;
  const file = path
    .split('/')
    .map((part) =>
      encodeURIComponent(part.toWellFormed()).replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29')),
    )
    .join('/');
  return `[${code(label)}](${webUrl}/${target}/blob/${safeSha(sha)}/${file}${line === null ? '' : `#L${line}`})`;
}

/** An entry for the repo's own gap file, ready to paste. JSON strings are YAML strings. */
function gapEntry(gate: GateReport, fresh: readonly FindingKey[]): string {
  const finding = gate.findings.find((candidate) => fresh.includes(findingKey(candidate)));
  if (!finding) return '';
  const quoted = (text: string) => JSON.stringify(text.replace(/[`<>]/g, "'"));
  const lines = [
    '- id: GAP-OP-000  # the next free number',
    '  discovered_by: lanekeeper',
    `  type: stale-ssot`,
    `  doc: ${quoted(finding.path ?? '')}`,
    `  description: ${quoted(finding.message.slice(0, 300))}`,
    `  severity: ${quoted(gate.severity)}`,
    '  status: open',
  ];
  return `<details><summary>Gap entry to paste</summary>\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n\n</details>`;
}

function renderGroup(gates: readonly GroupEntry[], context: RenderContext, limit: number): string {
  const before = [
    `**${gates.length} gates newly failed in one audit.** That many at once mostly have one cause, so they share this issue; it closes when all of them have recovered.`,
  ];
  const rows = gates.map(({ gate, fresh, hasRecovered }) => {
    const first = gate.findings.find((finding) => fresh.includes(findingKey(finding)));
    const what = hasRecovered
      ? 'recovered'
      : `${fresh.length} finding${fresh.length === 1 ? '' : 's'}: ${first ? prose(first.message, 160) : ''}`;
    return `| ${hasRecovered ? '☑' : '☐'} ${code(`${gate.number} ${gate.name}`)} | ${neutral(gate.severity)} | ${what} | ${first ? placeLink(first, context) : ''} |`;
  });
  return assemble(before, [['| Gate | Severity | What | Where |', '|---|---|---|---|', ...rows]], [], limit);
}

function renderInbox(summary: InboxSummary, context: RenderContext, limit: number): string {
  const { lanes, open, baseline, waivers, blind, errors } = summary;
  const section = (title: string, rows: readonly string[]) =>
    rows.length === 0 ? [] : [`### ${title}`, '', ...rows, ''];
  const laneRows = lanes.map((lane) => {
    const rest = (['fail', 'blind', 'crashed', 'skip'] as const)
      .filter((verdict) => lane[verdict] > 0)
      .map((verdict) => `${lane[verdict]} ${verdict}`);
    return `| ${code(lane.id)}${lane.ours ? ' (ours)' : ''} | ${lane.pass}/${lane.total} | ${rest.join(', ')} |`;
  });
  const before = [
    context.badgeUrl ? `![How fresh the last audit is](${context.badgeUrl})` : '',
    'What Lanekeeper knows of this repository. It changes only when something changed; an uneventful night writes nothing.',
  ];
  return assemble(
    before,
    [
      ['| Lane | Passing | Not passing |', '|---|---|---|', ...laneRows, ''],
      section(
        'Open',
        open.map(
          ({ number, name, severity, issue }) => `- #${issue} ${code(`${number} ${name}`)}, ${neutral(severity)}`,
        ),
      ),
      section(
        'Baseline: known and quiet',
        baseline.map(({ number, name, findings }) => `- ${code(`${number} ${name}`)}: ${findings}`),
      ),
      section(
        'Waivers',
        waivers.map(
          ({ gate, subject, reason, owner, expires }) =>
            `- ${code(subject ? `${gate} ${subject}` : gate)} until ${neutral(expires)}, ${neutral(owner)}: ${neutral(reason)}`,
        ),
      ),
      section(
        'Blind',
        blind.map(({ number, name, reason }) => `- ${code(`${number} ${name}`)}: ${neutral(reason)}`),
      ),
      section(
        'Trouble',
        errors.map((error) => `- ${neutral(error)}`),
      ),
    ],
    context.dashboardUrl ? [`[Dashboard](${context.dashboardUrl})`] : [],
    limit,
  );
}

function renderBroken(error: string): string {
  return [
    'Two audits in a row could not even begin, so nothing is known about this repository since. No issue is closed meanwhile.',
    `**What is wrong.** ${neutral(error, 1500)}`,
    'This issue closes with the next complete audit.',
  ].join('\n\n');
}

/** A comment, without marker. */
export function renderComment(content: CommentContent, context: RenderContext): string {
  const sha = `[\`${safeSha(context.sha).slice(0, 10)}\`](${context.webUrl}/${context.repo}/commit/${safeSha(context.sha)})`;
  switch (content.kind) {
    case 'new-findings': {
      const rows = content.gate.findings.filter((finding) => content.fresh.includes(findingKey(finding)));
      const rose = content.severityRose ? `Its severity is now ${neutral(content.gate.severity)}.` : '';
      const count =
        rows.length > 0 ? `**${rows.length} new finding${rows.length === 1 ? '' : 's'}** at ${sha}.` : `At ${sha}:`;
      return assemble([`${count} ${rose}`.trim()], [findingTable('New', rows, context)], [], MAX_BODY_BYTES);
    }
    case 'recovered':
      return `${code(`${content.gate.number} ${content.gate.name}`)} passes at ${sha}. It was open since ${day(content.openedAt)}.${unverifiedNote(content.gate)}`;
    case 'back-to-baseline':
      return `Nothing new is left at ${sha}: back to the baseline of ${content.known} known finding${content.known === 1 ? '' : 's'}.`;
    case 'waived':
      return content.waivers
        .map(
          ({ reason, owner, expires }) =>
            `Waived in the repository by ${neutral(owner)} until ${neutral(expires)}: ${neutral(reason, 1000)}`,
        )
        .join('\n\n');
    case 'waiver-ended':
      return `It still fails at ${sha}, and no waiver covers all of it any more.`;
    case 'regressed':
      return `It fails again at ${content.firstFail ? commitLink(content.firstFail, context.repo, context.webUrl) : sha}.${content.lastPass ? ` It last passed at ${commitLink(content.lastPass, context.repo, context.webUrl)}.` : ''}`;
    case 'still-failing':
      return `It was closed as completed, but it still fails at the newer commit ${sha} with ${content.gate.findings.length} finding${content.gate.findings.length === 1 ? '' : 's'}. Close it again to accept it as it is.`;
    case 'retired':
      return `${code(content.gate)} is no longer registered in this repository (read at ${sha}).`;
    case 'group-grew': {
      const names = content.gates.map(({ number, name }) => code(`${number} ${name}`));
      return `Newly failing at ${sha}, and added here: ${names.slice(0, 100).join(', ')}${names.length > 100 ? ' …' : ''}.`;
    }
    case 'group-recovered':
      return `Every gate of this issue has recovered at ${sha}.`;
    case 'duplicate':
      return `The same as #${content.of}, opened because GitHub did not show that one.`;
    case 'closed-by-bot':
      return closedByBot(content.failing, sha);
    case 'audit-works-again':
      return `The audit of ${sha} was complete again.`;
  }
}

function closedByBot(failing: number | null, sha: string): string {
  const what =
    failing === null
      ? 'A bot closed this issue, which Lanekeeper still needs'
      : `A bot closed this issue, but the gate still fails at ${sha} with ${plural(failing, 'open finding')}`;
  return `${what}. It is open again; to keep the bot away, exempt issues with the label ${code(LABELS.audit)}.`;
}

function unverifiedNote({ unverified = [] }: GateReport): string {
  return unverified.length === 0
    ? ''
    : ` Not verified from here: ${unverified.map((part) => neutral(part)).join('; ')}.`;
}

function day(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function safeSha(sha: string): string {
  return sha.replace(/[^0-9a-f]/g, '');
}

/** Joins the parts, leaving out rows from the end of the tables where the whole would be longer than `limit` bytes. */
function assemble(
  before: readonly string[],
  tables: readonly (readonly string[])[],
  after: readonly string[],
  limit: number,
): string {
  const present = (parts: readonly string[]) => parts.filter((part) => part !== '');
  const fixed = present([...before, ...after]);
  let left = limit - 400 * tables.length - fixed.reduce((sum, part) => sum + sizeOf(part) + 2, 0);
  const shown = tables.map((rows) => {
    const fitting = rows.findIndex((row) => {
      left -= sizeOf(row) + 1;
      return left < 0;
    });
    if (fitting < 0) return rows.join('\n');
    const isFolded = rows.at(-1)?.includes('</details>');
    const rest = `\n… and ${rows.length - fitting} more lines; see the full report.`;
    const opening = fitting === 0 && isFolded ? rows.slice(0, 1) : [];
    return [...opening, ...rows.slice(0, fitting), rest, ...(isFolded ? ['\n</details>'] : [])].join('\n');
  });
  return [...present(before), ...present(shown), ...present(after)].join('\n\n');
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
