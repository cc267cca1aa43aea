import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { FakeStepFunctions } from '../../../support/worker/fake-step-functions';
import { FUNCTION_IMAGE, type ImageTask, startImageTask } from '../../../support/worker/image-task';
import {
  deployWorkerCases,
  kill,
  startActivityWorker,
  type WorkerProcess,
} from '../../../support/worker/worker-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

interface World {
  readonly states: FakeStepFunctions;
  readonly worker: WorkerProcess;
  readonly task: ImageTask;
  /** Has the worker do a task, and gives what the state got. */
  readonly ask: (name: string, event: Readonly<Record<string, unknown>>) => ReturnType<FakeStepFunctions['ended']>;
  /** Polls since the last task came. */
  readonly laterPolls: () => number;
}

/** A worker of a container-image function, whose runtime is started when the worker's Runtime API listens, and once. */
async function withWorker(
  use: (world: World) => Promise<void>,
  { handler, ...environment }: Readonly<Record<string, string>> = {},
): Promise<void> {
  const states = new FakeStepFunctions();
  await states.start();
  const configuration = { PackageType: 'Image', CodeSha256: 'of the image' };
  const functionArn = deployWorkerCases(aws, 'old', { imageUri: FUNCTION_IMAGE, configuration });
  const task = await startImageTask(handler);
  const worker = await startActivityWorker(aws, states.endpoint, functionArn, { ...task.environment, ...environment });
  const ask = (name: string, event: Readonly<Record<string, unknown>>) => {
    states.schedule({ name, input: JSON.stringify({ id: name, ...event }) });
    return states.ended(name);
  };
  const laterPolls = () =>
    states.requests.length - 1 - states.requests.findLastIndex((name) => name !== 'GetActivityTask');
  try {
    await use({ states, worker, task, ask, laterPolls });
  } finally {
    await kill(worker);
    await task.close();
    await states.close();
  }
}

describe('a worker of a container-image function', () => {
  test.concurrent('is healthy before any task comes, so that ECS starts the function, which does one task after another', () =>
    withWorker(async ({ states, task, worker, ask }) => {
      const { pid } = await task.container;
      const before = states.requests.filter((name) => name !== 'GetActivityTask');
      await worker.seen('runtime.ready');
      const ends = [await ask('one', {}), await ask('two', { behaviour: 'fails', errorName: 'E', message: 'm' })];

      expect(before).toEqual([]);
      // That the log names what Lambda does and a task does not.
      expect(worker.events()).toEqual(expect.arrayContaining(['image.extensions-not-started', 'image.named-by-tag']));
      expect([...ends, await ask('three', {})]).toEqual([
        { kind: 'succeeded', output: { id: 'one', pid, count: 1, code: 'old' } },
        { kind: 'failed', error: 'E', cause: expect.any(String) },
        { kind: 'succeeded', output: { id: 'three', pid, count: 3, code: 'old' } },
      ]);
    }));

  test.concurrent.each([
    // Seconds that a task may take: of a crash the runner hears when it asks ECS again.
    ['crashes', 'Runtime.ExitError', 'Runtime exited with error: exit status 9', '30'],
    ['hangs', 'Sandbox.Timedout', 'The runner ended the runtime.', '5'],
  ])(
    'reports a task that %s as %s, and ends, as no runtime can be started but by ECS',
    (behaviour, error, reason, seconds) =>
      withWorker(
        async ({ worker, ask, laterPolls }) => {
          const end = await ask('last', { behaviour });

          expect(end).toMatchObject({ kind: 'failed', error });
          expect(await worker.exited).toBe(79);
          expect(laterPolls()).toBe(0);
          const spent = worker
            .text()
            .stderr.split('\n')
            .find((line) => line.includes('"event":"worker.spent"'));
          expect(JSON.parse(spent ?? '{}')).toMatchObject({ level: 'error', reason });
          expect(worker.events().at(-1)).toBe('worker.ended');
        },
        { OVERTIME_TIMEOUT_SECONDS: seconds },
      ),
  );

  test.concurrent('ends with the handler of a dead token, for which it tells nothing', () =>
    withWorker(
      async ({ states, worker, laterPolls }) => {
        states.schedule({ name: 'dead', input: JSON.stringify({ behaviour: 'hangs' }) });
        await worker.seen('handler.invoked');
        states.abandon('dead');

        expect(await worker.exited).toBe(79);
        expect(states.requests.filter((name) => /^SendTask(Success|Failure) dead$/.test(name))).toEqual([]);
        expect(laterPolls()).toBe(0);
      },
      { OVERTIME_HEARTBEAT_MILLISECONDS: '200' },
    ));

  test.concurrent('whose runtime ended between two tasks lets its poll end, and gives back what that brings', () =>
    withWorker(async ({ states, worker, task }) => {
      states.holdMilliseconds = 60_000;
      await worker.seen('runtime.ready');
      await states.polled(1);
      (await task.container).kill('SIGKILL');
      await worker.seen('worker.spent');
      const polls = states.waitingPolls;
      states.schedule({ name: 'next', input: '{}' });

      expect(polls).toBe(1);
      expect(await states.ended('next')).toMatchObject({ kind: 'failed', error: 'Overtime.Interrupted' });
      expect(await worker.exited).toBe(79);
      expect(states.requests.filter((name) => name.startsWith('SendTaskHeartbeat'))).toEqual([]);
    }));

  test.concurrent('ends when its runtime cannot start, and takes no task', () =>
    withWorker(
      async ({ states, worker }) => {
        expect(await worker.exited).toBe(79);
        expect(states.requests.filter((name) => name !== 'GetActivityTask')).toEqual([]);
        expect(worker.events()).toEqual(expect.arrayContaining(['worker.spent', 'runtime.not-ready', 'worker.ended']));
      },
      { handler: 'missing.handler' },
    ));
});
