import { quoteForShell } from '../quote.ts';
import type { Shell } from '../shell.ts';
import { type Builtin, takeOptions } from './builtin.ts';

/** Aliases are kept and shown; scripts do not expand them unless they ask for it, which is a need. */
export const alias: Builtin = (shell, args) => {
  const taken = takeOptions(shell, 'alias', args, 'p');
  if (!taken) return 2;
  const { options, rest } = taken;
  let status = 0;
  if (rest.length === 0 || options.has('p')) for (const name of [...shell.aliases.keys()].sort()) show(shell, name);
  for (const word of rest) {
    const sign = word.indexOf('=', 1);
    if (sign > 0) shell.aliases.set(word.slice(0, sign), word.slice(sign + 1));
    else if (shell.aliases.has(word)) show(shell, word);
    else {
      shell.complain(`alias: ${word}: not found`);
      status = 1;
    }
  }
  return status;
};

function show(shell: Shell, name: string): void {
  shell.output.write(`alias ${name}=${quoteForShell(shell.aliases.get(name) ?? '')}\n`);
}

export const unalias: Builtin = (shell, args) => {
  const taken = takeOptions(shell, 'unalias', args, 'a');
  if (!taken) return 2;
  const { options, rest } = taken;
  if (options.has('a')) {
    shell.aliases.clear();
    return 0;
  }
  if (rest.length === 0) shell.host.needs('unalias of nothing');
  let status = 0;
  for (const name of rest) {
    if (shell.aliases.delete(name)) continue;
    shell.complain(`unalias: ${name}: not found`);
    status = 1;
  }
  return status;
};
