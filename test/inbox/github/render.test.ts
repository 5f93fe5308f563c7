import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import type { GateReport } from '../../../src/core/report.ts';
import { neutralTitle } from '../../../src/core/text/neutral.ts';
import { MAX_BYTES, sizeOf } from '../../../src/inbox/github/render/assemble.ts';
import { renderBody } from '../../../src/inbox/github/render/body.ts';
import { renderComment } from '../../../src/inbox/github/render/comment.ts';
import type { RenderContext } from '../../../src/inbox/github/render/context.ts';
import type { IssueContent } from '../../../src/inbox/writes.ts';

const SHA = 'a'.repeat(40);
const context: RenderContext = {
  repo: 'you/homelab',
  webUrl: 'https://github.com',
  sha: SHA,
  siblings: { workbench: { repo: 'you/workbench', sha: 'b'.repeat(40) } },
  dashboardUrl: 'https://lanekeeper.example/you/homelab',
};

function finding(subject: string, changes: Partial<Finding> = {}): Finding {
  return {
    rule: 'is',
    subject,
    repo: 'target',
    path: 'ops/a.yaml',
    line: 3,
    message: `\`${subject}\` is wrong.`,
    ...changes,
  };
}

function gateWith(...findings: readonly Finding[]): GateReport {
  const { name, number } = { name: 'vm-parity', number: 'D86' };
  return { number, name, category: '', severity: 'high', lanes: ['infra'], verdict: 'fail', findings };
}

function gateContent(gate: GateReport, fresh: readonly string[], known: readonly string[] = []) {
  const keys = (subjects: readonly string[]) => subjects.map((subject) => `is ${subject}`);
  const content: Extract<IssueContent, { kind: 'gate' }> = {
    kind: 'gate',
    gate,
    fresh: keys(fresh),
    known: keys(known),
    lastPass: { sha: 'c'.repeat(40), at: Date.parse('2026-02-17T04:17:00Z') },
    firstFail: { sha: SHA, at: Date.parse('2026-02-18T04:17:00Z') },
    follows: null,
  };
  return content;
}

describe('a comment', () => {
  test('on a gate that fails again says since which commit, or that no commit did it', () => {
    const [at, earlier] = [Date.parse('2026-02-18T04:17:00Z'), Date.parse('2026-02-17T04:17:00Z')];
    const firstFail = { sha: SHA, at };
    const comment = (lastPass: { sha: string; at: number } | null) =>
      renderComment({ kind: 'regressed', firstFail, lastPass }, context);
    expect(comment({ sha: 'c'.repeat(40), at: earlier })).toMatch(
      /^It fails again at .*`a{10}`.* It last passed at .*`c{10}`/,
    );
    expect(comment({ sha: SHA, at: earlier })).toMatch(/^It fails again at .*`a{10}`.*, without a new commit\.$/);
    expect(comment(null)).toMatch(/^It fails again at .*`a{10}`.*\.$/);
  });
});

