import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const [wanted = ''] = process.argv.slice(2);
const [, category, name] = /^(spine\/[a-z0-9-]+|resilience|basics)\/([a-z0-9-]+)$/.exec(wanted) ?? [];
if (!category || !name) {
  console.error(
    'usage: npm run gate:new -- spine/<category>/<name>, such as spine/infra-hygiene/site-parity-maintenance-order',
  );
  process.exit(2);
}

const file = join(import.meta.dirname, '../src/gates', category, `${name}.ts`);
const exists = await access(file).then(
  () => true,
  () => false,
);
if (exists) {
  console.error(`${file} exists already.`);
  process.exit(2);
}

const lib = category.startsWith('spine/') ? '../../lib' : '../lib';
const template = `import { defineGate } from '${lib}/define.ts';
import { yaml } from '${lib}/needs.ts';

const BINDING = 'ops/bindings/example.yaml';

export default defineGate({
  name: '${name}',
  mirrors: [],
  why: 'What goes wrong in the real world when this fails.',
  fix: 'Which line of which file to change.',
  needs: { binding: yaml(BINDING) },

  rules: {
    'service-has-owner': '\`{service}\` has no owner.',
  },

  *check({ binding }, report) {
    for (const [service, entry] of binding.get('services').entries) {
      const owner = entry.get('owner');
      if (owner.isBlank) yield report('service-has-owner', \`service:\${service}\`, owner, { service });
    }
  },

  examples: {
    pass: [{ title: 'somebody owns it', files: { [BINDING]: 'services: { dns: { owner: ops } }\\n' } }],
    fail: [
      {
        title: 'nobody owns it',
        files: { [BINDING]: 'services: { dns: {} }\\n' },
        finds: ['service-has-owner service:dns'],
      },
    ],
  },
});
`;
await mkdir(dirname(file), { recursive: true });
await writeFile(file, template);
console.log(`wrote src/gates/${category}/${name}.ts
Next: edit it, then \`npm run generate\` and \`npx vitest run test/gates/gates.test.ts\`.`);
