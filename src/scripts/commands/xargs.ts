import type { Program } from '../shell/shell.ts';
import { readOperand } from './inputs.ts';
import { parseOptions } from './options.ts';

export const xargs: Program = async (process) => {
  // Options end where the command begins.
  let at = 0;
  while (at < process.args.length && /^-./.test(process.args[at] ?? ''))
    at += /^-(?:[nILPsdaE]|-(?:max-args|replace|max-lines|max-procs|delimiter|arg-file))$/.test(process.args[at] ?? '')
      ? 2
      : 1;
  const options = parseOptions(
    { ...process, args: process.args.slice(0, at) },
    'xargs',
    '0 r t n: I: L: P: d: a: x s: null=0 no-run-if-empty=r max-args:=n replace:=I max-lines:=L max-procs:=P delimiter:=d arg-file:=a',
  );
  if (!options) return 1;
  const command = process.args.slice(at);
  const words = command.length === 0 ? ['echo'] : command;
  const source = options.value('a');
  const text = source === undefined ? process.input.rest() : ((await readOperand(process, source)) ?? '');
  const run = (args: readonly string[]) =>
    process.shell.host.invoke(process.shell, args, { output: process.output, errors: process.errors, input: null });
  const placeholder = options.value('I');
  const groups: (readonly string[])[] = [];
  if (placeholder !== undefined) {
    const items = options.has('0')
      ? splitItems(text, '\0')
      : options.has('d')
        ? splitItems(text, unescapeDelimiter(options.value('d') ?? ''))
        : text
            .split('\n')
            .map((line) => line.trimStart())
            .filter((line) => line !== '');
    for (const item of items) groups.push(words.map((word) => word.replaceAll(placeholder, item)));
  } else {
    const items = options.has('0')
      ? splitItems(text, '\0')
      : options.has('d')
        ? splitItems(text, unescapeDelimiter(options.value('d') ?? ''))
        : splitQuoted(text);
    const size = Number(options.value('n') ?? options.value('L') ?? Number.POSITIVE_INFINITY);
    if (options.has('L') && Number(options.value('L')) !== 1) process.shell.host.needs('xargs -L');
    for (let i = 0; i < items.length; i += size) groups.push([...words, ...items.slice(i, i + size)]);
    if (items.length === 0 && !options.has('r')) groups.push(words);
  }
  let status = 0;
  for (const group of groups) {
    const ended = await run(group);
    if (ended === 127 || ended === 126) return ended;
    if (ended === 255) return 124;
    if (ended !== 0) status = 123;
  }
  return status;
};

function unescapeDelimiter(text: string): string {
  return { '\\n': '\n', '\\t': '\t', '\\0': '\0' }[text] ?? text;
}

function splitItems(text: string, delimiter: string): string[] {
  const items = text.split(delimiter);
  if (items.at(-1) === '') items.pop();
  return items;
}

/** Blanks and line breaks separate; quotes and backslashes protect. */
function splitQuoted(text: string): string[] {
  const items: string[] = [];
  for (const [item] of text.matchAll(/(?:'[^'\n]*'|"[^"\n]*"|\\[\s\S]|[^\s'"\\])+/g)) {
    items.push(
      item.replace(
        /'([^'\n]*)'|"([^"\n]*)"|\\([\s\S])/g,
        (_, single, double, escaped) => single ?? double ?? escaped ?? '',
      ),
    );
  }
  return items;
}