describe('the body of a gate', () => {
  test('says how many findings are open, and folds the known ones', () => {
    const body = renderBody(
      gateContent(gateWith(finding('one'), finding('two'), finding('old')), ['one', 'two'], ['old']),
      context,
    );
    expect(body).toContain('**2 open findings** in `D86 vm-parity`, severity high.');
    expect(body).toContain('<summary>1 known finding from before</summary>');
    expect(body).not.toContain('new finding');
  });

  test('says between which commits it started failing, or that no commit did it', () => {
    const content = gateContent(gateWith(finding('one')), ['one']);
    expect(renderBody(content, context)).toMatch(
      /\*\*Started failing\*\* at \[`a{10}`].*It last passed at \[`c{10}`].*\[what changed]\(.*\/compare\/c{40}\.\.\.a{40}\)/,
    );
    const byTime = { ...content, lastPass: { sha: SHA, at: 0 } };
    expect(renderBody(byTime, context)).toMatch(
      /\*\*Started failing\*\* without a new commit, noticed at \[`a{10}`].*\. A time limit passed, a sibling moved, something else/,
    );
    const gate = { ...byTime.gate, brokenBy: { kind: 'clock', at: '2026-02-18T04:00:00Z' } } as const;
    const blamed = renderBody({ ...byTime, gate }, context);
    expect(blamed).toContain('**Broken** by the clock: a time limit passed at 2026-02-18 04:00 UTC.');
    expect(blamed).not.toContain('a sibling moved');
    expect(renderBody({ ...content, lastPass: null }, context)).toContain('no audit saw it pass');
  });

  test('says how to see it for oneself: by an audit, by a run where it can run, or only on the machines', () => {
    const bodyWith = (more: Partial<GateReport>) =>
      renderBody(gateContent({ ...gateWith(finding('one')), ...more }, ['one']), context);
    expect(bodyWith({})).toContain(`npm run --silent audit -- <clone> --at ${SHA} --gate D86`);
    const run = bodyWith({ runs: 'bash scripts/check-x.sh', number: 'x', name: 'x' });
    expect(run).toContain(`npm run --silent report -- <clone> --at ${SHA} --gate x`);
    const reported = { verdict: 'fail', sha: SHA, at: '2026-02-18T04:00:00Z', runner: 'nightly' } as const;
    expect(bodyWith({ reported })).toContain('npm run --silent report');
    const facts = bodyWith({ facts: ['backups', 'guests'] });
    expect(facts).toContain('on the machines. No clone holds what they reported (`backups`, `guests`).');
    expect(facts).not.toContain('npm run');
    expect(bodyWith({ category: 'checks' })).not.toContain('Reproduce');
  });

  test('has a gap entry only where repos keep a gap file', () => {
    const bodyOf = (more: Partial<GateReport>) =>
      renderBody(gateContent({ ...gateWith(finding('one')), ...more }, ['one']), context);
    expect(bodyOf({})).toContain('GAP-OP-000');
    expect(bodyOf({ number: 'vms-have-backups', name: 'vms-have-backups' })).not.toContain('GAP-OP');
    expect(bodyOf({ number: 'B2', category: 'basics' })).not.toContain('GAP-OP');
  });

  test('links to lines: Markdown as text, siblings in their own repository', () => {
    const findings = [
      finding('doc', { path: 'docs/plan.md' }),
      finding('other', { repo: 'workbench', path: 'ssot.yaml', line: 7 }),
      finding('unknown', { repo: 'elsewhere' }),
    ];
    const body = renderBody(gateContent(gateWith(...findings), ['doc', 'other', 'unknown']), context);
    expect(body).toContain(`https://github.com/you/homelab/blob/${SHA}/docs/plan.md?plain=1#L3`);
    expect(body).toContain(
      `[\`workbench: ssot.yaml:7\`](https://github.com/you/workbench/blob/${'b'.repeat(40)}/ssot.yaml#L7)`,
    );
    expect(body).toContain('`elsewhere: ops/a.yaml:3` |');
  });

  test('shows lines of the target, and never those of a sibling, whose readers may be others', () => {
    const ours = finding('one', { excerpt: 'status: lost' });
    const theirs = finding('two', { repo: 'workbench', excerpt: 'a private line' });
    const body = renderBody(gateContent(gateWith(ours, theirs), ['one', 'two']), context);
    expect(body).toContain('`status: lost`');
    expect(body).not.toContain('a private line');
    const fresh = ['is one', 'is two'];
    const comment = renderComment(
      { kind: 'new-findings', gate: gateWith(ours, theirs), fresh, severityRose: false },
      context,
    );
    expect(comment).not.toContain('a private line');
  });

  test.each([
    ['bidirectional', '\u202e'],
    ['zero width', '\u200b'],
    ['a soft hyphen', '\u00ad'],
    ['a joiner', '\u034f'],
    ['a vowel separator', '\u180e'],
    ['a filler', '\u3164'],
    ['a variation selector', '\ufe0f'],
    ['tag characters', '\u{e0041}'],
    ['half a pair', '\ud800'],
    ['private use', '\ue000'],
    ['an empty Braille cell', '\u2800'],
  ])('shows nothing invisible: %s', (_, unseen) => {
    const hidden = finding('one', { message: `a${unseen}b`, path: `a${unseen}b.yaml`, excerpt: `x${unseen}y` });
    const { number, findings, ...rest } = gateWith(hidden);
    const gate = {
      ...rest,
      number,
      findings,
      severity: `hi${unseen}gh`,
      fixHint: `do${unseen}it`,
      lanes: [`l${unseen}`],
    };
    expect(renderBody(gateContent(gate, ['one']), context)).not.toContain(unseen);
  });
});

