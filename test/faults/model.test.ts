/** Random sequences of commits, audits, human acts, clocks, faults and deaths: the tracker never lies, floods or duplicates. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IssueView } from '../../simulator/server.ts';
import type { GateReport } from '../../src/core/report.ts';
import type { StoredAudit } from '../../src/core/store.ts';
import { DAY, isLook, MINUTE, REPO, type Stage, setStage, TOY_GATES } from './stage.ts';
import { isFull, tally } from './totals.ts';

const LISTS = ['', 'one\n', 'two\n', 'one\ntwo\n', 'one\ntwo\nthree\n', 'blind\n', 'crash\n', 'bomb\n'];
const HUMAN_TEXT = 'A person wrote this.';
const SEQUENCES = isFull ? 160 : 8;

/** What the test remembers beside the real thing. */
interface Model {
  /** Issues as they were after the last step, by number. */
  before: Map<number, IssueView>;
  /** Issues that people touched in a way that may leave two open ones of a gate. */
  readonly reopened: Set<number>;
  readonly written: Set<number>;
  readonly deleted: Set<number>;
  foreign: readonly number[];
  calls: number;
  /** Ids of those that were stored before this step. */
  readonly audits: Set<string>;
}

type Command = fc.AsyncCommand<Model, Stage>;

function ours(stage: Stage): readonly IssueView[] {
  return stage
    .issues()
    .filter(({ body, author }) => author === 'lanekeeper-bot' && body.startsWith('<!-- lanekeeper:'));
}

/** Every write of the run went to an issue of ours, at most twenty of them in a minute of the clock. */
function checkWrites(stage: Stage, model: Model): void {
  const requests = stage.simulator.requests.slice(model.calls);
  model.calls = stage.simulator.requests.length;
  const writes = requests.filter(({ method, operation }) => method !== 'GET' && operation.startsWith('issues/'));
  for (const { path } of writes) {
    const [, number] = /\/issues\/(\d+)/.exec(path) ?? [];
    if (number !== undefined)
      expect(model.foreign, `a write to #${number}, which is not ours`).not.toContain(Number(number));
  }
}

/** At most one open issue for each gate, but for those that people opened again. */
function checkUnique(stage: Stage, model: Model): void {
  const open = ours(stage).filter(({ number, state }) => state === 'open' && !model.reopened.has(number));
  const titles = open.map(({ title }) => title).filter((title) => !/newly fail/.test(title));
  expect(new Set(titles).size, `two open issues of one: ${titles.join(', ')}`).toBe(titles.length);
}

/** What was closed as completed since the last step had its evidence in a complete audit: of several that followed each other, in one. */
async function checkCloses(stage: Stage, model: Model): Promise<void> {
  const audits = await auditsSince(stage, model);
  for (const issue of ours(stage)) {
    const before = model.before.get(issue.number);
    const isNew = issue.state === 'closed' && before?.state === 'open' && issue.closedBy === 'lanekeeper-bot';
    if (!isNew || issue.stateReason !== 'completed') continue;
    const complete = audits.filter(({ report }) => report.complete);
    expect(complete, `#${issue.number} was closed by an audit that was not complete`).not.toEqual([]);
    const seen = complete.map(({ report }) => report.gates.find(({ name }) => issue.title.includes(` ${name} `)));
    const hasEvidence = seen.some((gate) => !gate || gate.verdict === 'pass' || isKnown(stage, gate));
    expect(hasEvidence, `#${issue.number} ${seen.map((gate) => gate?.verdict).join()}`).toBe(true);
  }
}

/** Whether a gate fails only as it did on day one. */
function isKnown(stage: Stage, { name, verdict, findings }: GateReport): boolean {
  const baseline = stage.state().gates[name]?.baseline ?? [];
  return verdict === 'fail' && findings.every(({ rule, subject }) => baseline.includes(`${rule} ${subject}`));
}

/** The audits that were stored since the last step; the last one where there are none, since its issues may be written later. */
async function auditsSince(stage: Stage, model: Model): Promise<readonly StoredAudit[]> {
  const { audits } = await stage.store.history(REPO, { limit: 50 });
  const since = audits.filter(({ id }) => !model.audits.has(id));
  for (const { id } of since) model.audits.add(id);
  const stored = await Promise.all(since.map(({ id }) => stage.store.get(REPO, id)));
  return [...stored, await stage.store.latest(REPO)].filter((audit) => audit !== null);
}

