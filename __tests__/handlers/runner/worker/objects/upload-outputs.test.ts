import type { Output } from '../../../../../handlers/runner/worker/objects/output-plan';
import { uploadOutputs } from '../../../../../handlers/runner/worker/objects/upload-outputs';

const MIB = 1_024 * 1_024;
const never = new AbortController().signal;

function output(key: string, bytes = 1): Output {
  return { file: `/jobs/${key}`, bytes, bucket: 'b', key, contentType: 'text/plain', metadata: {} };
}

/** Each upload ends in the next turn, so that those which may run side by side do. */
function fakeStore(fails: string | undefined = undefined) {
  const running: string[] = [];
  const seen: string[] = [];
  const cutOff: string[] = [];
  return {
    seen,
    cutOff,
    put: async ({ key }: Output, signal: AbortSignal) => {
      running.push(key);
      seen.push(running.join(' '));
      if (key === fails) {
        throw new Error('refused');
      }
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) {
        cutOff.push(key);
        throw signal.reason;
      }
      running.splice(running.indexOf(key), 1);
    },
  };
}

test('small files go up four at a time, and then each large one alone', async () => {
  const store = fakeStore();
  const small = ['1', '2', '3', '4', '5'].map((key) => output(key));
  await uploadOutputs(store, [output('A', 9 * MIB), ...small, output('B', 9 * MIB)], never);

  expect(store.seen.map((running) => running.split(' ').length)).toEqual([1, 2, 3, 4, 4, 1, 1]);
  expect(store.seen.slice(-2)).toEqual(['A', 'B']);
});

test('where one fails the others are given up, none is begun any more, and the one is named', async () => {
  const store = fakeStore('2');
  const outputs = ['1', '2', '3', '4', '5', '6'].map((key) => output(key));

  await expect(uploadOutputs(store, [...outputs, output('A', 9 * MIB)], never)).rejects.toMatchObject({
    code: 'OUTPUT_NOT_STORED',
    message: 'The output could not be stored as s3://b/2: refused',
  });
  expect(store.cutOff).toEqual(['1', '3', '4']);
  expect(store.seen.at(-1)).toBe('1 2 3 4');
});

test('nothing is begun for a job that has been cut off', async () => {
  const store = fakeStore();
  const stopped = AbortSignal.abort(new Error('stopped'));

  await expect(uploadOutputs(store, [output('1')], stopped)).rejects.toThrow('stopped');
  expect(store.seen).toEqual([]);
});
