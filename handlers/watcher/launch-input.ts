import * as v from 'valibot';
import type { Payload, RunRecord } from '../shared/run';
import { PayloadSchema } from '../shared/run-record';

const LaunchSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.union([
    v.object({ input: PayloadSchema }),
    // A container run may have no input; what the others say of theirs is then null.
    v.pipe(
      v.object({ kind: v.literal('container') }),
      v.transform(() => ({ input: { inline: null } })),
    ),
  ]),
);

/** The run's input, of what handlers/starter keeps to start its tasks; `undefined` where it is not told. */
export function launchInput({ launch }: Pick<RunRecord, 'launch'>): Payload | undefined {
  const parsed = v.safeParse(LaunchSchema, launch);
  return parsed.success ? parsed.output.input : undefined;
}
