/** Starts the simulator: Hono on Node, its routes taken from GitHub's own description. */
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import { createAuthority } from './auth.ts';
import type { Caps, World } from './call.ts';
import { createClock, timestamp } from './clock.ts';
import { createFaults } from './faults.ts';
import { type GitRepository, openGitRepository } from './git.ts';
import { createManifestCodes } from './manifests.ts';
import { type Operation, operations } from './openapi.ts';
import { createDirectory } from './people.ts';
import type { Arrival } from './perform.ts';
import { handle } from './pipeline.ts';
import { createRateLimits } from './rate-limits.ts';
import { createRepository } from './repositories.ts';
import { createFace, type GitHubSimulator, type GitHubSimulatorOptions } from './simulator.ts';

export type { GitHubSimulator, GitHubSimulatorOptions, InstalledApp, IssueView } from './simulator.ts';

type Bindings = { Bindings: HttpBindings };

const documentedCaps: Caps = {
  treeEntries: 100_000,
  treeBytes: 7 * 1024 * 1024,
  blobTextBytes: 512_000,
  compareCommits: 250,
  compareFiles: 300,
  commitFilesPerPage: 300,
  bodyBytes: 262_144,
  pinnedIssues: 3,
};

function createWorld(options: GitHubSimulatorOptions): World {
  const clock = createClock(options.now);
  const people = createDirectory();
  const jwtNow = options.jwtClock === 'system' ? () => new Date() : clock.now;
  const createdAt = timestamp(clock.now());
  // Repositories over one directory share its reader, so that a fleet of them is one process.
  const readers = new Map<string, GitRepository>();
  const repositories = options.repositories.map((each, index) => {
    const owner = people.get(each.owner, each.organization === true ? 'Organization' : 'User');
    const git = readers.get(each.gitDir) ?? openGitRepository(each.gitDir);
    readers.set(each.gitDir, git);
    return createRepository(each, 1001 + index, owner, createdAt, git);
  });
  return {
    url: '',
    clock,
    people,
    authority: createAuthority(clock, jwtNow, people),
    manifests: createManifestCodes(clock.now),
    limits: createRateLimits(clock, options.limits ?? {}),
    faults: createFaults(),
    caps: { ...documentedCaps, ...options.caps },
    repositories,
    violations: [],
    requests: [],
    inFlight: 0,
    maxInFlight: 0,
  };
}

/** `/repos/{owner}/{repo}/git/ref/{ref}` as Hono writes it; a ref may hold slashes. */
function route(operation: Operation): string {
  return operation.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    operation.multiSegment.includes(name) ? `:${name}{.+}` : `:${name}`,
  );
}

function createApp(world: World): Hono<Bindings> {
  const app = new Hono<Bindings>();

  async function receive(context: Context<Bindings>, operation: Arrival['operation']): Promise<Response> {
    const { incoming, outgoing } = context.env;
    const { method, headers } = context.req.raw;
    const arrival: Arrival = {
      operation,
      method,
      url: new URL(context.req.url),
      params: context.req.param(),
      headers,
      bodyText: await context.req.text(),
      incoming,
      outgoing,
    };
    try {
      await handle(world, arrival);
    } catch (error) {
      const problem = `the simulator failed: ${error instanceof Error ? error.stack : String(error)}`;
      world.violations.push({ where: 'response', operation: arrival.url.pathname, problem });
      outgoing.destroy();
    }
    return RESPONSE_ALREADY_SENT;
  }

  for (const operation of operations) {
    const path = route(operation);
    // Links and redirects lead to the same operations by numeric id.
    const byId = path.replace('/repos/:owner/:repo', '/repositories/:repository_id');
    for (const each of new Set([path, byId])) {
      app.on(operation.method, each, (context) => receive(context, operation));
    }
  }
  app.post('/graphql', (context) => receive(context, 'graphql'));
  app.all('*', (context) => receive(context, undefined));
  return app;
}

const defaultToken = 'github_pat_11SIMULATED0_lanekeeper';

/** Starts a double of api.github.com over real git repositories. */
export async function startGitHubSimulator(options: GitHubSimulatorOptions): Promise<GitHubSimulator> {
  const world = createWorld(options);
  const tokens = options.tokens ?? [{ token: defaultToken, login: 'lanekeeper-bot' }];
  for (const token of tokens) world.authority.addToken(token);
  if (options.tokens === undefined) {
    for (const { roles } of world.repositories) {
      if (!roles.has('lanekeeper-bot')) roles.set('lanekeeper-bot', 'write');
    }
  }
  const server = createAdaptorServer({ fetch: createApp(world).fetch });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  world.url = `http://127.0.0.1:${port}`;

  async function close(): Promise<void> {
    world.faults.clear();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if ('closeAllConnections' in server) server.closeAllConnections();
    await closed;
    for (const repository of world.repositories) repository.git.close();
  }

  return createFace(world, tokens[0]?.token ?? '', close);
}
