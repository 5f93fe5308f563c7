import { expect, test } from 'vitest';
import { judge } from './declared-repo.ts';

const HOSTS =
  'hosts:\n  - name: a\n    cores: 4\n    memory: 8\n  - name: b\n    cores: 4\n    memory: 1\n  - name: c\n    memory: 8\n';

test.each([
  [
    'the value that is wrong, not the one that is asked for first',
    'row.cores > 0 && row.memory > 2',
    'b @ hosts.yaml:7:5',
  ],
  ['what lacks the value', 'row.memory > 0 && row.cores > 0', 'c @ hosts.yaml:8:5'],
  ['a part in brackets', '(row.memory > 0 && (row.name != "x" && row.cores > 0))', 'c @ hosts.yaml:8:5'],
])('a finding points at %s', async (_, must, place) => {
  const verdict = await judge(`{ id: g, each: host, must: '${must}' }`, { 'hosts.yaml': HOSTS });
  expect(verdict).toContain(`must ${place}`);
});
