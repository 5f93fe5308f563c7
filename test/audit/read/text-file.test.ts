import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextFile } from '../../../src/audit/read/text-file.ts';

const text = fc.array(fc.constantFrom('a', '\n', '\r', 'b: 1')).map((parts) => parts.join(''));

test('the first lines of a file are those that all its lines begin with', () => {
  fc.assert(
    fc.property(text, fc.nat(8), fc.boolean(), (content, most, isSplit) => {
      const file = new TextFile({ text: content, isUtf8: true }, 'target', 'x.md');
      const expected = new TextFile({ text: content, isUtf8: true }, 'target', 'x.md').lines.slice(0, most);
      if (isSplit) expect(file.lines.length).toBeGreaterThanOrEqual(expected.length);
      expect(file.firstLines(most)).toEqual(expected);
    }),
  );
});
