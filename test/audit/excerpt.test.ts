import { describe, expect, test } from 'vitest';
import { withExcerpt } from '../../src/audit/excerpt.ts';
import { SnapshotReader } from '../../src/audit/read/reader.ts';
import type { Finding } from '../../src/core/finding.ts';
import { memorySnapshot } from '../../src/snapshot/memory.ts';

const VMS = `# the password is hunter2
vms:
  - id: 210
    status: active
    root_pw: hunter2
  - { id: 211, status: retired, root_pw: hunter2, wifi_psk: hunter3 }
  - id: 212
    env:
      - { name: DB_PASSWORD, value: hunter2 }
    credentials: [{ value: hunter2 }]
    login_password: |
      hunter2
    note: >
      plain text
    tags: [a, b]
`;
const SCRIPT = `curl -u admin:hunter2 https://nas.lan\necho done\n`;

async function excerptOf(path: string, line: number, message = '', repo = 'target'): Promise<string | undefined> {
  const reader = new SnapshotReader('target', memorySnapshot({ files: { 'vms.yaml': VMS, 'run.sh': SCRIPT } }));
  reader.prefetch(['*.yaml', '*.sh']);
  await reader.fetchMissing();
  const finding: Finding = { rule: 'r', subject: 's', repo, path, line, message };
  return withExcerpt(finding, reader).excerpt;
}

describe('of YAML', () => {
  test('the key path and the value stand there', async () => {
    expect(await excerptOf('vms.yaml', 4)).toBe('vms[0].status: active');
    expect(await excerptOf('vms.yaml', 3)).toBe('vms[0].id: 210');
  });

  test('where a line holds many values, the one that the message names, or none', async () => {
    expect(await excerptOf('vms.yaml', 6, 'VM 211 is `retired`.')).toBe('vms[1].status: retired');
    expect(await excerptOf('vms.yaml', 6, 'VM 211 has no `ip`.')).toBe('vms[1]:');
    expect(await excerptOf('vms.yaml', 6, 'VM 211 has a `root_pw`.')).toBe('vms[1].root_pw: •••');
  });

  test('a value is masked for what any part of its path says, and for what a list of pairs calls it', async () => {
    expect(await excerptOf('vms.yaml', 5)).toBe('vms[0].root_pw: •••');
    expect(await excerptOf('vms.yaml', 9, 'It has a `value`.')).toBe('vms[2].env[0].value: •••');
    expect(await excerptOf('vms.yaml', 10, 'It has a `value`.')).toBe('vms[2].credentials[0].value: •••');
  });

  test('a line of a longer text is as secret as its key', async () => {
    expect(await excerptOf('vms.yaml', 12)).toBe('vms[2].login_password: •••');
    expect(await excerptOf('vms.yaml', 14)).toBe('vms[2].note: plain text');
  });

  test('a comment is a line like any other', async () => {
    expect(await excerptOf('vms.yaml', 1)).toBe('# the password is •••');
  });
});

test('of other files the line stands there, masked', async () => {
  expect(await excerptOf('run.sh', 1)).toBe('curl -u admin:••• https://nas.lan');
  expect(await excerptOf('run.sh', 2)).toBe('echo done');
});

test('of siblings, of files nobody read and of lines that are not there, nothing', async () => {
  expect(await excerptOf('vms.yaml', 4, '', 'workbench')).toBeUndefined();
  expect(await excerptOf('other.yaml', 1)).toBeUndefined();
  expect(await excerptOf('run.sh', 99)).toBeUndefined();
});
