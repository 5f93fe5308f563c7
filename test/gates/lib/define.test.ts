import { describe, expect, test } from 'vitest';
import { exampleWorld } from '../../../scripts/example-world.ts';
import { evaluateGates } from '../../../src/audit/evaluate.ts';
import { defineGate } from '../../../src/gates/lib/define.ts';
import { lines, onDemand, program, yaml, yamlOrEmpty } from '../../../src/gates/lib/needs.ts';

const PLAN = 'plan.yaml';
const TOOL = 'bin/tool';

const gate = defineGate({
  name: 'machines-have-owners',
  mirrors: [],
  why: 'Somebody has to be called.',
  fix: 'Name an owner.',
  needs: {
    tool: program(TOOL),
    plan: yaml(PLAN),
    owners: onDemand(lines('owners')),
    notes: onDemand(yamlOrEmpty('notes.yaml')),
  },
  alsoReads: ['more/**', PLAN],
  rules: {
    'machine-has-owner': '`{machine}` has no owner.',
    'machine-has-owner:unknown': '`{machine}` belongs to `{owner}`, who is not in {list}.',
  },
  *check({ plan, owners }, report) {
    for (const [machine, entry] of plan.entries) {
      const owner = entry.get('owner');
      if (owner.isBlank) yield report('machine-has-owner', machine, owner, { machine });
      else if (!owners().some(({ text }) => text === owner.raw)) {
        yield report('machine-has-owner:unknown', machine, owner, { machine, owner, list: 'owners' });
      }
    }
  },
  examples: { pass: [], fail: [] },
});

async function findings(files: Readonly<Record<string, string>>, executable = [TOOL]) {
  const [evaluation] = await evaluateGates(exampleWorld({ title: '', files, executable }, new Map()), [gate]);
  return evaluation?.findings.map(({ rule, subject, message }) => `${rule} ${subject}: ${message}`);
}

describe('a gate runs on what it needs', () => {
  test('the first missing input ends it', async () => {
    expect(await findings({})).toEqual([`program-can-run ${TOOL}: ${TOOL} does not exist.`]);
    expect(await findings({ [TOOL]: '' }, [])).toEqual([`program-can-run ${TOOL}: ${TOOL} is not executable.`]);
    expect(await findings({ [TOOL]: '' })).toEqual([`file-exists ${PLAN}: ${PLAN} does not exist.`]);
    expect(await findings({ [TOOL]: '', [PLAN]: '[' })).toEqual([`file-is-yaml ${PLAN}: ${PLAN} is not valid YAML.`]);
  });

  test('an input that is asked for later is missing only then, and what was found before stays', async () => {
    expect(await findings({ [TOOL]: '', [PLAN]: 'a: {}' })).toEqual(['machine-has-owner a: `a` has no owner.']);
    expect(await findings({ [TOOL]: '', [PLAN]: 'a: {}\nb: { owner: me }\nc: {}' })).toEqual([
      'machine-has-owner a: `a` has no owner.',
      'file-exists owners: owners does not exist.',
    ]);
  });

  test('a case of a rule is that rule with another message', async () => {
    expect(await findings({ [TOOL]: '', [PLAN]: 'a: { owner: me }', owners: 'you' })).toEqual([
      'machine-has-owner a: `a` belongs to `me`, who is not in owners.',
    ]);
  });

  test('what it reads follows from its needs, each path once', () => {
    expect(gate.reads).toEqual([TOOL, PLAN, 'owners', 'notes.yaml', 'more/**']);
  });

  test('a forgotten placeholder does not compile', () => {
    defineGate({
      ...gate,
      needs: {},
      rules: { rule: '`{one}` and {other}.', plain: 'Nothing to fill in.' },
      *check(_, report) {
        yield report('plain', 'subject', undefined);
        // @ts-expect-error `other` is missing
        yield report('rule', 'subject', undefined, { one: 1 });
        // @ts-expect-error there are no values at all
        yield report('rule', 'subject', undefined);
        // @ts-expect-error no such rule
        yield report('rules', 'subject', undefined);
      },
    });
  });
});