function checkTexts(stage: Stage, model: Model): void {
  for (const number of model.written) {
    if (model.deleted.has(number)) continue;
    const { body, labels } = stage.simulator.issue(number);
    expect(body, `what a person wrote in #${number}`).toContain(HUMAN_TEXT);
    expect(labels, `a person's label on #${number}`).toContain('theirs');
  }
}

async function checkAll(stage: Stage, model: Model): Promise<void> {
  checkWrites(stage, model);
  checkUnique(stage, model);
  await checkCloses(stage, model);
  checkTexts(stage, model);
  expect(stage.simulator.violations).toEqual([]);
  model.before = new Map(stage.issues().map((issue) => [issue.number, issue]));
}

function command(name: string, run: (stage: Stage, model: Model) => Promise<void> | void): Command {
  return {
    check: () => true,
    async run(model, stage) {
      await run(stage, model);
      await checkAll(stage, model);
    },
    toString: () => name,
  };
}

async function audit(stage: Stage): Promise<void> {
  const opened = stage.simulator.requests.filter(({ operation }) => operation === 'issues/create').length;
  await stage.audit({ wakes: 3 });
  // A bomb ends three lives before it is reported, and every further one costs one more.
  for (let lives = 0; stage.wasKilled(); lives++) {
    expect(lives, 'lives of one audit').toBeLessThan(3 + 2 * TOY_GATES.length);
    stage.revive();
    await stage.audit({ wakes: 3 });
  }
  const creates = stage.simulator.requests.filter(({ operation }) => operation === 'issues/create').length - opened;
  expect(creates, 'creates of one audit and its repetitions').toBeLessThanOrEqual(10);
}

const gate = fc.constantFrom(...TOY_GATES.map(({ name }) => name));
const pick = fc.nat(30);

/** The issue that a number means: any of ours, or none. */
function chosen(stage: Stage, nth: number, filter: (issue: IssueView) => boolean = () => true): IssueView | undefined {
  const found = ours(stage).filter((issue) => filter(issue) && !issue.locked);
  return found[nth % Math.max(1, found.length)];
}

function human(
  name: string,
  nth: number,
  act: (stage: Stage, issue: IssueView, model: Model) => void,
  filter?: (issue: IssueView) => boolean,
) {
  return command(`${name} ${nth}`, (stage, model) => {
    const issue = chosen(stage, nth, filter);
    if (issue) act(stage, issue, model);
  });
}

const isOpen = ({ state }: IssueView) => state === 'open';
const isClosed = ({ state }: IssueView) => state === 'closed';

