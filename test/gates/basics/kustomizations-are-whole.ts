import gate from '../../../src/gates/basics/kustomizations-are-whole.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  skip: [
    {
      title: 'what was put away is not applied',
      files: { '.archive/app/kustomization.yaml': 'resources: [gone.yaml]\n' },
    },
  ],
});
