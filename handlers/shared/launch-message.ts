import * as v from 'valibot';

/**
 * A message of the launch queue: starts one attempt of a run whose row is PENDING. Whoever makes a row PENDING without
 * starting its task writes one, the watcher for a retry and the starter for a start that has to wait; the starter
 * reads them, in order. A message for a row that has moved on is dropped, so one too many does no harm.
 */
export interface LaunchMessage {
  readonly version: 1;
  readonly runId: string;
  readonly attempt: number;
  /** When the launch pacer lets the task start, ISO 8601 in UTC; absent where nobody has asked the pacer yet. */
  readonly launchAt?: string;
}

/** The queue is FIFO and has one group: one consumer at a time, so that starts keep their order and their pace. */
export const LAUNCH_MESSAGE_GROUP = 'launch';

const LaunchMessageSchema = v.strictObject({
  version: v.literal(1),
  runId: v.pipe(v.string(), v.minLength(1)),
  attempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  launchAt: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
});

/**
 * Reads the body of a message.
 *
 * @throws {SyntaxError} when it is no JSON
 * @throws {ValiError} when it is no launch
 */
export function parseLaunchMessage(body: string): LaunchMessage {
  return v.parse(LaunchMessageSchema, JSON.parse(body));
}
