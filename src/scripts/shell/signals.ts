/**
 * What unwinds the interpreter. Each is caught by exactly the construct that it leaves.
 * They are no errors: taking the stack of each would cost more than the loop's round that it ends.
 */

/** `exit`, `set -e`, or an error that ends a script. */
export class ExitShell {
  readonly status: number;

  constructor(status: number) {
    this.status = status & 255;
  }
}

export class ReturnFrom {
  readonly status: number;

  constructor(status: number) {
    this.status = status & 255;
  }
}

export class LeaveLoop {
  readonly kind: 'break' | 'continue';
  readonly levels: number;

  constructor(kind: 'break' | 'continue', levels: number) {
    this.kind = kind;
    this.levels = levels;
  }
}

/** An error of expansion or assignment: the whole command at the top level is given up, the script goes on with the next one. */
export class DiscardCommand {
  readonly status = 1;
  /** Bash ends a script with `set -e` for most of them, but not for errors of arithmetic. */
  readonly isFailure: boolean;

  constructor(isFailure = true) {
    this.isFailure = isFailure;
  }
}

/** The script used up what it may use. Nothing catches it but the caller of the whole script. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
}
