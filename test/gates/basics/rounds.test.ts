import { expect, test } from 'vitest';
import { runAudit } from '../../../src/audit/run.ts';
import { gates } from '../../../src/gates/index.ts';
import { memorySnapshot } from '../../../src/snapshot/memory.ts';

const APPS = Array.from({ length: 12 }, (_, index) => `apps/${index}`);
const MANIFEST = 'apiVersion: v1\nkind: Pod\n';

test('a gate by itself reads what it needs in a few rounds, however many folders there are', async () => {
  const files = Object.fromEntries(
    APPS.flatMap((app) => [
      [`${app}/kustomization.yaml`, 'resources: [a.yaml]\ngenerators: [g.yaml]\n'],
      [`${app}/a.yaml`, MANIFEST],
      [`${app}/b.yaml`, MANIFEST],
      [`${app}/g.yaml`, 'apiVersion: x/v1\nkind: KSopsGenerator\nfiles: [c.enc.yaml]\n'],
      [`${app}/.gitignore`, 'x\n'],
      [`${app}/compose.yaml`, 'services: { a: { image: "a:latest", depends_on: [b] } }\n'],
      [`${app}/README.md`, '[gone](gone.md)\n'],
      [`${app}/flux.yaml`, 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: a }\n'],
      [`${app}/hosts`, '[web]\nw1\n'],
      [`${app}/host_vars/w2.yml`, 'a: 1\n'],
      [`${app}/molecule/x/molecule.yml`, 'platforms: [{ name: m }]\n'],
      [`${app}/requirements.yml`, 'roles: [{ name: a.b }]\n'],
      [`${app}/playbooks/site.yml`, '- hosts: web\n  roles: [gone]\n'],
      [`${app}/roles/r/meta/main.yml`, 'dependencies: []\n'],
      [`.github/workflows/${app.slice(5)}.yml`, 'jobs: { a: { needs: gone } }\n'],
    ]),
  );
  for (const gate of gates.filter(({ own }) => own?.lane === 'basics')) {
    const { report } = await runAudit({
      target: memorySnapshot({ files }),
      siblings: {},
      now: Date.parse('2026-11-28T06:00:00Z'),
      gates: [gate],
      only: [gate.name],
      defaultRegistry: { gates: [], lanes: [] },
      governance: 'none',
    });
    const [judged] = report.gates;
    expect(`${gate.name} ${judged?.verdict} ${judged?.reason ?? ''}`).toMatch(/ (?:pass|fail) $/);
  }
});