const COMMANDS = [
  fc
    .tuple(gate, fc.constantFrom(...LISTS))
    .map(([name, list]) =>
      command(`commit ${name} ${JSON.stringify(list)}`, (stage) => void stage.lists({ [name]: list })),
    ),
  fc
    .array(gate, { minLength: 6, maxLength: 12 })
    .map((names) =>
      command(
        `break ${names.join(' ')}`,
        (stage) => void stage.lists(Object.fromEntries(names.map((name) => [name, 'one\n']))),
      ),
    ),
  fc
    .constant(null)
    .map(() =>
      command('fix all', (stage) => void stage.lists(Object.fromEntries(TOY_GATES.map(({ name }) => [name, ''])))),
    ),
  ...[1, 2, 3].map(() => fc.constant(null).map(() => command('audit', audit))),
  fc.integer({ min: 1, max: 60 }).map((events) =>
    command(`audit, killed after ${events}`, async (stage) => {
      stage.killAfter(events);
      await audit(stage);
      stage.killAfter(undefined);
    }),
  ),
  fc
    .tuple(
      fc.constantFrom(
        'empty-list',
        'stale-list',
        'error-502-after-effect',
        'secondary-limit',
        'reset',
        'error-404',
        'stale-head',
      ) as fc.Arbitrary<'empty-list'>,
      fc.integer({ min: 1, max: 25 }),
    )
    .map(([kind, nth]) =>
      command(`audit, request ${nth}: ${kind}`, async (stage) => {
        let seen = 0;
        const fault = stage.simulator.faults.add({ kind, match: () => ++seen === nth });
        await audit(stage);
        fault.remove();
      }),
    ),
  fc
    .nat(3)
    .map((commit) =>
      command(`the sibling changes ${commit}`, (stage) => void stage.workbench.commit({ 'README.md': `${commit}\n` })),
    ),
  // The first look and four more: a replica that is older still is taken at its word until the next night.
  fc.tuple(gate, fc.constantFrom(...LISTS), fc.nat(4)).map(([name, list, behind]) =>
    command(`push ${name} ${JSON.stringify(list)}, shown after ${behind} looks`, async (stage) => {
      const after = stage.lists({ [name]: list });
      const fault = stage.simulator.faults.add({
        kind: 'stale-head',
        times: behind,
        repository: 'you/homelab',
        match: (request) => behind > 0 && isLook(request),
      });
      stage.request({ trigger: 'push', at: stage.now(), changedPaths: [`lists/${name}`], after });
      for (let lives = 0; lives < 30; lives++) {
        await stage.drain();
        if (!stage.wasKilled()) break;
        stage.revive();
      }
      fault.remove();
      const audit = await stage.store.latest(REPO);
      if (!audit?.report.error) expect(audit?.report.sha, 'the commit that was audited after a push').toBe(after);
    }),
  ),
  fc.integer({ min: 1, max: 30 }).map((hints) =>
    command(`${hints} hints`, async (stage) => {
      for (let hint = 0; hint < hints; hint++)
        stage.receiveWebhook(`${stage.now()}-${hint}`, { trigger: 'issues', at: stage.now() }, 'somebody');
      await stage.drain(2);
      if (stage.wasKilled()) stage.revive();
    }),
  ),
  fc
    .constantFrom(MINUTE, 90 * MINUTE, DAY, 8 * DAY, 15 * DAY)
    .map((time) => command(`wait ${time / MINUTE} min`, (stage) => stage.advance(time))),
  fc
    .tuple(pick, fc.constantFrom('completed', 'not_planned') as fc.Arbitrary<'completed'>)
    .map(([nth, reason]) =>
      human(`close as ${reason}`, nth, (stage, { number }) => stage.human.close(number, reason), isOpen),
    ),
  pick.map((nth) =>
    human(
      'reopen',
      nth,
      (stage, { number }, model) => {
        stage.human.reopen(number);
        model.reopened.add(number);
      },
      isClosed,
    ),
  ),
  fc
    .tuple(pick, fc.constantFrom('audit/quiet', 'audit/accepted'))
    .map(([nth, label]) =>
      human(`label ${label}`, nth, (stage, { number }) => stage.human.label(number, label), isOpen),
    ),
  pick.map((nth) =>
    human('write', nth, (stage, { number, body }, model) => {
      stage.human.edit(number, { body: `${body}\n\n${HUMAN_TEXT}` });
      stage.human.label(number, 'theirs');
      model.written.add(number);
    }),
  ),
  pick.map((nth) =>
    human('take the marker out', nth, (stage, { number, body }, model) => {
      stage.human.edit(number, { body: body.slice(body.indexOf('\n') + 1) });
      model.foreign = [...model.foreign, number];
    }),
  ),
  pick.map((nth) => human('lock', nth, (stage, { number }) => stage.human.lock(number))),
  pick.map((nth) =>
    human('delete', nth, (stage, { number }, model) => {
      stage.human.deleteIssue(number);
      model.deleted.add(number);
    }),
  ),
  fc.constant(null).map(() =>
    command('open an issue that looks like ours', (stage, model) => {
      const body = ours(stage)[0]?.body ?? '';
      const number = stage.human.openIssue({ title: 'D901 bravo is failing', body, labels: ['audit'] });
      model.foreign = [...model.foreign, number];
    }),
  ),
];

test('whatever happens, the tracker tells the truth', async () => {
  const property = fc.asyncProperty(
    fc.commands(COMMANDS, { maxCommands: isFull ? 30 : 18, size: 'max' }),
    async (commands) => {
      const stage = await setStage({ lists: { alpha: 'one\n' } });
      try {
        const model: Model = {
          before: new Map(),
          reopened: new Set(),
          written: new Set(),
          deleted: new Set(),
          foreign: [],
          calls: 0,
          audits: new Set(),
        };
        await stage.audit();
        await fc.asyncModelRun(() => ({ model, real: stage }), commands);
        // In the end nobody does anything any more: soon nothing is left to write.
        for (let night = 0; night < 4; night++) {
          stage.advance(DAY);
          await audit(stage);
          await checkAll(stage, model);
        }
        const quiet = stage.writes();
        for (let night = 0; night < 2; night++) {
          stage.advance(MINUTE);
          await stage.audit();
        }
        expect(stage.writes(), 'writes of two quiet audits').toBe(quiet);
        expect(stage.ledger().keys('').length, 'rows of the ledger').toBeLessThan(60);
        tally('sequences', 1);
      } finally {
        await stage.close();
      }
    },
  );
  const seed = Number(process.env.LANEKEEPER_SEED ?? 20260218);
  await fc.assert(property, { numRuns: SEQUENCES, seed, endOnFailure: !isFull, verbose: 1 });
}, 900_000);
