/** A repo whose gates are its own scripts: each fails while a list names it. */
import type { ScratchRepository } from '../../simulator/scratch-repository.ts';
import { governanceFiles } from './governed-repo.ts';

/** Commits a script gate `script-<name>` for each name, none of which the list names. */
export function commitScripts(scratch: ScratchRepository, names: readonly string[]): string {
  const gates = names.map((name) => `  - { id: ${name}, name: script-${name}, check_script: checks/${name}.sh }\n`);
  const lane = names.map((name) => `  - { gate_id: ${name}, primary_domain: docs }\n`);
  const governance = governanceFiles({
    registry: `gates:\n${gates.join('')}`,
    topology: `gate_assignments:\n${lane.join('')}`,
  });
  const scripts = names.map((name) => [`checks/${name}.sh`, scriptOf(name)] as const);
  return scratch.commit(
    { ...governance, 'lists/all': 'none\n', ...Object.fromEntries(scripts) },
    { executable: scripts.map(([path]) => path) },
  );
}

const scriptOf = (name: string) =>
  `grep -qx ${name} lists/all && { echo "FAIL: lists/all: ${name} is listed"; exit 1; }\nexit 0\n`;

/** Commits that the present versions of these scripts are certified. */
export function certifyScripts(scratch: ScratchRepository, names: readonly string[]): string {
  const blob = (name: string) => scratch.git('rev-parse', `HEAD:checks/${name}.sh`);
  const rows = names.map((name) => `  - { script: checks/${name}.sh, blob: "${blob(name)}", agreed: true }\n`);
  return scratch.commit({ 'ops/bindings/audit.certified.yaml': `version: 1\ncertified:\n${rows.join('')}` });
}
