import { createScratchRepository } from '../../simulator/scratch-repository.ts';
import type { GitHubSimulator } from '../../simulator/server.ts';
import { certifyScripts, commitScripts } from '../audit/scripted-repo.ts';

const REPOSITORY = 'you/scripted';

/** What tests in workerd may do with `you/scripted`, whose one gate is a certified script: it fails while `lists/all` names it. */
export function createScriptedRepository() {
  const scratch = createScratchRepository();
  commitScripts(scratch, ['a']);
  certifyScripts(scratch, ['a']);
  return {
    scratch,
    routes: (simulator: GitHubSimulator) => ({
      /** One commit that breaks the gate, and so many after it that touch the list and mend nothing. Gives the first one. */
      '/break': () => {
        const later = Array.from({ length: 9 }, (_, at) => ({
          message: 'Touch',
          files: { 'lists/all': `a\n${at}\n` },
        }));
        return scratch.commits([{ message: 'Let it in', files: { 'lists/all': 'a\n' } }, ...later])[0];
      },
      '/compared': () =>
        simulator.requests.filter(
          ({ operation, repository }) =>
            operation === 'repos/compare-commits-with-basehead' && repository === REPOSITORY,
        ).length,
      '/scripted-issues': () => simulator.issues(REPOSITORY),
    }),
  };
}
