import type { Run } from '../shared/run.ts';
import type { Ask } from './ask.ts';

/** What setup needs of the machine it runs on. */
export interface SetupPorts {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: Run;
  readonly ask: Ask;
  readonly print: (text: string) => void;
}

/** Setup cannot go on; the message says what to do. */
export class SetupStopped extends Error {
  override readonly name = 'SetupStopped';
}
