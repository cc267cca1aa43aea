import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' }) => void;

/**
 * V8 waits until 64 MB of buffers are garbage before it looks for them on their account, in each thread: more than all
 * else that the runner holds. A look through the young ones takes a fraction of a millisecond.
 */
const FREED_EACH_BYTES = 4 * 1_024 * 1_024;

let collect: Collect | undefined;
let droppedBytes = 0;

/** Says that so many bytes of buffers were used and dropped, and frees them when there are many. */
export function freeYoungMemory(bytes: number): void {
  droppedBytes += bytes;
  if (droppedBytes >= FREED_EACH_BYTES) {
    droppedBytes = 0;
    collect ??= collector();
    collect({ type: 'minor' });
  }
}

function collector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
