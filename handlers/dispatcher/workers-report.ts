/** What a look at the workers has come to. */
export interface WorkersReport {
  readonly waiting: number;
  readonly inFlight: number;
  readonly wanted: number;
  /** After the look. */
  readonly running: number;
  readonly started: number;
  /** Workers that could not be started, and those started before that never ran. */
  readonly missing: number;
  /** Why they could not be started. */
  readonly reason?: string;
}
