/** A waiver that is in force. */
export interface Waiver {
  readonly gate: string;
  /** Null waives every finding of the gate. */
  readonly subject: string | null;
  readonly reason: string;
  readonly owner: string;
  /** ISO date, the last day on which it holds. */
  readonly expires: string;
}
