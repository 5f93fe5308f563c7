import { expect, test } from 'vitest';
import { gateSizes, measureGate } from './gate-size.ts';

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

test('a file in lib counts to the gate that alone reaches it, by whatever detour', () => {
  const gate = (shape: string) => `import { x } from '../../lib/${shape}.ts';\nexport default x;\n`;
  const sizes = gateSizes(
    new Map([
      ['src/gates/spine/a/one.ts', gate('far')],
      ['src/gates/spine/a/two.ts', gate('shared')],
      [
        'src/gates/lib/far.ts',
        "import { y } from './farther.ts';\nimport { z } from './shared.ts';\nexport const x = y + z;\n",
      ],
      ['src/gates/lib/farther.ts', 'export const y = 1;\n'],
      ['src/gates/lib/shared.ts', 'export const z = 2;\nexport const x = 3;\n'],
    ]),
  );
  expect(Object.fromEntries(sizes)).toEqual({ 'src/gates/spine/a/one.ts': 6, 'src/gates/spine/a/two.ts': 2 });
});
