import type { Clock } from '../clock.ts';
import type { Job, Races } from '../races.ts';
import type { Respect, Surroundings } from '../surroundings.ts';
import { localZone, type Zone } from '../zone.ts';
import { ArithmeticFault, evaluate } from './arithmetic.ts';
import type { Budget } from './budget.ts';
import { askForUnset, Environment } from './environment.ts';
import type { FileSystem } from './file-system.ts';
import { isOfBash } from './plain-sh.ts';
import type { ProcessNumbers } from './process-numbers.ts';
import { DiscardCommand, ExitShell } from './signals.ts';
import type { Descriptor, Input, Output } from './streams.ts';
import type { Assignment, Command, List } from './syntax.ts';
import { elementsOf, type Variable, Variables } from './variables.ts';

/** A running program: what it may read and write. It returns its exit status. */
export interface Process {
  readonly args: readonly string[];
  readonly shell: Shell;
  readonly input: Input;
  readonly output: Output;
  readonly errors: Output;
}

export type Program = (process: Process) => Promise<number>;

/** What a shell is given by whoever runs it. */
export interface Host {
  readonly files: FileSystem;
  readonly budget: Budget;
  readonly numbers: ProcessNumbers;
  readonly races: Races;
  /** Who holds locks of files, by their paths, and whether only to read. */
  readonly locks: Map<string, Map<object, boolean>>;
  readonly surroundings: Surroundings;
  /** Where the machine is. */
  readonly zone: Zone;
  /** What the script itself prints goes there. */
  readonly terminal: Output;
  /** The shell whose command is running: that is where something is needed. */
  running: Shell | null;
  readonly clock: Clock;
  /** How many temporary files have been named. */
  temporaryFiles: number;
  /** A program by its name, or null. Whether it is only asked for, or run, is known. */
  program(name: string, how: 'run' | 'asked'): Program | null;
  needs(what: string): void;
  /** The answer is the machine's and not the repo's, so the script runs again where it is another. */
  leansOn(respect: Respect): void;
  /** Whether a place is ours to look at: asking does not count as looking. */
  isHere(path: string): boolean;
  /** Runs a command whose words are expanded, with a program's streams. Its input is the shell's own, or none where that is null. */
  invoke(
    shell: Shell,
    words: readonly string[],
    streams: { readonly input?: Input | null; readonly output: Output; readonly errors: Output },
  ): Promise<number>;
  /** Runs a parsed list in a shell. */
  run(shell: Shell, list: List): Promise<number>;
  /** Runs a script's text in a shell, command by command. */
  runSource(shell: Shell, source: string, firstLine?: number): Promise<number>;
  /** What `bash -n` says of a text: 0, or 2 after a message. */
  checkSyntax(text: string, tell: (message: string, line: number) => void, read: (list: List) => void): number;
}

/** A process substitution of a command. */
export interface Substituted {
  readonly path: string;
  readonly list: List;
  readonly direction: '<' | '>';
  /** Null where a program's own process started it: the shell does not know of it. */
  readonly number: string | null;
}

/** What runs beside a shell, and what that says when it waits for it. */
export interface BackgroundJob {
  /** Null where its end was seen. */
  readonly job: Job | null;
  readonly status: number;
  /** Lets the time go by until it ends. */
  readonly catchUp: () => void;
  /** It runs `>(…)` or `<(…)`. */
  readonly isSubstitution: boolean;
  isWaitedFor: boolean;
}

export interface ShellFunction {
  readonly name: string;
  readonly command: Command;
  readonly source: string;
}

/** Who called whom: for `FUNCNAME`, `BASH_SOURCE` and `BASH_LINENO`. */
export interface Frame {
  readonly name: string;
  readonly source: string;
  readonly calledAt: number;
}

/** The bash whose behaviour the snippets record. */
const BASH_VERSION = '5.2.15(1)-release';
const DEFAULT_SHOPT = ['sourcepath', 'checkwinsize'];

