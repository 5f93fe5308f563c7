import type { Program } from '../shell/shell.ts';

const ESCAPE = '\u001b';
/** What ncurses 6 prints for `xterm` and its relatives. */
const CAPABILITIES: Readonly<Record<string, string>> = {
  bold: '[1m',
  dim: '[2m',
  sitm: '[3m',
  ritm: '[23m',
  smul: '[4m',
  rmul: '[24m',
  rev: '[7m',
  smso: '[7m',
  rmso: '[27m',
  op: '[39;49m',
  el: '[K',
  sgr0: `(B${ESCAPE}[m`,
};
const FIRST_PARAMETER: Readonly<Record<string, '3' | '4'>> = { setaf: '3', setab: '4' };
/** How many colours a terminal has. */
const TERMINALS: Readonly<Record<string, 8 | 256>> = { xterm: 8, 'xterm-256color': 256 };

/** Colours and styles of the terminals that people name. Which terminal the script would have is not known unless it says so. */
export const tput: Program = async (process) => {
  const words = [...process.args];
  const named = /^-T(.*)$/s.exec(words[0] ?? '');
  if (named) words.shift();
  const terminal = named ? named[1] || words.shift() : process.shell.variables.exported().get('TERM');
  const colors = TERMINALS[terminal ?? ''];
  const printed = colors && sequenceOf(words, colors);
  if (printed === undefined) {
    process.shell.host.needs(terminal ? `tput ${process.args.join(' ')}` : 'TERM, for tput');
    return 2;
  }
  process.output.write(printed);
  return 0;
};

/** What the words print; undefined where it is not known. */
function sequenceOf(words: readonly string[], colors: 8 | 256): string | undefined {
  const [name = '', parameter, ...more] = words;
  if (more.length > 0) return undefined;
  const plane = FIRST_PARAMETER[name];
  if (plane) return /^\d{1,3}$/.test(parameter ?? '') ? colorSequence(plane, Number(parameter), colors) : undefined;
  if (parameter !== undefined) return undefined;
  if (name === 'colors') return `${colors}\n`;
  const capability = CAPABILITIES[name];
  return capability && ESCAPE + capability;
}

function colorSequence(plane: '3' | '4', color: number, colors: 8 | 256): string {
  if (colors === 8 || color < 8) return `${ESCAPE}[${plane}${color}m`;
  if (color < 16) return `${ESCAPE}[${plane === '3' ? '9' : '10'}${color - 8}m`;
  return `${ESCAPE}[${plane}8;5;${color}m`;
}
