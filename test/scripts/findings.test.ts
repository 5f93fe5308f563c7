import { describe, expect, test } from 'vitest';
import { printedFindings } from '../../src/scripts/findings.ts';

function messagesOf(...lines: readonly string[]): readonly string[] {
  return printedFindings(`${lines.join('\n')}\n`, { isFile: () => false }).map(({ message }) => message);
}

describe('what a script printed as failing', () => {
  test('its marked lines, without the one that counts them', () => {
    expect(
      messagesOf(
        'D7 PASS: names',
        '  FAIL: a: not mounted',
        '  FAIL: b: not mounted',
        '  WARN: c is old',
        'D7 FAIL: 2 check(s) failed',
      ),
    ).toEqual(['a: not mounted', 'b: not mounted']);
  });

  test('the closing line alone, where it is all there is', () => {
    expect(messagesOf('D9 FAIL: 3 check(s) failed')).toEqual(['3 check(s) failed']);
  });

  test('unmarked details before a closing line', () => {
    expect(messagesOf('  VM 200 has no vmid', '  - VM 202 has no vmid', 'D8 FAIL: 2 violations detected')).toEqual([
      'VM 200 has no vmid',
      '- VM 202 has no vmid',
    ]);
  });

  test('the last line of a script that marks nothing', () => {
    expect(messagesOf('checking…', 'no route to b')).toEqual(['no route to b']);
  });

  test('colours and crosses are marks, too', () => {
    expect(messagesOf('\u001b[32m✓ a\u001b[0m', '\u001b[31m✗ b is gone\u001b[0m')).toEqual(['b is gone']);
  });

  test('a line that is printed twice is one finding', () => {
    expect(messagesOf('FAIL: a', 'FAIL: a')).toEqual(['a']);
  });

  test('points at the file and line it names, where that is a file of the repo', () => {
    const isFile = (path: string) => path === 'docs/a.md';
    const [first, second] = printedFindings('FAIL: e.g. docs/a.md:12 is stale\nFAIL: other.md:3 is stale\n', {
      isFile,
    });
    expect(first).toMatchObject({ path: 'docs/a.md', line: 12 });
    expect(second).toMatchObject({ path: null, line: null });
  });

  test('sees paths below the place where the script ran as paths of the repo', () => {
    const given = { isFile: (path: string) => path === 'a.yaml', root: '/tmp/checkout' };
    expect(printedFindings('FAIL: /tmp/checkout/a.yaml:2: bad\n', given)).toMatchObject([{ path: 'a.yaml', line: 2 }]);
  });

  test('keeps its identity when a line, a count or a time changes, and not when a name does', () => {
    const subjectOf = (line: string) => printedFindings(line, { isFile: () => false })[0]?.subject;
    expect(subjectOf('FAIL: a.md:12 is 9 days old')).toBe(subjectOf('FAIL: a.md:14 is 10 days old'));
    expect(subjectOf('FAIL: vm-200 is gone')).not.toBe(subjectOf('FAIL: vm-201 is gone'));
  });
});
