import type { Program } from '../shell/shell.ts';

export const env: Program = async (process) => {
  let at = 0;
  const { shell } = process;
  const inner = shell.fork();
  for (; at < process.args.length; at++) {
    const arg = process.args[at] ?? '';
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(arg) ?? [];
    if (name !== undefined) {
      inner.set(name, value);
      inner.variables.writable(name).isExported = true;
    } else if (arg === '-i' || arg === '-') {
      for (const known of inner.variables.exported().keys()) inner.variables.remove(known);
      // What is not set is looked for where POSIX programs are.
      inner.set('PATH', '/bin:/usr/bin');
    } else if (arg === '-u') inner.variables.remove(process.args[++at] ?? '');
    else if (arg.startsWith('-')) {
      shell.host.needs(`env ${arg}`);
      return 125;
    } else break;
  }
  const words = process.args.slice(at);
  if (words.length > 0) return shell.host.invoke(inner, words, { output: process.output, errors: process.errors });
  for (const [name, value] of inner.environment) process.output.write(`${name}=${value}\n`);
  return 0;
};

export const printenv: Program = async (process) => {
  const exported = process.shell.environment;
  if (process.args.length === 0) for (const [name, value] of exported) process.output.write(`${name}=${value}\n`);
  let status = 0;
  for (const name of process.args) {
    const value = exported.get(name);
    if (value === undefined) status = 1;
    else process.output.write(`${value}\n`);
  }
  return status;
};
