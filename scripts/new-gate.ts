import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const [wanted = ''] = process.argv.slice(2);
const [, category, name] = /^(spine\/[a-z0-9-]+|resilience)\/([a-z0-9-]+)$/.exec(wanted) ?? [];
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

const root = category.startsWith('spine/') ? '../../..' : '../..';
const template = `import { problem } from '${root}/core/finding.ts';
import { defineGate } from '${root}/core/gate.ts';
import { absent } from '${root}/gates/lib/files/files.ts';

const BINDING = 'ops/bindings/example.yaml';

export default defineGate({
  name: '${name}',
  mirrors: [],
  why: 'What goes wrong in the real world when this fails.',
  fix: 'Which line to change, and how.',
  reads: [BINDING],

  *check({ repo }) {
    if (!repo.isFile(BINDING)) return yield absent(repo, BINDING);
    const owner = repo.yaml(BINDING).get('owner');
    if (owner.isBlank) yield problem('binding-has-owner', 'owner', owner, 'Nobody owns this binding.');
  },

  examples: {
    pass: [{ title: 'somebody owns it', files: { [BINDING]: 'owner: ops\\n' } }],
    fail: [
      { title: 'no file', files: {}, finds: [\`file-exists \${BINDING}\`] },
      { title: 'nobody owns it', files: { [BINDING]: 'owner:\\n' }, finds: ['binding-has-owner owner'] },
    ],
  },
});
`;
await mkdir(dirname(file), { recursive: true });
await writeFile(file, template);
console.log(`wrote src/gates/${category}/${name}.ts
Next: edit it, then \`npm run generate\` and \`npx vitest run test/gates/gates.test.ts\`.`);
