/** What people's tools do to issues, with the real coordinator and adapter: nothing is lost, held back or overwritten. */
import { afterEach, expect, test } from 'vitest';
import { DAY, registry, type Stage, setStage, TOY_GATES } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

/** alpha fails and has issue #2; #1 is the Gap inbox. */
async function opened(options: Parameters<typeof setStage>[0] = {}): Promise<Stage> {
  stage = await setStage(options);
  await stage.audit();
  stage.lists({ alpha: 'one\n' });
  await nextNight();
  expect(stage.issue('alpha')).toMatchObject({ number: 2, state: 'open' });
  return stage;
}

function nextNight() {
  stage.advance(DAY);
  return stage.audit();
}

const aboutAlpha = () => stage.issues().flatMap(({ title, number }) => (title.includes('alpha') ? [number] : []));

const refuse = (kind: 'error-403' | 'error-404', matches: (request: { method: string; path: string }) => boolean) =>
  stage.simulator.faults.add({ kind, times: Number.POSITIVE_INFINITY, match: matches });

test.each(['error-403', 'error-404'] as const)(
  'one issue that %s for every write holds back no other',
  async (kind) => {
    await opened();
    refuse(kind, ({ method, path }) => method !== 'GET' && /\/issues\/2(\/|$)/.test(path));
    stage.lists({ alpha: 'one\ntwo\n', bravo: 'one\n', charlie: 'one\n' });
    const { delivery } = await nextNight();
    expect(delivery.errors).toContainEqual(expect.stringMatching(/^#2: GitHub does not/));
    expect([stage.issue('bravo')?.state, stage.issue('charlie')?.state]).toEqual(['open', 'open']);
  },
);

test('with no right to write at all, few requests are wasted and the error says so', async () => {
  await opened();
  refuse('error-403', ({ method, path }) => method !== 'GET' && path.startsWith('/repos/'));
  stage.lists({ alpha: '', bravo: 'one\n', charlie: 'one\n' });
  const before = stage.writes();
  const { delivery } = await nextNight();
  expect(delivery.errors.join()).toMatch(/grant issues: write/);
  expect(stage.writes() - before).toBeLessThan(60);
});

test('an issue that nobody sees any more: what it does not list is told in a new one', async () => {
  await opened();
  refuse('error-404', ({ path }) => /\/issues\/2(\/|\?|$)/.test(path));
  stage.simulator.faults.add({
    kind: 'empty-list',
    times: Number.POSITIVE_INFINITY,
    match: ({ path }) => /\/issues\?.*labels=audit/.test(path),
  });
  stage.lists({ alpha: 'one\ntwo\n' });
  const first = await nextNight();
  expect(first.delivery.errors).toContainEqual(expect.stringMatching(/^#2 could not be read/));
  await nextNight();
  expect(aboutAlpha()).toEqual([2, 3]);
  stage.lists({ alpha: 'one\ntwo\nthree\n' });
  const { delivery } = await nextNight();
  expect(delivery.errors, 'nobody asks for the old one any more').toEqual([]);
  expect(stage.issues().find(({ number }) => number === 3)?.comments).toHaveLength(1);
});

test.each(['error-403', 'error-404'] as const)('an issue that %s for good, listed as it is: the same', async (kind) => {
  await opened();
  refuse(kind, ({ method, path }) => /\/issues\/2(\/|\?|$)/.test(path) && (method !== 'GET' || kind === 'error-404'));
  stage.lists({ alpha: 'one\ntwo\n', bravo: 'one\n' });
  await nextNight();
  expect(aboutAlpha()).toEqual([2]);
  await nextNight();
  expect(aboutAlpha()).toEqual([2, 4]);
  await nextNight();
  expect(aboutAlpha(), 'and no third one').toEqual([2, 4]);
});

test("a person's label and text survive an edit of ours that is under way", async () => {
  await opened();
  const raised = TOY_GATES.map((row) => (row.name === 'alpha' ? { ...row, severity: 'high' } : row));
  stage.commit(registry(raised));
  stage.lists({ alpha: 'one\ntwo\n' });
  let isDone = false;
  stage.simulator.faults.add({
    kind: 'error-500',
    times: Number.POSITIVE_INFINITY,
    match: ({ method, path }) => {
      // Between our first look at the issue and our last: while its labels are changed.
      if (method === 'POST' && /\/issues\/2\/labels/.test(path) && !isDone) {
        isDone = true;
        stage.human.label(2, 'ronny/triage');
        stage.human.edit(2, { body: `${stage.issue('alpha')?.body}\n\nronny: I am on it` });
      }
      return false;
    },
  });
  await nextNight();
  const { labels = [], body } = stage.issue('alpha') ?? {};
  expect([isDone, labels.includes('ronny/triage'), labels.includes('audit/severity:high')]).toEqual([true, true, true]);
  expect(labels).not.toContain('audit/severity:medium');
  expect(body).toContain('ronny: I am on it');
  expect(body).toContain('**2 open findings**');
});

test('ninety waivers with long reasons still close the issue', async () => {
  await opened();
  const lines = Array.from({ length: 90 }, (_, index) => `v${index}`);
  stage.lists({ alpha: lines.join('\n') });
  await nextNight();
  const entry = (line: string) =>
    `  - { gate: alpha, subject: ${line}, reason: "${'because '.repeat(110)}", owner: me, expires: 2026-04-01 }\n`;
  stage.commit({ 'ops/bindings/audit.waivers.yaml': `waivers:\n${lines.map(entry).join('')}` });
  const { delivery } = await nextNight();
  expect(delivery.errors).toEqual([]);
  expect(stage.issue('alpha')).toMatchObject({ state: 'closed', stateReason: 'not_planned' });
});

test('a gate in 120 lanes gets its issue, with as many labels as are bearable', async () => {
  stage = await setStage();
  await stage.audit();
  const lanes = Array.from({ length: 120 }, (_, index) => `dom-${index}`);
  const files = registry(TOY_GATES);
  const path = 'ops/bindings/gate.execution.topology.yaml';
  const topology = `${files[path]}`.replace(
    /gate_id: D900, primary_domain: infra/,
    `gate_id: D900, primary_domain: infra, secondary_domains: [${lanes.join(', ')}]`,
  );
  expect(topology).toContain('dom-119');
  stage.commit({ [path]: topology, 'lists/alpha': 'one\n' });
  const { delivery } = await nextNight();
  expect(delivery.errors).toEqual([]);
  expect(stage.issue('alpha')?.labels.length).toBeLessThanOrEqual(50);
});

test.each(['@group', '@inbox', '__proto__'])(
  'a gate renamed to %s is named under the problems of the Gap inbox',
  async (name) => {
    await opened();
    stage.commit(
      registry(TOY_GATES.map((row) => (row.name === 'alpha' ? { ...row, name: JSON.stringify(name) } : row))),
    );
    await nextNight();
    const body = stage.issues().find(({ title }) => title === 'Gap inbox')?.body ?? '';
    expect(body).toMatch(/### Problems to fix\n\n- D900 cannot have an issue under the name/);
  },
);

test('bots and other letters: the whole of it with GitHub in between', async () => {
  await opened();
  const bot = stage.simulator.actAs('github-actions[bot]');
  for (const number of [1, 2]) bot.close(number, 'not_planned');
  const { delivery } = await nextNight();
  expect(delivery.errors).toEqual([]);
  expect(stage.issues().map(({ state }) => state)).toEqual(['open', 'open']);
  expect(stage.issue('alpha')?.comments[0]).toContain('A bot closed this issue, but the gate still fails');
  stage.human.createLabel('Audit/Accepted');
  stage.human.label(2, 'Audit/Accepted');
  stage.human.close(2, 'completed');
  await nextNight();
  expect(stage.issue('alpha')?.state).toBe('closed');
});

test.each(['constructor', 'toString', '__proto__'])(
  'a gate with the number %s is audited and told like any other',
  async (id) => {
    stage = await setStage();
    await stage.audit();
    const renamed = Object.entries(registry(TOY_GATES)).map(([path, text]) => [
      path,
      text.replaceAll(/\bD900\b/g, JSON.stringify(id)),
    ]);
    stage.commit({ ...Object.fromEntries(renamed), 'lists/alpha': 'one\n' });
    const { delivery, report } = await nextNight();
    expect([report.error, delivery.errors]).toEqual([undefined, []]);
    expect(stage.issue('alpha')?.title).toContain(id);
    expect((await nextNight()).delivery.errors).toEqual([]);
  },
);
