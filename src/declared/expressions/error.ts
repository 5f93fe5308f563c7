/** The expression cannot be used; `column` (from 0) says where in it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.column = column;
  }
}
