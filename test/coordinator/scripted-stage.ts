/** A target whose gates are its own scripts. */
import { certifyScripts, commitScripts } from '../audit/scripted-repo.ts';
import { type Stage, type StageOptions, setStage } from '../faults/stage.ts';

/** A stage with a script gate `script-<name>` for each name. */
export async function setScriptedStage(names: readonly string[], options: StageOptions = {}): Promise<Stage> {
  const stage = await setStage({ rows: [], ...options });
  commitScripts(stage.scratch, names);
  return stage;
}

export function commitScript(stage: Stage, name: string, text: string): string {
  return stage.scratch.commit({ [`checks/${name}.sh`]: text }, { executable: [`checks/${name}.sh`] });
}

/** Commits that these versions of scripts are certified. */
export function certify({ scratch }: Stage, names: readonly string[]): string {
  return certifyScripts(scratch, names);
}
