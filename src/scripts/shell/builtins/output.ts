import type { Builtin } from './builtin.ts';
import { withEscapes } from './printf.ts';

export const echo: Builtin = (shell, args) => {
  let at = 0;
  let ends = true;
  let escapes = shell.shopts.has('xpg_echo');
  for (; /^-[neE]+$/.test(args[at] ?? ''); at++) {
    for (const letter of args[at] ?? '') {
      if (letter === 'n') ends = false;
      if (letter === 'e') escapes = true;
      if (letter === 'E') escapes = false;
    }
  }
  const text = args.slice(at).join(' ');
  const shown = escapes ? withEscapes(text, true) : { text, isCut: false };
  shell.output.write(ends && !shown.isCut ? `${shown.text}\n` : shown.text);
  return 0;
};
