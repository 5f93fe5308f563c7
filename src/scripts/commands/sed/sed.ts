import type { Match, Matcher } from '../../regex/matcher.ts';
import { BadExpression } from '../../regex/translate.ts';
import type { Process, Program } from '../../shell/shell.ts';
import { linesOf, place, readOperand, readOperands } from '../inputs.ts';
import { parseOptions } from '../options.ts';
import { type Address, type Instruction, parseSed, SedSyntaxError, type Substitution } from './parse.ts';

/** GNU sed. */
export const sed: Program = async (process) => {
  const inPlace = process.args.find((arg) => /^(?:-i|--in-place)/.test(arg));
  const args = process.args.filter((arg) => arg !== inPlace);
  // macOS writes the suffix apart.
  const at = inPlace === '-i' ? process.args.indexOf('-i') : -1;
  if (at >= 0 && args[at] === '') args.splice(at, 1);
  const options = parseOptions(
    { ...process, args },
    'sed',
    'n e: f: r E s u z quiet=n silent=n expression:=e file:=f regexp-extended=E',
  );
  if (!options) return 1;
  if (options.has('z')) process.shell.host.needs('sed -z');
  const operands = [...options.operands];
  const scripts = [...options.values('e')];
  for (const path of options.values('f')) scripts.push((await readOperand(process, path)) ?? '');
  if (scripts.length === 0) scripts.push(operands.shift() ?? '');
  let instructions: readonly Instruction[];
  try {
    instructions = parseSed(scripts.join('\n'), options.has('E') || options.has('r'));
  } catch (error) {
    if (!(error instanceof SedSyntaxError || error instanceof BadExpression)) throw error;
    process.errors.write(`sed: -e expression #1, char 0: ${error.message}\n`);
    process.shell.host.needs(`sed with ${error.message}`);
    return 1;
  }
  const isQuiet = options.has('n') || scripts[0]?.startsWith('#n\n') === true;
  let hasFolder = false;
  const { texts, status } = await readOperands(process, 'sed', operands, (name, why) => {
    hasFolder ||= why === 'Is a directory';
    return why === 'Is a directory' ? `couldn't read ${name}: ${why}` : `can't read ${name}: ${why}`;
  });
  const unread = hasFolder ? 4 : 2;
  if (inPlace === undefined && options.has('s')) {
    for (const { text } of texts) {
      const ended = await new Editor(process, instructions, isQuiet, (part) => process.output.write(part)).run([text]);
      if (ended !== 0) return ended;
    }
    return status === 0 ? 0 : unread;
  }
  if (inPlace === undefined) {
    const editor = new Editor(process, instructions, isQuiet, (text) => process.output.write(text));
    const ended = await editor.run(texts.map(({ text }) => text));
    return ended || (status === 0 ? 0 : unread);
  }
  for (const { name, text } of texts) {
    const parts: string[] = [];
    await new Editor(process, instructions, isQuiet, (part) => parts.push(part)).run([text]);
    const file = await process.shell.host.files.open(place(process, name), false);
    if (!('fault' in file)) file.write(parts.join(''));
  }
  return status === 0 ? 0 : unread;
};

class Quit extends Error {
  readonly status: number;

  constructor(status: number) {
    super();
    this.status = status;
  }
}

/** What the rest of a script's instructions do next. */
type Next = 'go on' | 'end cycle' | 'delete' | 'restart' | { readonly jump: string };

class Editor {
  readonly #process: Process;
  readonly #instructions: readonly Instruction[];
  readonly #isQuiet: boolean;
  readonly #write: (text: string) => void;
  #lines: string[] = [];
  #endsOpen = false;
  #at = 0;
  #pattern = '';
  #hold = '';
  #after: string[] = [];
  #substituted = false;
  #last: Matcher | null = null;

  constructor(process: Process, instructions: readonly Instruction[], isQuiet: boolean, write: (text: string) => void) {
    this.#process = process;
    this.#instructions = instructions;
    this.#isQuiet = isQuiet;
    this.#write = write;
  }

