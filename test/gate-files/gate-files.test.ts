import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { auditDeclared, gateInWords } from '../declared/declared-repo.ts';
import { SHAPES } from './shapes.ts';

describe.each(SHAPES.map((shape) => [shape.name, shape] as const))('%s', async (name, { files, faults }) => {
  const gates = { 'lanekeeper.yaml': await readFile(join(import.meta.dirname, `${name}.yaml`), 'utf8') };

  test('every gate is green on the sound repo, and none for nothing', async () => {
    const { report } = await auditDeclared({ ...files, ...gates });
    expect(report.problems).toBeUndefined();
    expect(report.gates.map(gateInWords).filter((line) => !line.endsWith(' pass'))).toEqual([]);
    expect(report.gates.length).toBeGreaterThan(4);
  });

  test.each(faults.map((fault) => [`${fault.gate}: ${fault.from.trim()} → ${fault.to.trim()}`, fault] as const))(
    '%s',
    async (_, { path, from, to, gate, at }) => {
      const before = files[path] ?? '';
      expect(before).toContain(from);
      const { report } = await auditDeclared({ ...files, [path]: before.replace(from, to), ...gates });
      const found = report.gates.find(({ number }) => number === gate);
      const places = found?.findings.map((finding) =>
        [finding.path, finding.line].filter((part) => part !== null).join(':'),
      );
      expect(places, found && gateInWords(found)).toContain(at);
    },
  );
});

test('at least thirty faults are planted', () => {
  expect(SHAPES.flatMap(({ faults }) => faults).length).toBeGreaterThanOrEqual(30);
});
