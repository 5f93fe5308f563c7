import type { Builtin } from './builtin.ts';

export const getopts: Builtin = (shell, args) => {
  const [specification = '', name = '', ...given] = args;
  const list = given.length > 0 ? given : shell.positional;
  const isSilent = specification.startsWith(':');
  const place = Number(shell.get('OPTIND') ?? 1);
  // Within one argument of several letters, the letter's place is kept apart.
  if (shell.letters.place !== place) shell.letters = { place, at: 1 };
  const arg = list[place - 1];
  const end = (next: number) => {
    shell.set('OPTIND', String(next));
    shell.set(name, '?');
    return 1;
  };
  if (arg === undefined || !/^-./.test(arg)) return end(place);
  if (arg === '--') return end(place + 1);
  const letter = arg[shell.letters.at] ?? '';
  const isLast = shell.letters.at + 1 >= arg.length;
  const known = letter !== ':' && specification.indexOf(letter, isSilent ? 1 : 0) >= 0;
  const takesValue = known && specification[specification.indexOf(letter, isSilent ? 1 : 0) + 1] === ':';
  let next = isLast ? place + 1 : place;
  shell.variables.remove('OPTARG');
  if (takesValue) {
    const value = isLast ? list[place] : arg.slice(shell.letters.at + 1);
    next = isLast ? place + 2 : place + 1;
    if (value === undefined) {
      shell.set('OPTIND', String(place + 1));
      shell.set(name, isSilent ? ':' : '?');
      if (isSilent) shell.set('OPTARG', letter);
      else shell.errors.write(`${shell.name}: option requires an argument -- ${letter}\n`);
      return 0;
    }
    shell.set('OPTARG', value);
  } else if (!known) {
    if (isSilent) shell.set('OPTARG', letter);
    else shell.errors.write(`${shell.name}: illegal option -- ${letter}\n`);
  }
  shell.letters = next === place ? { place, at: shell.letters.at + 1 } : { place: next, at: 1 };
  shell.set('OPTIND', String(next));
  shell.set(name, known ? letter : '?');
  return 0;
};
