import { deferred } from '../../../../handlers/runner/deferred';
import { onlyRuntime, RuntimeSpentError } from '../../../../handlers/runner/host/only-runtime';
import type { Runtime, RuntimeEnd } from '../../../../handlers/runner/runtime';

const ROOTS = { taskRoot: '/var/task', layersRoot: '/opt' };
const FUNCTION = {
  codeSha256: '0a',
  container: { kind: 'image', runtimeApiPort: 9001, imageUri: 'i', environmentSha256: 'e', metadataUrl: 'm' },
} as const;

function make() {
  const ending = deferred<RuntimeEnd>();
  let stops = 0;
  const runtime: Runtime = {
    started: Promise.resolve({ kind: 'ready' }),
    invoke: () => Promise.reject(new Error('not called')),
    settled: async () => true,
    ended: () => undefined,
    ending: ending.promise,
    stop: async () => {
      stops += 1;
    },
  };
  const only = onlyRuntime(async () => runtime);
  return { only, end: ending.resolve, start: () => only.startRuntime(FUNCTION, ROOTS), stops: () => stops };
}

test('a runtime is started once, and another never', async () => {
  const { start } = make();
  await start();

  await expect(start()).rejects.toThrow(RuntimeSpentError);
});

test.each<[string, RuntimeEnd]>([
  ['Runtime exited with error: exit status 3', { kind: 'exited', code: 3, signal: null }],
  ['ECS could not start it', { kind: 'not-started', message: 'ECS could not start it', code: undefined }],
  ['exit code 0', { kind: 'extension-failed', name: 'x', errorType: 'Extension.Crash', text: 'exit code 0' }],
])('when it has ended by itself the reason is how: %s', async (reason, end) => {
  const made = make();
  await made.start();
  const before = made.only.spent.aborted;
  made.end(end);
  await new Promise(setImmediate);

  expect([before, made.only.spent.aborted, made.only.spent.reason]).toEqual([false, true, reason]);
});

test('when the runner ends it, that is known before it is over', async () => {
  const { only, start, stops } = make();
  const runtime = await start();
  const stopping = runtime.stop('timeout', 1_000);

  expect([only.spent.aborted, only.spent.reason]).toEqual([true, 'The runner ended the runtime.']);
  await stopping;
  expect(stops()).toBe(1);
});
