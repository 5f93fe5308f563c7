import type { Process } from '../shell/shell.ts';

export interface Options {
  /** Whether the option was given, under its short or its long name. */
  has(name: string): boolean;
  /** Its last value. */
  value(name: string): string | undefined;
  values(name: string): readonly string[];
  /** Which of these was given last, where they exclude each other. */
  last(...names: readonly string[]): string | undefined;
  readonly operands: readonly string[];
}

/**
 * Takes a program's options, mixed with operands as GNU programs allow.
 * `known` lists them as `n`, `k:` (takes a value), `reverse=r` (a long name for a short one) or `field:=k`.
 * Null after a message where one is not known: the verdict is blind then, since the real program might know it.
 */
export function parseOptions(process: Process, name: string, known: string): Options | null {
  const aliases = new Map<string, { name: string; takesValue: boolean }>();
  for (const item of known.split(/\s+/).filter((text) => text !== '')) {
    const [left = '', right] = item.split('=');
    const takesValue = left.endsWith(':');
    const spelled = left.replace(/:$/, '');
    aliases.set(spelled, { name: right ?? spelled, takesValue });
  }
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  const refuse = (option: string) => {
    process.errors.write(`${name}: unrecognized option '${option}'\n`);
    process.shell.host.needs(`${name} ${option}`);
    return null;
  };
  const put = (option: string, value: string) => {
    const before = values.get(option) ?? [];
    values.delete(option);
    values.set(option, [...before, value]);
  };
  const { args } = process;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    if (arg.startsWith('--')) {
      const [, spelled = '', attached] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
      const option = spelled.length > 1 ? aliases.get(spelled) : undefined;
      if (!option) return refuse(arg);
      put(option.name, option.takesValue ? (attached ?? args[++at] ?? '') : (attached ?? ''));
      continue;
    }
    for (let i = 1; i < arg.length; i++) {
      const option = aliases.get(arg[i] ?? '');
      if (!option) return refuse(`-${arg[i]}`);
      if (!option.takesValue) put(option.name, '');
      else {
        const attached = arg.slice(i + 1);
        put(option.name, attached === '' ? (args[++at] ?? '') : attached);
        break;
      }
    }
  }
  return {
    operands,
    has: (option) => values.has(option),
    value: (option) => values.get(option)?.at(-1),
    values: (option) => values.get(option) ?? [],
    last: (...names) => [...values.keys()].findLast((option) => names.includes(option)),
  };
}
