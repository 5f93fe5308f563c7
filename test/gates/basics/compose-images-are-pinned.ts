import gate from '../../../src/gates/basics/compose-images-are-pinned.ts';
import { nearMisses } from '../../parity/near-misses.ts';

export default nearMisses(gate, {
  pass: [
    {
      title: 'beside files of other repositories, anything may be a service',
      files: {
        'compose.yaml': 'include: [oci://x.org/db]\nservices: { a: { image: "a:1", depends_on: [db] } }\n',
      },
    },
  ],
  fail: [
    {
      title: 'a stack by its own name, and names of services that nothing defines',
      files: {
        'stacks/media.yml':
          'services:\n  a: { image: "a:1", links: ["b:x", c], network_mode: "service:vpn" }\n  c: { image: c }\n',
        'stacks/chart.yml': 'services: { web: { port: 80 } }\n',
      },
      finds: [
        'dependency-is-a-service stacks/media.yml a b',
        'dependency-is-a-service stacks/media.yml a vpn',
        'image-has-a-version stacks/media.yml c',
      ],
    },
    {
      title: 'beside what a file includes',
      files: {
        'compose.yaml': 'include: [db.yaml]\nservices: { a: { image: "a:1", depends_on: [db, gone] } }\n',
        'db.yaml': 'services: { db: { image: "db:1" } }\n',
      },
      finds: ['dependency-is-a-service compose.yaml a gone'],
    },
  ],
});
