import { defineBasicsGate, matching } from '../lib/basics/define.ts';
import { pathFrom } from '../lib/basics/paths.ts';
import { fetchesMore, folderOfStep, isAction, neededBy, scriptsOf } from '../lib/basics/workflow.ts';
import { documentsOf, field, listAt, mapAt, textAt } from '../lib/basics/yaml-files.ts';

const PATTERNS = ['github', 'gitea', 'forgejo'].flatMap((forge) => [
  `.${forge}/workflows/*.yml`,
  `.${forge}/workflows/*.yaml`,
]);
export default defineBasicsGate({
  name: 'workflow-references-exist',
  number: 'B7',
  about: 'workflows',
  severity: 'medium',
  why: 'A workflow that names something that is not there fails when it is needed, or does not start at all.',
  fix: 'Correct the path, or the name under `needs:`.',
  limits:
    'Actions of other repositories, paths with expressions, and scripts of steps that go to another folder are not looked at.',
  reads: PATTERNS,

  rules: {
    'action-exists': '`{path}` is not in this repository.',
    'needed-job-exists': 'The job `{job}` needs `{needed}`, which is not a job of this workflow.',
    'script-exists': 'A step of `{job}` runs {path}, which does not exist.',
    'folder-exists': 'A step of `{job}` works in {path}, which does not exist.',
  },

  files: (repo) => matching(repo, PATTERNS),

  *check(files, report, { repo }) {
    for (const file of files) {
      for (const document of documentsOf(repo, file)) {
        const jobs = mapAt(document, 'jobs');
        const names = new Set(jobs.map(([name]) => name));
        for (const [job, value] of jobs) {
          const subject = `${file} ${job}`;
          for (const needed of neededBy(value)) {
            const name = needed.target.raw;
            if (name.includes('${') || names.has(name)) continue;
            yield report('needed-job-exists', `${subject} ${name}`, needed, { job, needed: name });
          }
          const steps = listAt(value, 'steps');
          for (const uses of [field(value, 'uses'), ...steps.map((step) => field(step, 'uses'))]) {
            const path =
              uses?.target.kind === 'scalar' && uses.target.raw.startsWith('./')
                ? pathFrom('', uses.target.raw)
                : undefined;
            if (path === undefined || path.includes('${') || isAction(repo, path) || fetchesMore(steps)) continue;
            yield report('action-exists', `${subject} ${path}`, uses, { path });
          }
          if (fetchesMore(steps) || textAt(value, 'container') !== '') continue;
          for (const step of steps) {
            const folder = folderOfStep(step, value, document);
            const place = folder.includes('${') || folder.startsWith('/') ? undefined : pathFrom('', folder);
            if (place === undefined) continue;
            const isThere = place === '' || repo.isDirectory(place);
            const made = steps.some((other) => /\bmkdir\b|git clone/.test(textAt(other, 'run')));
            if (!isThere && !made)
              yield report('folder-exists', `${subject} ${folder}`, field(step, 'working-directory') ?? step, {
                job,
                path: folder,
              });
            if (!isThere) continue;
            for (const script of scriptsOf(textAt(step, 'run'))) {
              const path = pathFrom(place, script.replace(/^\.\//, ''));
              const isOurs =
                path !== undefined &&
                !script.startsWith('/') &&
                repo.isDirectory(path.split('/').slice(0, -1).join('/'));
              if (isOurs && !repo.isFile(path))
                yield report('script-exists', `${subject} ${path}`, field(step, 'run'), { job, path });
            }
          }
        }
      }
    }
  },

  examples: {
    pass: [
      {
        title: 'everything is there',
        files: {
          '.github/workflows/a.yml':
            'jobs:\n  one: { uses: ./.github/workflows/b.yml }\n  two:\n    needs: [one]\n    steps:\n      - uses: ./.github/actions/x\n      - run: bash scripts/x.sh --all\n      - run: |\n          # bash scripts/gone.sh\n          cd build && ./scripts/gone.sh\n',
          '.github/workflows/b.yml': 'on: workflow_call\njobs: {}\n',
          '.github/actions/x/action.yml': 'name: x\n',
          'scripts/x.sh': '',
        },
      },
    ],
    fail: [
      {
        title: 'nothing of it is there',
        files: {
          '.github/workflows/a.yml':
            'jobs:\n  two:\n    needs: one\n    steps:\n      - uses: ./.github/actions/x\n      - run: bash scripts/gone.sh\n      - { run: make, working-directory: gone }\n',
          'scripts/x.sh': '',
        },
        finds: [
          'needed-job-exists .github/workflows/a.yml two one',
          'action-exists .github/workflows/a.yml two .github/actions/x',
          'script-exists .github/workflows/a.yml two scripts/gone.sh',
          'folder-exists .github/workflows/a.yml two gone',
        ],
      },
    ],
  },
});
