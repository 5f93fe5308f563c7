import type { Zone } from './zone.ts';

/** What a command of ours sees of the script that calls it. */
export interface CommandIo {
  /** Absolute, and so is every path that goes to `readFile`. */
  readonly cwd: string;
  /** Exported variables only. */
  readonly env: ReadonlyMap<string, string>;
  /** Asking for it takes it: what a loop reads from must be left alone by a command that only reads files. So ask only when it is needed. */
  readonly stdin: string;
  /** What is printed goes to `/dev/null`, so it need not be exact. */
  readonly isUnread?: boolean;
  /** Milliseconds since the epoch. The script asked for the time. */
  now(): number;
  /** The script asked for the local time. */
  localZone(): Zone;
  /** The file's text, or null where there is none (or a folder). May wait for a fetch. */
  readFile(path: string): Promise<string | null>;
  /** Says that the answer depends on something that is not here (`isPassing`: this time). The verdict is blind then, whatever the command returns. */
  needs(what: string, isPassing?: boolean): void;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** `args` are without the command's own name. Never throws for bad input: that is a message on stderr and an exit code. */
export type Command = (args: readonly string[], io: CommandIo) => Promise<CommandResult>;
