/** A target whose gates are its own scripts: each fails while a list names it. */
import { governanceFiles } from '../audit/governed-repo.ts';
import { type Stage, type StageOptions, setStage } from '../faults/stage.ts';

/** A stage with a script gate `script-<name>` for each name. */
export async function setScriptedStage(names: readonly string[], options: StageOptions = {}): Promise<Stage> {
  const stage = await setStage({ rows: [], ...options });
  const { files, executable } = scriptedRepo(names);
  stage.scratch.commit(files, { executable });
  return stage;
}

/** The files of a repo that registers a script gate `script-<name>` for each name, and which of them are scripts. */
export function scriptedRepo(names: readonly string[]) {
  const gates = names.map((name) => `  - { id: ${name}, name: script-${name}, check_script: checks/${name}.sh }\n`);
  const lane = names.map((name) => `  - { gate_id: ${name}, primary_domain: docs }\n`);
  const governance = governanceFiles({
    registry: `gates:\n${gates.join('')}`,
    topology: `gate_assignments:\n${lane.join('')}`,
  });
  const scripts = names.map((name) => [`checks/${name}.sh`, scriptOf(name)] as const);
  const files = { ...governance, 'lists/all': 'none\n', ...Object.fromEntries(scripts) };
  return { files, executable: scripts.map(([path]) => path) };
}

const scriptOf = (name: string) =>
  `grep -qx ${name} lists/all && { echo "FAIL: lists/all: ${name} is listed"; exit 1; }\nexit 0\n`;

export function commitScript(stage: Stage, name: string, text: string): string {
  return stage.scratch.commit({ [`checks/${name}.sh`]: text }, { executable: [`checks/${name}.sh`] });
}

/** Commits that these versions of scripts are certified. */
export function certify(stage: Stage, names: readonly string[]): string {
  const blob = (name: string) => stage.scratch.git('rev-parse', `HEAD:checks/${name}.sh`);
  const rows = names.map((name) => `  - { script: checks/${name}.sh, blob: "${blob(name)}", agreed: true }\n`);
  return stage.commit({ 'ops/bindings/audit.certified.yaml': `version: 1\ncertified:\n${rows.join('')}` });
}
