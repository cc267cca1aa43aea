import * as v from 'valibot';
import { InvalidInput } from './errors';
import type { RegistrarDeps } from './ports';

const MILLISECONDS_PER_SECOND = 1_000;

/** Of the last instant that a Date holds. */
const MOST_SECONDS = 8.64e12;

// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html; the keys are in each record, whatever the stream's view is.
// The time is in seconds, rounded down, and need not be there:
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
const RecordSchema = v.object({
  eventSource: v.literal('aws:dynamodb'),
  dynamodb: v.object({
    Keys: v.object({ id: v.object({ S: v.string() }) }),
    ApproximateCreationDateTime: v.exactOptional(v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_SECONDS))),
  }),
});

/**
 * Which rows were written or deleted, and when that was last; `undefined` where the records do not say.
 *
 * @throws {InvalidInput} when a record is none of the schedules table's stream
 */
function changedRows(records: readonly unknown[]): ReadonlyMap<string, number | undefined> {
  const parsed = v.safeParse(v.array(RecordSchema), records);
  if (!parsed.success) {
    throw new InvalidInput(["Records are none of the schedules table's stream: give an event of DynamoDB Streams"]);
  }
  const rows = new Map<string, number | undefined>();
  for (const { dynamodb } of parsed.output) {
    const id = dynamodb.Keys.id.S;
    const times = [rows.get(id), dynamodb.ApproximateCreationDateTime].filter((time) => time !== undefined);
    rows.set(id, times.length === 0 ? undefined : Math.max(...times));
  }
  return rows;
}

export interface StreamAnswer {
  readonly noted: number;
}

/**
 * Notes which rows were written or deleted, by whomever, and when that was: records come a second later or, after a fault,
 * minutes, and a slot that was due in between is one of the row that was there already. One that fails fails the batch, which
 * Lambda brings again.
 */
export async function noteChanges(
  records: readonly unknown[],
  { ports, now }: Pick<RegistrarDeps, 'ports' | 'now'>,
): Promise<StreamAnswer> {
  const rows = changedRows(records);
  await Promise.all(
    [...rows].map(([id, seconds]) =>
      ports.states.noteAgain(
        id,
        now(),
        seconds === undefined ? undefined : new Date(Math.floor(seconds) * MILLISECONDS_PER_SECOND),
      ),
    ),
  );
  return { noted: rows.size };
}
