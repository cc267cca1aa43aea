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
      await store.put(output, either);
    } catch (cause) {
      // The first alone counts: it is why the others were given up.
      failure.abort(notStored(output, cause));
    }
  };
  const small = outputs.filter(({ bytes }) => bytes <= PART_BYTES);
  const large = outputs.filter(({ bytes }) => bytes > PART_BYTES);
  const lane = async (left: Output[]) => {
    for (let output = left.shift(); output !== undefined && !either.aborted; output = left.shift()) {
      await put(output);
    }
  };
  await Promise.all(Array.from({ length: SMALL_FILES_AT_ONCE }, () => lane(small)));
  await lane(large);
  either.throwIfAborted();
}

function notStored({ bucket, key }: Output, cause: unknown): RunnerError {
  const message = `The output could not be stored as s3://${bucket}/${key}: ${messageOf(cause)}`;
  return new RunnerError('OUTPUT_NOT_STORED', message, { cause });
}
