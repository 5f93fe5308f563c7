import { type Kind, maskAssignments } from './redact/assignments.ts';
import { maskCommands } from './redact/commands.ts';
import { maskForms } from './redact/forms.ts';
import { isHarmless, MASK } from './redact/mask.ts';
import { maskStatements } from './redact/statements.ts';
import { maskUrls } from './redact/urls.ts';
import { isSecretKey } from './redact/words.ts';

const LONGEST_LINE = 2000;
const MAX_SHOWN = 200;
const MAX_ROUNDS = 5;

/**
 * Text as it may be stored and shown: what is a secret by its form, or stands behind a word for one, is masked.
 * Takes time in proportion to the text's length. SECURITY.md says what it finds, and what nobody can tell from ordinary text.
 */
export function redactText(text: string): string {
  return mask(text, 'sentence');
}

/** A line of the audited repo as it may be shown: masked like any text, but a value reaches to the line's end; what is long is cut. */
export function redactLine(line: string): string {
  return cut(mask(line.slice(0, LONGEST_LINE), 'line'));
}

/** A key path of a structured file with its value, as they may be shown; `beside` is what else names the value. */
export function redactValue(path: string, value: string, beside = ''): string {
  const [first = ''] = value.split('\n', 1);
  const isSecret = isSecretKey(path) || isSecretKey(beside);
  if (isSecret && !isHarmless(first)) return cut(`${path}: ${MASK}`);
  return cut(`${path}: ${mask(first.slice(0, LONGEST_LINE), 'line')}${first === value ? '' : '…'}`);
}

function cut(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

/** Until nothing more is found: a mask may bring a key next to what was not its value before. What is masked once stays the same when it is masked again. */
function mask(text: string, kind: Kind): string {
  let shown = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const again = maskOnce(shown, kind);
    if (again === shown) break;
    shown = again;
  }
  return shown;
}

function maskOnce(text: string, kind: Kind): string {
  return maskAssignments(maskStatements(maskCommands(maskUrls(maskForms(text)))), kind);
}
