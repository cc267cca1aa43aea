import * as v from 'valibot';
import { InvalidInput } from './errors';
import type { RegistrarDeps } from './ports';

// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html; the keys are in each record, whatever the stream's view is.
const RecordSchema = v.object({
  eventSource: v.literal('aws:dynamodb'),
  dynamodb: v.object({ Keys: v.object({ id: v.object({ S: v.string() }) }) }),
});

/** @throws {InvalidInput} when a record is none of the schedules table's stream */
function changedIds(records: readonly unknown[]): readonly string[] {
  const parsed = v.safeParse(v.array(RecordSchema), records);
  if (!parsed.success) {
    throw new InvalidInput(["Records are none of the schedules table's stream: give an event of DynamoDB Streams"]);
  }
  return [...new Set(parsed.output.map((record) => record.dynamodb.Keys.id.S))];
}

export interface StreamAnswer {
  readonly noted: number;
}

/** Notes which rows were written or deleted, by whomever. One that fails fails the batch, which Lambda brings again. */
export async function noteChanges(
  records: readonly unknown[],
  { ports, now }: Pick<RegistrarDeps, 'ports' | 'now'>,
): Promise<StreamAnswer> {
  const ids = changedIds(records);
  await Promise.all(ids.map((id) => ports.states.note(id, now())));
  return { noted: ids.length };
}