describe('what GitHub takes', () => {
  test('no body is longer, however much there is to say', () => {
    const many = Array.from({ length: 3000 }, (_, index) => finding(`finding-${index}`, { message: 'ä'.repeat(300) }));
    const content = gateContent(
      gateWith(...many),
      many.slice(0, 1500).map(({ subject }) => subject),
      many.slice(1500).map(({ subject }) => subject),
    );
    expect(sizeOf(renderBody(content, context))).toBeLessThanOrEqual(MAX_BYTES);
    const gates = many.map((one) => ({ gate: gateWith(one), fresh: [`is ${one.subject}`], hasRecovered: false }));
    const group = renderBody({ kind: 'group', gates }, context);
    expect(sizeOf(group)).toBeLessThanOrEqual(MAX_BYTES);
    expect(group).toContain('\n\n[Full report](https://lanekeeper.example/you/homelab)');
  });

  test('a cut table says how much is missing and stays folded', () => {
    const many = Array.from({ length: 3000 }, (_, index) => finding(`finding-${index}`, { message: '`</details>`' }));
    const body = renderBody(
      gateContent(
        gateWith(...many),
        [],
        many.map(({ subject }) => subject),
      ),
      context,
    );
    expect(body).toMatch(/… and \d+ more, too many to show here\.\n\n<\/details>\n/);
    expect(body.match(/<details>/g)).toHaveLength(1);
  });

  test('no comment is longer: waivers, new findings, gates', () => {
    const waiver = { gate: 'D86', subject: null, owner: 'tove', expires: '2026-06-01', reason: 'r'.repeat(900) };
    const many = Array.from({ length: 3000 }, (_, index) => finding(`finding-${index}`, { message: 'm'.repeat(400) }));
    const gate = gateWith(...many);
    const comments = [
      renderComment({ kind: 'waived', waivers: Array.from({ length: 90 }, () => waiver) }, context),
      renderComment(
        { kind: 'new-findings', gate, fresh: many.map(({ subject }) => `is ${subject}`), severityRose: true },
        context,
      ),
      renderComment(
        { kind: 'group-grew', gates: many.map(({ subject }) => ({ number: 'D86', name: subject.repeat(30) })) },
        context,
      ),
      renderComment(
        { kind: 'recovered', gate: { ...gate, unverified: many.map(({ message }) => message) }, openedAt: 0 },
        context,
      ),
    ];
    for (const comment of comments) expect(sizeOf(comment)).toBeLessThanOrEqual(MAX_BYTES);
    expect(comments[0]).toContain('more, too many to show here');
  });
});

test('"new" is said only in the comment that announces it', () => {
  const gate = gateWith(finding('one'), finding('two'));
  const comment = renderComment({ kind: 'new-findings', gate, fresh: ['is two'], severityRose: false }, context);
  expect(comment).toMatch(/^\*\*1 new finding\*\* at \[`a{10}`]/);
});

test('the Gap inbox has one line for an issue that many gates share', () => {
  const open = Array.from({ length: 12 }, (_, index) => ({
    number: `D${index}`,
    name: 'x',
    severity: 'low',
    issue: 7,
  }));
  const summary = { lanes: [], open, baseline: [], waivers: [], blind: [], errors: [] };
  const body = renderBody({ kind: 'inbox', summary }, context);
  expect(body.match(/#7/g)).toHaveLength(1);
  expect(body).toContain('`D9 x`, low; and 2 more');
});

test('the Gap inbox puts problems first and counts in words', () => {
  const lane = { id: 'infra', total: 4, pass: 1, fail: 1, blind: 2, crashed: 0, skip: 0, gates: [], ours: true };
  const summary = {
    lanes: [lane],
    open: [{ number: 'D86', name: 'vm-parity', severity: 'high', issue: 12 }],
    baseline: [{ number: 'D58', name: 'freshness', findings: 237 }],
    waivers: [],
    blind: [{ number: 'D1', name: 'drift', reason: 'no sibling' }],
    errors: ['The waiver for `D9` covers nothing; remove it.'],
  };
  const body = renderBody({ kind: 'inbox', summary }, context);
  expect(body.indexOf('### Problems to fix')).toBeLessThan(body.indexOf('| Lane |'));
  expect(body).toContain('| `infra` (built in) | 1/4 | 1 failing, 2 could not be checked |');
  expect(body).toContain('- #12 `D86 vm-parity`, high');
  expect(body).toContain('### Could not be checked');
  expect(body).toContain('- `D58 freshness`: 237 known findings');
});

test('the Gap inbox shows the badge, for freshness, where GitHub can fetch it', () => {
  const content = {
    kind: 'inbox',
    summary: { lanes: [], open: [], baseline: [], waivers: [], blind: [], errors: [] },
  } as const;
  const badgeUrl = 'https://lanekeeper.example/badge/you/homelab/all.svg';
  expect(renderBody(content, { ...context, badgeUrl })).toContain(`![Last audit](${badgeUrl})`);
  expect(renderBody(content, context)).not.toContain('![');
});

test('a title is within what GitHub takes, with all that makes it harmless', () => {
  expect(neutralTitle('@#'.repeat(300)).length).toBeLessThanOrEqual(256);
});
