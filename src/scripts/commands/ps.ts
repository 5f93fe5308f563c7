import type { Program } from '../shell/shell.ts';
import { nowhere } from '../shell/streams.ts';

const TITLE = '    PID TTY          TIME CMD\n';

/** `ps -p NUMBER` of a shell of this run, and of one that has ended. Which other processes a machine has, and what more it says of these, is not known. */
export const ps: Program = async ({ args, shell, output }) => {
  const [option = '', number = '', ...more] = args;
  const isAlive = option === '-p' ? shell.host.numbers.isAlive(number) : undefined;
  const [how, what, ...rest] = more;
  const showsNumber = how === '-o' && what === 'pid=' && rest.length === 0;
  if (isAlive === undefined || (more.length > 0 && !showsNumber)) {
    shell.host.needs('ps');
    return 1;
  }
  if (showsNumber) output.write(isAlive ? `${number.padStart(7)}\n` : '');
  else if (isAlive && output !== nowhere) shell.host.needs('ps');
  else output.write(TITLE);
  return isAlive ? 0 : 1;
};
