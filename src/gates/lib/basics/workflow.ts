import type { Repo } from '../../../core/repo.ts';
import type { YamlValue } from '../../../core/yaml/value.ts';
import { field, listAt, textAt } from './yaml-files.ts';

const SCRIPT =
  /^\s*(?:(?:sudo|bash|sh|python3?|node)\s+(?:-\w+\s+)*)?(\.?\/?[\w.-]+(?:\/[\w.-]+)+\.(?:sh|py|js|ts|rb|pl))(?=\s|$)/;

/** Scripts that the lines of a step run from the root of the repo; none where it goes elsewhere first. */
export function scriptsOf(run: string): readonly string[] {
  if (/(?:^|[\n;&|]\s*)(?:cd|pushd)\s|git clone|<</.test(run)) return [];
  return run.split('\n').flatMap((line) => SCRIPT.exec(line)?.[1] ?? []);
}

export function isAction(repo: Repo, path: string): boolean {
  return (
    repo.isFile(path) || ['action.yml', 'action.yaml', 'Dockerfile'].some((name) => repo.isFile(`${path}/${name}`))
  );
}

/** Whether a step before this one puts other files into the workspace. */
export function fetchesMore(steps: readonly YamlValue[]): boolean {
  return steps.some(
    (step) =>
      /download-artifact|cache/.test(textAt(step, 'uses')) ||
      textAt(step, 'with', 'repository') !== '' ||
      textAt(step, 'with', 'path') !== '',
  );
}

/** The jobs that a job waits for. */
export function neededBy(job: YamlValue): readonly YamlValue[] {
  const needs = field(job, 'needs');
  return needs?.target.kind === 'scalar' ? [needs] : listAt(job, 'needs');
}

/** The folder that a step works in, as written: its own, else its job's, else the workflow's; empty for the root. */
export function folderOfStep(step: YamlValue, job: YamlValue, workflow: YamlValue): string {
  const usual = [job, workflow].map((value) => textAt(value, 'defaults', 'run', 'working-directory'));
  return [textAt(step, 'working-directory'), ...usual].find((folder) => folder !== '') ?? '';
}