  async run(texts: readonly string[]): Promise<number> {
    this.#lines = texts.flatMap((text) => linesOf(text));
    this.#endsOpen = texts.length > 0 && !(texts.at(-1) ?? '').endsWith('\n');
    try {
      while (this.#at < this.#lines.length) {
        this.#pattern = this.#lines[this.#at++] ?? '';
        await this.#cycle();
      }
    } catch (error) {
      if (!(error instanceof Quit)) throw error;
      return error.status;
    }
    return 0;
  }

  get #isLast(): boolean {
    return this.#at >= this.#lines.length;
  }

  #print(text: string): void {
    this.#write(this.#isLast && this.#endsOpen && text === this.#pattern ? text : `${text}\n`);
  }

  #flush(): void {
    for (const text of this.#after) this.#write(text);
    this.#after = [];
  }

  async #cycle(): Promise<void> {
    this.#substituted = false;
    for (let _rounds = 0; ; _rounds++) {
      this.#process.shell.host.budget.step();
      const next = await this.#block(this.#instructions);
      if (next === 'restart') continue;
      if (next !== 'delete' && !this.#isQuiet) this.#print(this.#pattern);
      this.#flush();
      return;
    }
  }

  async #block(instructions: readonly Instruction[], start = 0): Promise<Next> {
    for (let i = start; i < instructions.length; i++) {
      const instruction = instructions[i];
      if (!instruction || this.#applies(instruction) === instruction.isNegated) continue;
      this.#process.shell.host.budget.handled(this.#pattern.length);
      this.#process.shell.host.budget.holds(Math.max(this.#pattern.length, this.#hold.length));
      const next = instruction.name === '{' ? await this.#block(instruction.body) : await this.#execute(instruction);
      if (typeof next === 'object') {
        if (next.jump === '') return 'end cycle';
        const label = instructions.findIndex(({ name, text }) => name === ':' && text === next.jump);
        if (label < 0) return next;
        this.#process.shell.host.budget.step();
        i = label;
      } else if (next !== 'go on') return next;
    }
    return 'go on';
  }

  #applies(instruction: Instruction): boolean {
    const { from, to, state } = instruction;
    if (!from) return true;
    if (!to) return this.#matches(from);
    if (state.isOpen) return this.#inRange(to, state);
    const startsBefore = from.kind === 'line' && from.line === 0;
    if (startsBefore && this.#at === 1) {
      state.isOpen = true;
      return this.#inRange(to, state);
    }
    if (!this.#matches(from)) return false;
    // The end is looked for on the lines after the first, unless it is a line number.
    if (to.kind === 'line') state.isOpen = to.line > this.#at;
    else if (to.kind === 'more') {
      state.until = this.#at + to.count;
      state.isOpen = to.count > 0;
    } else if (to.kind === 'multiple') {
      state.until = to.of === 0 ? this.#at : Math.ceil(this.#at / to.of) * to.of;
      state.isOpen = state.until > this.#at;
    } else if (to.kind === 'last') state.isOpen = !this.#isLast;
    else state.isOpen = true;
    return true;
  }

  #inRange(to: Address, state: Instruction['state']): boolean {
    if (to.kind === 'more' || to.kind === 'multiple') {
      if (this.#at >= state.until) state.isOpen = false;
      return true;
    }
    if (to.kind === 'line') {
      if (this.#at >= to.line) state.isOpen = false;
      return this.#at <= to.line;
    }
    if (this.#matches(to)) state.isOpen = false;
    return true;
  }

  #matches(address: Address): boolean {
    switch (address.kind) {
      case 'line':
        return this.#at === address.line;
      case 'last':
        return this.#isLast;
      case 'step':
        return address.step === 0
          ? this.#at === address.first
          : this.#at >= address.first && (this.#at - address.first) % address.step === 0;
      case 'match':
        return this.#find(address.matcher, this.#pattern, 0) !== null;
      default:
        return false;
    }
  }

  #find(matcher: Matcher | null, text: string, from: number): Match | null {
    this.#last = matcher ?? this.#last;
    return this.#last?.find(text, from) ?? null;
  }

  async #execute(instruction: Instruction): Promise<Next> {
    const { name, text, substitution, map } = instruction;
    switch (name) {
      case 's':
        if (substitution && this.#substitute(substitution)) this.#substituted = true;
        break;
      case 'y':
        this.#pattern = [...this.#pattern].map((char) => map?.get(char) ?? char).join('');
        break;
      case 'd':
        return 'delete';
      case 'D': {
        const end = this.#pattern.indexOf('\n');
        if (end < 0) return 'delete';
        this.#pattern = this.#pattern.slice(end + 1);
        return 'restart';
      }
      case 'p':
        this.#print(this.#pattern);
        break;
      case 'P':
        this.#write(`${this.#pattern.split('\n', 1)[0]}\n`);
        break;
      case 'n':
      case 'N':
        return this.#nextLine(name === 'N');
      case 'g':
        this.#pattern = this.#hold;
        break;
      case 'G':
        this.#pattern += `\n${this.#hold}`;
        break;
      case 'h':
        this.#hold = this.#pattern;
        break;
      case 'H':
        this.#hold += `\n${this.#pattern}`;
        break;
      case 'x':
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        break;
      case 'a':
        this.#after.push(`${text}\n`);
        break;
      case 'i':
        this.#write(`${text}\n`);
        break;
      case 'c':
        if (!instruction.to || instruction.isNegated || !instruction.state.isOpen) this.#write(`${text}\n`);
        return 'delete';
      case '=':
        this.#write(`${this.#at}\n`);
        break;
      case 'r':
        this.#after.push((await this.#process.shell.host.files.read(place(this.#process, text))) ?? '');
        break;
      case 'q':
        if (!this.#isQuiet) this.#print(this.#pattern);
        this.#flush();
        throw new Quit(Number(text || 0));
      case 'Q':
        throw new Quit(Number(text || 0));
      case 'b':
        return { jump: text };
      case 't':
      case 'T': {
        const jumps = this.#substituted === (name === 't');
        if (name === 't' || this.#substituted) this.#substituted = false;
        return jumps ? { jump: text } : 'go on';
      }
      case 'w':
      case 'l':
        this.#process.shell.host.needs(`sed ${name}`);
        break;
    }
    return 'go on';
  }

  #nextLine(appends: boolean): Next {
    if (this.#isLast) {
      // GNU prints the pattern space when there is no next line.
      if (!this.#isQuiet) this.#print(this.#pattern);
      this.#flush();
      throw new Quit(0);
    }
    if (!appends && !this.#isQuiet) this.#print(this.#pattern);
    this.#flush();
    const line = this.#lines[this.#at++] ?? '';
    this.#pattern = appends ? `${this.#pattern}\n${line}` : line;
    return 'go on';
  }

  #substitute({ matcher, replacement, isGlobal, nth, prints }: Substitution): boolean {
    const text = this.#pattern;
    let out = '';
    let at = 0;
    let count = 0;
    let from = 0;
    let isChanged = false;
    while (from <= text.length) {
      const match = this.#find(matcher, text, from);
      if (!match) break;
      this.#process.shell.host.budget.handled(300);
      // An empty match right after the last one does not count.
      const isStale = match.end === match.start && count > 0 && match.start === at && at > 0;
      if (!isStale) count++;
      if (!isStale && count >= nth) {
        out += text.slice(at, match.start) + fill(replacement, text, match);
        this.#process.shell.host.budget.holds(out.length);
        at = match.end;
        isChanged = true;
        if (!isGlobal) break;
      }
      from = match.end > match.start ? match.end : match.end + 1;
    }
    if (!isChanged) return false;
    this.#pattern = out + text.slice(at);
    if (prints) this.#print(this.#pattern);
    return true;
  }
}

function fill(parts: Substitution['replacement'], text: string, match: Match): string {
  let out = '';
  let all: 'L' | 'U' | null = null;
  let next: 'l' | 'u' | null = null;
  for (const part of parts) {
    if (typeof part === 'object') {
      if (part.letterCase === 'L' || part.letterCase === 'U') all = part.letterCase;
      else if (part.letterCase === 'E') all = null;
      else next = part.letterCase === 'u' ? 'u' : 'l';
      continue;
    }
    let piece =
      typeof part === 'string' ? part : part === 0 ? text.slice(match.start, match.end) : (match.groups[part] ?? '');
    if (all) piece = all === 'L' ? piece.toLowerCase() : piece.toUpperCase();
    if (next && piece !== '') {
      piece = (next === 'u' ? piece.charAt(0).toUpperCase() : piece.charAt(0).toLowerCase()) + piece.slice(1);
      next = null;
    }
    out += piece;
  }
  return out;
}
