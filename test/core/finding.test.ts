import { expect, test } from 'vitest';
import { gateFinding, toFinding } from '../../src/core/finding.ts';

test('a finding quotes a file in one line of bearable length', () => {
  const { subject, message } = toFinding(
    gateFinding('rule', 'vm:a\nb', undefined, `\`two\r\n  lines\` ${'x'.repeat(1000)}`),
  );
  expect(subject).toBe('vm:a b');
  expect(message).toMatch(/^`two lines` x{488}…$/);
});

test('a finding without a place belongs to the repo as a whole', () => {
  expect(toFinding(gateFinding('rule', 'key', undefined, 'Wrong.'))).toEqual({
    ...{ rule: 'rule', subject: 'key', message: 'Wrong.' },
    ...{ repo: 'target', path: null, line: null },
  });
});
