import gate from '../../../src/gates/basics/kustomizations-are-whole.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    {
      title: 'secrets that git ignores, and what a tool makes before it is applied',
      files: {
        '.gitignore': '# local\n.env\n*.key\n',
        'app/.gitignore': 'all.yaml\n/keys/\n',
        'app/kustomization.yaml':
          'resources: [all.yaml]\nsecretGenerator: [{ envs: [.env], files: [tls.key, keys/a.pem] }]\n',
      },
    },
  ],
  fail: [
    {
      title: 'a path like one that git ignores elsewhere',
      files: {
        'b/.gitignore': 'all.yaml\n!gone.yaml\n',
        'app/kustomization.yaml': 'resources: [all.yaml, gone.yaml]\n',
      },
      finds: ['reference-exists app/kustomization.yaml all.yaml', 'reference-exists app/kustomization.yaml gone.yaml'],
    },
  ],
  skip: [
    {
      title: 'what was put away is not applied',
      files: { '.archive/app/kustomization.yaml': 'resources: [gone.yaml]\n' },
    },
  ],
});
