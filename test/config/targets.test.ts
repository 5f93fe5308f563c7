import { describe, expect, test } from 'vitest';
import { parseLayout, parseTargets } from '../../src/config/targets.ts';

describe('a mistake in targets.yaml names the line', () => {
  test.each([
    [
      'of a key that nobody knows',
      'targets:\n  - repo: you/homelab\n    brnach: main\n',
      ':3: targets.0: unknown key "brnach"',
    ],
    [
      'of each of several, in a mapping of the resilience lane too',
      'targets:\n  - repo: you/homelab\n    resilience:\n      paths: {}\n      lifecycle: a.yaml\n      vms: b.yaml\n',
      ':5: targets.0.resilience: unknown key "lifecycle"\nbindings/targets.yaml:6: targets.0.resilience: unknown key "vms"',
    ],
    ['of a value of another form', 'targets:\n  - repo: you/homelab\n    inbox: maybe\n', ':3: targets.0.inbox: '],
    ['of what is no YAML', 'targets: [\n  - x\n', 'bindings/targets.yaml:2: '],
  ])('%s', (_, text, message) => {
    expect(() => parseTargets(text)).toThrow(message);
  });
});

test('a layout by itself names the line, too', () => {
  expect(() => parseLayout('paths: {}\n\nnonsense: x\n', 'layout.yaml')).toThrow(
    'layout.yaml:3: the file: unknown key "nonsense"',
  );
});
