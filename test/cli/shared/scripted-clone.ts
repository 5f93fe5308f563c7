import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { git } from '../../../src/snapshot/clone/git.ts';
import { governanceFiles } from '../../audit/governed-repo.ts';

/** A governed ops repo in a clone with one commit: each gate, by its number, has the script that is given for it. */
export async function scriptedClone(
  clone: string,
  scripts: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const assigned = Object.keys(scripts).map((id) => `  - { gate_id: ${id}, primary_domain: infra }\n`);
  const rows = Object.keys(scripts).map(
    (id) => `  - { id: ${id}, name: gate-${id.toLowerCase()}, check_script: verify/${id}.sh }\n`,
  );
  const files: Record<string, string> = {
    ...governanceFiles({
      registry: `gates:\n${rows.join('')}`,
      topology: `gate_assignments:\n${assigned.join('')}`,
    }),
    ...more,
    'README.md': 'hello\n',
  };
  for (const [id, script] of Object.entries(scripts)) files[`verify/${id}.sh`] = `#!/usr/bin/env bash\n${script}\n`;
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await writeFile(join(clone, path), text);
    if (path.endsWith('.sh')) await chmod(join(clone, path), 0o755);
  }
  await git(clone, 'init', '-q', '-b', 'main');
  await git(clone, 'add', '.');
  await git(clone, '-c', 'user.name=you', '-c', 'user.email=you@example.net', 'commit', '-q', '-m', 'First');
}
