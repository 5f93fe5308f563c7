import { expect, test } from 'vitest';
import { measureGate } from './gate-size.ts';

const GATE = `import { defineGate } from '../../lib/define.ts';

function isOdd(text: string): boolean {
  return text.length % 2 === 1;
}

const vary = variationsOf({
  'a.yaml': 'a: 1\\n',
});

export default defineGate({
  name: 'a',
  check: (text) => isOdd(text),

  examples: {
    pass: [vary('sound', {})],
    fail: [],
  },
});
`;

test('examples and the fixtures that only they name do not count as logic; helpers do', () => {
  expect(measureGate(GATE)).toEqual({ whole: 19, logic: 11 });
});

test('a helper counts wherever it stands: behind the examples too', () => {
  const helper = '\nfunction late(): void {\n  more();\n}\n';
  const longer = GATE.replace('isOdd(text),', 'late(isOdd(text)),') + helper;
  expect(measureGate(longer)).toEqual({ whole: 23, logic: 15 });
});

test('a fixture that the check uses as well is logic', () => {
  const used = GATE.replace('isOdd(text),', 'isOdd(text) || vary(text),');
  expect(measureGate(used).logic).toBe(15);
});
