import { describe, expect, test } from 'vitest';
import { gates } from '../../src/gates/index.ts';
import { renderMessage } from '../../src/gates/lib/message.ts';

/** Turns of phrase that a tired reader stumbles over, and what to write instead. */
const RIDDLES: readonly (readonly [found: RegExp, instead: string])[] = [
  [/\b(?<!there )(?:is|are|was|as) no\b(?! longer)/i, 'is not a …'],
  [/\bsays?\b(?! (?:how|when|where|which|who|what|of|is|whether|so|to which))/i, 'has, names, contains'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bset-up\b/i, 'setup'],
  [/\b(?<!there )(?:is|are) none\b/i, 'is not one of …'],
  [/\bany more\b/i, 'no longer'],
  [/\bblanks?\b/i, 'space, empty'],
  [/\ba word\b/i, 'say what the word is'],
  [/ {2}/, 'one space'],
];

/** A sentence, or several: it begins with a capital letter, a digit, code or a value and ends with a full stop. */
const SENTENCES = /^(?:[A-Z0-9"]|`|\{)[\s\S]*[.!]$/;

function riddlesIn(text: string): readonly string[] {
  const prose = text.replace(/`[^`]*`|"[^"]*"/g, 'it');
  return RIDDLES.filter(([found]) => found.test(prose)).map(([found, instead]) => `${found} in "${text}": ${instead}`);
}

describe.each(gates.map((gate) => [gate.name, gate] as const))('%s', (_, gate) => {
  const texts = [
    ...Object.values(gate.rules),
    gate.why,
    gate.fix,
    ...(gate.limits ? [gate.limits] : []),
    ...(gate.deviates ?? []),
  ];

  test('speaks in whole sentences, without riddles', () => {
    expect(texts.filter((text) => !SENTENCES.test(text))).toEqual([]);
    expect(texts.flatMap(riddlesIn)).toEqual([]);
  });

  test('shows that a value is empty', () => {
    for (const message of Object.values(gate.rules)) {
      expect(renderMessage(message, {})).not.toMatch(/``|\{|\( |\(\)| {2}| \.$/);
    }
  });

  test('keeps what it does not look at out of the reason why it matters', () => {
    expect(gate.why).not.toMatch(
      /\b(?:search(?:ed)? for words|text search|not looked at|not compared|comments? (?:is|are) enough|only .* (?:is|are) (?:compared|looked at))\b/i,
    );
  });
});

describe('these tests fail where they should', () => {
  test.each([
    '`{a}` is no target.',
    'The phase says no site.',
    'It has  two spaces.',
    'Mend the file.',
    'The value is none.',
  ])('%s', (message) => {
    expect(riddlesIn(message).length).toBeGreaterThan(0);
  });

  test.each(['no capital letter.', 'No full stop'])('%s', (message) => {
    expect(message).not.toMatch(SENTENCES);
  });

  test('but plain English passes', () => {
    expect(riddlesIn('`is no` is code. The host is no longer there; the plan does not say where it goes.')).toEqual([]);
  });
});