/** The state of one shell process. */
export class Shell {
  readonly host: Host;
  /** What `$$` is; a subshell has that of the shell it belongs to. */
  number = '';
  variables: Variables;
  functions = new Map<string, ShellFunction>();
  /** Options of `set` by their long names. */
  options = new Set<string>(['hashall', 'braceexpand', 'interactive-comments']);
  shopts = new Set<string>(DEFAULT_SHOPT);
  positional: readonly string[] = [];
  name = 'bash';
  cwd = '/';
  descriptors = new Map<number, Descriptor>();
  status = 0;
  frames: readonly Frame[] = [];
  traps = new Map<string, string>();
  line = 0;
  /** Greater than 0 where a failing command must not end the script: conditions, and what stands left of `&&`. */
  tolerant = 0;
  loops = 0;
  isSubshell = false;
  /** It was started as `sh`: that is dash on Debian, and bash by its POSIX rules on macOS. */
  isSh = false;
  /** The status of the last command substitution of this command. */
  substitutionStatus: number | null = null;
  /** Process substitutions of the command that is running. */
  processes: Substituted[] = [];
  /** Arrays among the words of the declaration that is running. */
  declaredArrays: readonly Assignment[] = [];
  /** `exec` with redirections only: they stay. */
  keepsDescriptors = false;
  /** Files that are being sourced. */
  sourced = 0;
  aliases = new Map<string, string>();
  /** What `pushd` left. */
  folders: readonly string[] = [];
  /** Where `getopts` is inside an argument of several letters. */
  letters = { place: 1, at: 1 };
  lastBackground = '';
  /** How many jobs `wait -n` has seen end without saying which. */
  endedJobs = 0;
  /** What `umask` was given, if it was. */
  umask: number | null = null;
  /** What `$SECONDS` was given, and when by the clock's stopwatch. */
  stopwatch: { readonly value: number; readonly at: number };
  /** What it has put into the background and may still wait for, by its number. */
  readonly background = new Map<string, BackgroundJob>();

