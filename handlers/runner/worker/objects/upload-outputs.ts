import { messageOf, RunnerError } from '../../errors';
import { PART_BYTES } from '../../package/download';
import type { ObjectStore } from './object-store';
import type { Output } from './output-plan';

/** So many small files are on their way side by side. A large one goes alone, in parts side by side. */
const SMALL_FILES_AT_ONCE = 4;

/**
 * Uploads all of them. They appear one by one: S3 cannot put several objects there at once. Where one fails, the others
 * that were begun are given up.
 *
 * @throws {RunnerError} OUTPUT_NOT_STORED; `signal.reason` when it was aborted
 */
export async function uploadOutputs(
  store: Pick<ObjectStore, 'put'>,
  outputs: readonly Output[],
  signal: AbortSignal,
): Promise<void> {
  const failure = new AbortController();
  const either = AbortSignal.any([signal, failure.signal]);
  const put = async (output: Output) => {
    try {
      either.throwIfAborted();
      await store.put(output, either);
    } catch (cause) {
      failure.abort(cause);
      signal.throwIfAborted();
      throw new RunnerError(
        'OUTPUT_NOT_STORED',
        `The output could not be stored as s3://${output.bucket}/${output.key}: ${messageOf(cause)}`,
        { cause },
      );
    }
  };
  const small = outputs.filter(({ bytes }) => bytes <= PART_BYTES);
  const lane = async () => {
    for (let output = small.shift(); output !== undefined; output = small.shift()) {
      await put(output);
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: SMALL_FILES_AT_ONCE }, lane));
  const failed = lanes.find((each) => each.status === 'rejected');
  if (failed !== undefined) {
    throw failed.reason;
  }
  for (const output of outputs.filter(({ bytes }) => bytes > PART_BYTES)) {
    await put(output);
  }
}
