import * as v from 'valibot';
import type { Payload, RunRecord } from '../shared/run';
import { PayloadSchema } from '../shared/run-record';

const LaunchSchema = v.pipe(v.string(), v.parseJson(), v.object({ input: PayloadSchema }));

/** The run's input, of what handlers/starter keeps to start its tasks; `undefined` where it is not told. */
export function launchInput({ launch }: Pick<RunRecord, 'launch'>): Payload | undefined {
  const parsed = v.safeParse(LaunchSchema, launch);
  return parsed.success ? parsed.output.input : undefined;
}