  constructor(host: Host, variables?: Variables) {
    this.host = host;
    this.stopwatch = { value: 0, at: host.clock.measured };
    this.variables = variables ?? new Variables();
    if (variables) return;
    this.variables.writable('IFS').value = ' \t\n';
    this.variables.writable('BASH_VERSION').value = BASH_VERSION;
    this.setArray('BASH_VERSINFO', ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu']);
  }

  /** A subshell: a copy that shares only what it reads from and writes to. */
  fork(): Shell {
    const copy = new Shell(this.host, this.variables.fork());
    copy.number = this.number;
    copy.functions = new Map(this.functions);
    copy.aliases = new Map(this.aliases);
    copy.options = new Set(this.options);
    copy.shopts = new Set(this.shopts);
    copy.positional = this.positional;
    copy.name = this.name;
    copy.cwd = this.cwd;
    copy.descriptors = new Map(this.descriptors);
    copy.status = this.status;
    copy.frames = this.frames;
    copy.line = this.line;
    copy.tolerant = this.tolerant;
    copy.sourced = this.sourced;
    copy.folders = this.folders;
    copy.loops = this.loops;
    copy.umask = this.umask;
    copy.stopwatch = this.stopwatch;
    copy.isSubshell = true;
    copy.isSh = this.isSh;
    const trap = this.traps.get('ERR');
    if (trap !== undefined && this.options.has('errtrace')) copy.traps.set('ERR', trap);
    return copy;
  }

  /** What its programs are given. */
  get environment(): Environment<string> {
    return new Environment(this.variables.exported(), this.host);
  }

  /** The zone by which its programs tell the time; asking for it leans on the machine. */
  localZone(): Zone {
    return localZone(this.variables.exported().get('TZ'), this.host);
  }

  get output(): Output {
    const descriptor = this.descriptors.get(1);
    return descriptor && 'output' in descriptor ? descriptor.output : CLOSED;
  }

  get errors(): Output {
    const descriptor = this.descriptors.get(2);
    return descriptor && 'output' in descriptor ? descriptor.output : CLOSED;
  }

  /** A message in the form that bash gives it. */
  complain(message: string): void {
    this.needsOfSh(`to know what sh does after: ${message}`);
    this.errors.write(`${this.name}: line ${this.line}: ${message}\n`);
  }

  /** Says that a script is run by `sh` where bash may do something else. */
  needsOfSh(what: string): void {
    if (this.isSh) this.host.needs(`bash, where the script is run by sh: ${what}`);
  }

  /** An error of expansion that ends a script. */
  fatal(message: string, status = 1): ExitShell {
    this.complain(message);
    return new ExitShell(status);
  }

  get extended(): boolean {
    return this.shopts.has('extglob');
  }

  get(name: string): string | undefined {
    const resolved = this.variables.resolve(name);
    if (OF_THE_MACHINE.has(resolved)) return this.special(resolved);
    const variable = this.variables.find(resolved);
    return variable?.indexed ? variable.indexed.get(0) : (variable?.associative?.get('0') ?? variable?.value);
  }

  /** Sets a plain variable, or element 0 of an array. */
  set(name: string, value: string): void {
    const resolved = this.variables.resolve(name);
    this.assign(this.variables.writable(resolved), resolved, value);
  }

  assign(variable: Variable, name: string, value: string): void {
    this.refuseReadonly(variable, name);
    const cast = this.cast(variable, value);
    if (name === 'SECONDS') this.stopwatch = { value: Number(cast) || 0, at: this.host.clock.measured };
    if (this.options.has('allexport')) variable.isExported = true;
    if (variable.indexed) variable.indexed.set(0, cast);
    else if (variable.associative) variable.associative.set('0', cast);
    else variable.value = cast;
  }

  refuseReadonly(variable: Variable, name: string): void {
    if (!variable.isReadonly) return;
    this.complain(`${name}: readonly variable`);
    throw new DiscardCommand();
  }

  /** A value as the variable's attributes want it. */
  cast(variable: Variable, value: string): string {
    this.host.budget.holds(value.length);
    if (variable.isInteger) return String(this.arithmetic(value));
    if (variable.case === 'upper') return value.toUpperCase();
    return variable.case === 'lower' ? value.toLowerCase() : value;
  }

  setElement(name: string, key: string, value: string): void {
    const resolved = this.variables.resolve(name);
    const variable = this.variables.writable(resolved);
    this.refuseReadonly(variable, resolved);
    const cast = this.cast(variable, value);
    if (variable.associative) {
      variable.associative.set(key, cast);
      return;
    }
    if (!variable.indexed) {
      variable.indexed = new Map(variable.value === undefined ? [] : [[0, variable.value]]);
      variable.value = undefined;
    }
    variable.indexed.set(this.place(resolved, variable, key), cast);
  }

  /** The number that an index of an indexed array means; negative ones count from the end. */
  place(name: string, variable: Variable | undefined, key: string): number {
    const place = Number(this.arithmetic(key));
    if (place >= 0) return place;
    const last = Math.max(-1, ...(variable?.indexed?.keys() ?? []));
    if (last + 1 + place >= 0) return last + 1 + place;
    this.complain(`${name}[${key}]: bad array subscript`);
    throw new DiscardCommand();
  }

  getElement(name: string, key: string): string | undefined {
    const variable = this.variables.find(this.variables.resolve(name));
    if (variable?.associative) return variable.associative.get(key);
    if (!variable?.indexed) return this.arithmetic(key) === 0n ? variable?.value : undefined;
    const place = Number(this.arithmetic(key));
    const last = place < 0 ? Math.max(-1, ...variable.indexed.keys()) : 0;
    return variable.indexed.get(place < 0 ? last + 1 + place : place);
  }

  setArray(name: string, values: readonly string[]): void {
    const variable = this.variables.writable(this.variables.resolve(name));
    this.refuseReadonly(variable, name);
    variable.value = undefined;
    variable.associative = undefined;
    variable.indexed = new Map(values.entries());
  }

  elements(name: string): readonly (readonly [string, string])[] {
    const variable = this.variables.find(this.variables.resolve(name));
    const found = elementsOf(variable);
    if (!variable?.associative || found.length < 2) return found;
    this.host.leansOn('keys');
    return this.host.surroundings.listing === 'forward' ? found : [...found].reverse();
  }

  /** The value of an expression; an error is told and gives the command up. */
  arithmetic(expression: string): bigint {
    try {
      return this.evaluate(expression);
    } catch (error) {
      if (!(error instanceof ArithmeticFault)) throw error;
      this.complain(error.message);
      throw new DiscardCommand(false);
    }
  }

  /** The value of an expression. Throws `ArithmeticFault`. */
  evaluate(expression: string): bigint {
    return evaluate(expression, {
      get: (name, index) => {
        const value = index === null ? this.get(name) : this.getElement(name, index);
        if (value !== undefined && !/^(?:[-+]?\d+)?$/.test(value))
          this.needsOfSh(`${name} in $(( )), which is ${value}`);
        if (value !== undefined || !this.options.has('nounset')) return value ?? this.special(name);
        throw this.fatal(`${name}: unbound variable`);
      },
      set: (name, index, value) => {
        if (index === null) this.set(name, value);
        else this.setElement(name, index, value);
      },
      isAssociative: (name) => this.variables.find(this.variables.resolve(name))?.associative !== undefined,
    });
  }

  /** Variables whose values the shell makes up. */
  special(name: string): string | undefined {
    if (isOfBash(name)) this.needsOfSh(`$${name}`);
    switch (name) {
      case 'LINENO':
        return String(this.line);
      case 'SECONDS':
        this.host.leansOn('time');
        return String(Math.floor(this.stopwatch.value + this.host.clock.measured - this.stopwatch.at));
      case 'USER':
      case 'LOGNAME': {
        const value = this.variables.find(name)?.value;
        if (value === this.host.surroundings.user.name) this.host.leansOn('user');
        return value;
      }
      case 'EPOCHSECONDS':
        return String(Math.floor(this.host.clock.now() / 1000));
      case 'RANDOM':
      case 'SRANDOM':
      case 'EPOCHREALTIME':
      case 'HOSTNAME':
      case 'BASH_COMMAND':
      case 'DIRSTACK':
      case 'GROUPS':
      case '_':
      case 'PPID':
        this.host.needs(`$${name}`);
        return '1';
      case 'BASHPID':
        if (this.isSubshell) this.host.needs('$BASHPID of a subshell');
        this.host.leansOn('names');
        return this.number;
      case 'BASH':
        this.host.leansOn('programs');
        return `${this.host.surroundings.programs.standard}/bash`;
      case 'SHLVL':
      case 'OPTERR':
        return '1';
      case 'TERM':
      case 'SHELL':
        askForUnset(name, this.host);
        return name === 'TERM' ? 'dumb' : '/bin/bash';
      case 'PS4':
        return '+ ';
      case 'BASHOPTS':
        return [...this.shopts].sort().join(':');
      case 'OSTYPE':
      case 'HOSTTYPE':
      case 'MACHTYPE':
        this.host.leansOn('system');
        return SYSTEM_WORDS[this.host.surroundings.system][name];
      case 'UID':
      case 'EUID':
        this.host.leansOn('user');
        return String(this.host.surroundings.user.number);
      case 'BASH_SUBSHELL':
        return this.isSubshell ? '1' : '0';
      case 'SHELLOPTS':
        return [...this.options].sort().join(':');
      default:
        askForUnset(name, this.host);
        return undefined;
    }
  }
}

/** Variables whose value is not what was last assigned, or may be the machine's. */
const OF_THE_MACHINE: ReadonlySet<string> = new Set(['SECONDS', 'RANDOM', 'SRANDOM', 'USER', 'LOGNAME']);

/** What the shell says of the system that it was built for. */
const SYSTEM_WORDS = {
  Linux: { OSTYPE: 'linux-gnu', HOSTTYPE: 'x86_64', MACHTYPE: 'x86_64-pc-linux-gnu' },
  Darwin: { OSTYPE: 'darwin23', HOSTTYPE: 'arm64', MACHTYPE: 'arm64-apple-darwin23' },
} as const;

const CLOSED: Output = { write() {} };
