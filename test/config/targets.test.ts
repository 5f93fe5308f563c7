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

describe('places that scripts are told are absent', () => {
  const read = (place: string) =>
    parseTargets(`targets: [{ repo: you/homelab, absent: [${JSON.stringify(place)}] }]`)[0]?.absent;

  test.each(['/mnt/pool', '/data', '~/.config/tool', '~/Library/Application Support/x', '/etc/tool.conf'])(
    'may be %s',
    (place) => expect(read(place)).toEqual([place]),
  );

  test.each(['/', '~', 'mnt/pool', '/mnt/pool/', '/mnt/../etc', '/mnt/./x', '/mnt//x', '~someone/x', '/mnt/ x'])(
    'may not be %j',
    (place) => expect(() => read(place)).toThrow('must be an absolute path'),
  );

  test.each(['/etc', '/usr', '/tmp', '/home', '/Users', '/usr/bin'])(
    'are not those that every machine has: %s',
    (place) => expect(() => read(place)).toThrow('is on every machine'),
  );
});
