import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createScratchRepository } from '../../simulator/scratch-repository.ts';
import type { GitHubSimulator } from '../../simulator/server.ts';
import { SOUND } from '../../src/gates/lib/resilience/examples.ts';
import { governanceFiles } from '../audit/governed-repo.ts';
import { createTestIssuer } from '../reported/issuer.ts';

/** CI's conclusions, each as a check of that name. */
const CONCLUSIONS = [
  ...[
    'success',
    'failure',
    'neutral',
    'cancelled',
    'skipped',
    'timed_out',
    'action_required',
    'startup_failure',
    'stale',
  ],
];
const GATE_FILE = `checks: [${CONCLUSIONS.join(', ')}, pending, missing]
gates:
  - id: plan-is-empty
    run: bash plan.sh
    severity: high
`;

/** An ops repo that only machines and CI can judge in full. */
export function createReportingRepository() {
  const scratch = createScratchRepository();
  const files = {
    ...governanceFiles({
      topology: `gate_assignments:
  - { gate_id: D900, primary_domain: infra }
  - { gate_id: D131, primary_domain: infra }
`,
      registry: `gates:
  - { id: D900, name: daemon-runs, category: infra, severity: high, check_script: daemon.sh }
  - { id: D131, name: catalog-freshness-lock, category: infra, severity: high, check_script: catalog.sh }
`,
    }),
    ...SOUND,
    'lanekeeper.yaml': GATE_FILE,
    'daemon.sh': '#!/bin/sh\nssh nas true\n',
    'catalog.sh': '#!/bin/sh\nexit 1\n',
  };
  const head = scratch.commit(files, { executable: ['daemon.sh', 'catalog.sh'] });
  return { scratch, head };
}

/** Lets tests in workerd commit and ask for tokens: they have neither git nor keys. */
export async function serveReportingStage(
  { scratch, head }: ReturnType<typeof createReportingRepository>,
  simulator: GitHubSimulator,
  more: Readonly<Record<string, () => unknown>>,
) {
  const issuer = await createTestIssuer(Date.now);
  const stranger = await createTestIssuer(Date.now);
  for (const name of CONCLUSIONS) {
    const annotations = name === 'failure' ? [ANNOTATION] : [];
    simulator.reportCheckRun({ sha: head, name, conclusion: name, annotations }, REPOSITORY);
  }
  simulator.reportCheckRun({ sha: head, name: 'pending', conclusion: null }, REPOSITORY);
  let url = '';
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await textOf(request)) || '{}');
    const answers: Readonly<Record<string, () => unknown>> = {
      ...more,
      '/.well-known/jwks': async () => (await issuer.fetch('')).json(),
      '/token': async () => {
        const repository_id = String(simulator.repository(REPOSITORY).id);
        const claims = { iss: url, repository_id, ...body.claims };
        return (body.stranger ? stranger : issuer).token(claims, body.header);
      },
      '/jwk': async () => (await issuer.fetch('')).json(),
      '/commit': async () => scratch.commit(body),
      '/issues': async () => simulator.issues(REPOSITORY),
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify((await answer?.()) ?? null));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  return { url, close: () => server.close() };
}

const REPOSITORY = 'you/reporting';
const ANNOTATION = { level: 'failure', path: 'plan.sh', line: 1, title: null, message: 'no such file' } as const;

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
