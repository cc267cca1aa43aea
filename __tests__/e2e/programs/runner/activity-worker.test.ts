import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type FakeAws, PAYLOAD_BUCKET, startFakeAws } from '../../../support/fake-aws';
import { FakeStepFunctions } from '../../../support/worker/fake-step-functions';
import {
  deployWorkerCases,
  kill,
  redeploy,
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
  readonly functionArn: string;
  readonly start: (environment?: Readonly<Record<string, string>>, words?: readonly string[]) => Promise<WorkerProcess>;
  /** Has the worker do a task, and gives what the state got. */
  readonly ask: (event: Readonly<Record<string, unknown>>) => ReturnType<FakeStepFunctions['ended']>;
}

/** An activity and a function of the test's own; of its workers nothing is left. */
async function withActivity(use: (world: World) => Promise<void>): Promise<void> {
  const states = new FakeStepFunctions();
  await states.start();
  const functionArn = deployWorkerCases(aws);
  const workers: WorkerProcess[] = [];
  const start = async (environment: Readonly<Record<string, string>> = {}, words: readonly string[] = []) => {
    const worker = await startActivityWorker(aws, states.endpoint, functionArn, environment, words);
    workers.push(worker);
    return worker;
  };
  const ask = (event: Readonly<Record<string, unknown>>) => {
    const name = randomUUID();
    states.schedule({ name, input: JSON.stringify({ id: name, ...event }) });
    return states.ended(name);
  };
  try {
    await use({ states, functionArn, start, ask });
  } finally {
    await Promise.all(workers.map(kill));
    await states.close();
  }
}

const beatsFor = (states: FakeStepFunctions, name: string) =>
  states.requests.filter((request) => request === `SendTaskHeartbeat ${name}`).length;

/** Has the worker do a task that takes until so many heartbeats have come. */
async function endsAfterBeats({ states, worker, name, beats }: Beaten): ReturnType<FakeStepFunctions['ended']> {
  const file = path.join(worker.folder, name);
  states.schedule({ name, input: JSON.stringify({ behaviour: 'waits', file }) });
  await states.seen(`SendTaskHeartbeat ${name}`, beats);
  writeFileSync(file, '');
  return states.ended(name);
}

interface Beaten {
  readonly states: FakeStepFunctions;
  readonly worker: WorkerProcess;
  readonly name: string;
  readonly beats: number;
}

describe('a worker of an activity', () => {
  test.concurrent('does one task after another with one runtime, under a name that fits', () =>
    withActivity(async ({ states, start, ask }) => {
      await start();
      const ends = [await ask({}), await ask({}), await ask({})];

      const outputs = ends.map(({ output }) => output as { pid: number; count: number });
      expect(outputs.map(({ count }) => count)).toEqual([1, 2, 3]);
      expect(new Set(outputs.map(({ pid }) => pid)).size).toBe(1);
      expect([...states.workerNames]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    }));

  test.concurrent('sends the first heartbeat before it fetches the function, and none after the outcome', () =>
    withActivity(async ({ states, functionArn, start }) => {
      const downloads: [string, number][] = [];
      states.onRequest = (name) =>
        downloads.push([name, aws.requests.filter((request) => request === `Download ${functionArn}`).length]);
      const worker = await start({ OVERTIME_HEARTBEAT_MILLISECONDS: '200' });
      await endsAfterBeats({ states, worker, name: 'slow', beats: 3 });
      await new Promise((resolve) => setTimeout(resolve, 600));

      const ofTask = states.requests.filter((name) => name.endsWith(' slow'));
      expect(downloads.find(([name]) => name === 'SendTaskHeartbeat slow')).toEqual(['SendTaskHeartbeat slow', 0]);
      expect(ofTask.length).toBeGreaterThanOrEqual(4);
      expect(ofTask).toEqual([...Array(ofTask.length - 1).fill('SendTaskHeartbeat slow'), 'SendTaskSuccess slow']);
    }));

  test.concurrent('answers for a task whose input it cannot read, and works on', () =>
    withActivity(async ({ states, start, ask }) => {
      states.schedule({ name: 'garbled', input: '{"half": ' });
      await start();

      expect(await states.ended('garbled')).toEqual({
        kind: 'failed',
        error: 'INPUT_UNAVAILABLE',
        cause: JSON.stringify({
          errorType: 'INPUT_UNAVAILABLE',
          errorMessage: 'The input is not JSON.',
          trace: [],
        }),
      });
      expect(await ask({})).toMatchObject({ kind: 'succeeded' });
    }));

  test.concurrent('reports what the handler returns or throws as Lambda would, within the limits of Step Functions', () =>
    withActivity(async ({ start, ask }) => {
      await start();
      const nothing = await ask({ behaviour: 'undefined' });
      const thrown = await ask({ behaviour: 'fails', errorName: 'OutOfGranules', message: 'none left' });
      const long = await ask({ behaviour: 'fails', errorName: 'E', message: '😀', times: 20_000 });
      const text = await ask({ behaviour: 'throws-text' });
      const undefinedThrown = await ask({ behaviour: 'throws-undefined' });
      const crashed = await ask({ behaviour: 'crashes' });
      const after = await ask({});

      expect(nothing).toEqual({ kind: 'succeeded', output: null });
      expect(thrown).toEqual({ kind: 'failed', error: 'OutOfGranules', cause: expect.any(String) });
      expect(JSON.parse(thrown.cause ?? '')).toEqual({
        errorType: 'OutOfGranules',
        errorMessage: 'none left',
        trace: expect.arrayContaining([expect.stringContaining('OutOfGranules: none left')]),
      });
      expect(long).toEqual({ kind: 'failed', error: 'E'.repeat(256), cause: expect.any(String) });
      expect(JSON.parse(long.cause ?? '').errorMessage).toMatch(/^(😀)+$/u);
      expect(text).toMatchObject({ kind: 'failed', error: 'string' });
      expect(undefinedThrown).toMatchObject({ kind: 'failed', error: 'string' });
      expect(crashed).toMatchObject({ kind: 'failed', error: 'Runtime.ExitError' });
      expect(after).toMatchObject({ kind: 'succeeded', output: { count: 1 } });
    }));

  test.concurrent('counts an output in bytes, and passes one that is too large through the payload bucket', () =>
    withActivity(async ({ start, ask }) => {
      await start();
      // With the two quotes of JSON: 262,144 bytes, and one letter more.
      const fits = await ask({ behaviour: 'repeats', text: 'ü', times: 131_071 });
      const large = await ask({ behaviour: 'repeats', text: 'ü', times: 131_072 });

      expect(fits).toEqual({ kind: 'succeeded', output: 'ü'.repeat(131_071) });
      const { output } = large as { output: { runId: string } };
      expect(output).toEqual({
        overtime: 'payload-pointer',
        runId: expect.any(String),
        bytes: 262_146,
        bucket: PAYLOAD_BUCKET,
        key: `outputs/${output.runId}/1.json`,
      });
      expect(aws.objects.get(`${PAYLOAD_BUCKET}/outputs/${output.runId}/1.json`)).toBe(`"${'ü'.repeat(131_072)}"`);
    }));

  test.concurrent('fails a task whose output is too large and has no bucket to go to', () =>
    withActivity(async ({ start, ask }) => {
      await start({ OVERTIME_PAYLOAD_BUCKET: '' });
      const end = await ask({ behaviour: 'repeats', text: 'ü', times: 131_072 });

      expect(end).toMatchObject({ kind: 'failed', error: 'States.DataLimitExceeded' });
    }));

  test.concurrent.each(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'])(
    'a token that is dead, as %s tells, ends the handler and its runtime, and the worker works on',
    (fault) =>
      withActivity(async ({ states, start, ask }) => {
        await start({ OVERTIME_HEARTBEAT_MILLISECONDS: '200' });
        const before = await ask({});
        states.schedule({ name: 'dead', input: JSON.stringify({ behaviour: 'hangs' }) });
        await states.seen('SendTaskHeartbeat dead', 2);
        states.faults.set('SendTaskHeartbeat dead', [fault]);
        const after = await ask({});

        const processOf = (end: { output?: unknown }) => (end.output as { pid: number }).pid;
        expect(processOf(after)).not.toBe(processOf(before));
        expect(states.requests.filter((name) => /^SendTask(Success|Failure) dead$/.test(name))).toEqual([]);
      }),
  );

  test.concurrent('a task that timed out while it was being answered for costs the worker nothing', () =>
    withActivity(async ({ states, start, ask }) => {
      const worker = await start();
      states.schedule({ name: 'late', input: JSON.stringify({ behaviour: 'sleeps', milliseconds: 300 }) });
      await states.seen('SendTaskHeartbeat late');
      states.abandon('late');
      await states.seen('SendTaskSuccess late');

      expect(await ask({})).toMatchObject({ kind: 'succeeded', output: { count: 2 } });
      expect(worker.events()).toContain('outcome.nobody-waits');
      expect(states.requests.filter((name) => name.endsWith(' late')).slice(-1)).toEqual(['SendTaskSuccess late']);
    }));

  test.concurrent('tries to answer again while Step Functions throttles or fails, and polls again likewise', () =>
    withActivity(async ({ states, start, ask }) => {
      states.faults.set('GetActivityTask', [
        'ThrottlingException',
        'unavailable',
        'lost',
        'ActivityWorkerLimitExceeded',
      ]);
      states.faults.set('SendTaskSuccess', ['ThrottlingException', 'unavailable', 'lost']);
      states.faults.set('SendTaskHeartbeat', ['AccessDeniedException', 'ThrottlingException']);
      const worker = await start();

      expect(await ask({})).toMatchObject({ kind: 'succeeded' });
      expect(worker.events().filter((event) => event === 'poll.failed')).toHaveLength(4);
      expect(states.requests.filter((name) => name.startsWith('SendTaskSuccess'))).toHaveLength(4);
    }));

  test.concurrent.each(['ActivityDoesNotExist', 'AccessDeniedException'])(
    'ends with the exit code 77 when its poll is refused with %s',
    (fault) =>
      withActivity(async ({ states, start }) => {
        states.faults.set('GetActivityTask', [fault]);
        const worker = await start();

        expect(await worker.exited).toBe(77);
        expect(worker.events()).toEqual(['worker.begins', 'poll.refused', 'worker.ended']);
      }),
  );

  test.concurrent('with a concurrency of three, three polls wait and three tasks are done side by side', () =>
    withActivity(async ({ states, start }) => {
      states.holdMilliseconds = 20_000;
      await start({ OVERTIME_CONCURRENCY: '3' });
      await states.polled(3);
      const names = ['one', 'two', 'three', 'four'];
      for (const name of names) {
        states.schedule({ name, input: JSON.stringify({ id: name, behaviour: 'sleeps', milliseconds: 1_500 }) });
      }
      await Promise.all(['one', 'two', 'three'].map((name) => states.seen(`SendTaskHeartbeat ${name}`)));
      const begunBeforeAnEnd = states.book().filter(({ attempts }) => attempts === 1);
      const ends = await Promise.all(names.map((name) => states.ended(name)));

      expect(begunBeforeAnEnd.map(({ name }) => name)).toEqual(['one', 'two', 'three']);
      expect(new Set(ends.map(({ output }) => (output as { pid: number }).pid)).size).toBe(3);
    }));

  test.concurrent('more than ten polls wait side by side without a warning', () =>
    withActivity(async ({ states, start }) => {
      states.holdMilliseconds = 20_000;
      const worker = await start({ OVERTIME_CONCURRENCY: '12' });
      await states.polled(12);

      expect(worker.text().stderr).not.toContain('MaxListenersExceededWarning');
    }));

  test.concurrent('takes the function’s new code for the next task when it has changed', () =>
    withActivity(async ({ functionArn, start, ask }) => {
      await start({ OVERTIME_CODE_CHECK_SECONDS: '1' });
      const before = await ask({});
      redeploy(aws, functionArn, 'new');
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      const after = await ask({});

      expect([before, after].map(({ output }) => (output as { code: string }).code)).toEqual(['old', 'new']);
    }));

  test.concurrent('ends a handler that takes longer than a task may, and works on', () =>
    withActivity(async ({ start, ask }) => {
      // As long as a busy machine may take for the one after it.
      await start({ OVERTIME_TIMEOUT_SECONDS: '5' });

      expect(await ask({ behaviour: 'hangs' })).toMatchObject({
        kind: 'failed',
        error: 'Sandbox.Timedout',
        cause: expect.stringContaining('Task timed out after 5.00 seconds'),
      });
      expect(await ask({})).toMatchObject({ kind: 'succeeded', output: { count: 1 } });
    }));

  test.concurrent('ends with 0 after a time without tasks', () =>
    withActivity(async ({ start, ask }) => {
      const worker = await start({ OVERTIME_IDLE_SECONDS: '1', OVERTIME_CONCURRENCY: '2' });
      await ask({});

      expect(await worker.exited).toBe(0);
      expect(worker.text().stderr).toContain('"event":"worker.ended"');
      expect(worker.text().stderr).toContain('"end":"idle"');
    }));

  test.concurrent('obeys words of the command line beside its variables', () =>
    withActivity(async ({ states, start }) => {
      const worker = await start({}, ['cumulus-ecs-task', '--heartbeat', '100']);

      // Without the words, so many would take longer than the test may.
      expect(await endsAfterBeats({ states, worker, name: 'beaten', beats: 8 })).toMatchObject({ kind: 'succeeded' });
    }));

  test.concurrent('beats on and on without a heap of listeners', () =>
    withActivity(async ({ states, start }) => {
      const worker = await start({ OVERTIME_HEARTBEAT_MILLISECONDS: '100' });
      // Node.js warns of more than ten.
      await endsAfterBeats({ states, worker, name: 'beaten', beats: 13 });

      expect(worker.text().stderr).not.toContain('MaxListenersExceededWarning');
    }));

  test.concurrent('writes neither tokens nor inputs nor outputs to its log', () =>
    withActivity(async ({ start, ask }) => {
      const worker = await start();
      await ask({ behaviour: 'repeats', text: 'geheim', times: 2 });
      const { stdout, stderr } = worker.text();

      expect(`${stdout}${stderr}`).not.toMatch(/token-\d|geheim/);
    }));
});

describe('a worker that is told to stop', () => {
  test.concurrent('lets its poll end, and gives back at once what that brings', () =>
    withActivity(async ({ states, start }) => {
      states.holdMilliseconds = 20_000;
      const worker = await start();
      await states.polled(1);
      worker.child.kill('SIGTERM');
      await worker.seen('worker.stopping');
      const polls = states.waitingPolls;
      states.schedule({ name: 'too-late', input: '{}' });
      const end = await states.ended('too-late');

      expect(polls).toBe(1);
      expect(end).toMatchObject({ kind: 'failed', error: 'Overtime.Interrupted' });
      expect(await worker.exited).toBe(143);
      expect(worker.text().stdout).not.toContain('the handler runs');
    }));

  test.concurrent('ends with 0 when its poll brings nothing', () =>
    withActivity(async ({ states, start }) => {
      states.holdMilliseconds = 1_000;
      const worker = await start();
      await states.polled(1);
      worker.child.kill('SIGTERM');

      expect(await worker.exited).toBe(0);
    }));

  test.concurrent('cuts its poll off when the time that it has is over', () =>
    withActivity(async ({ states, start }) => {
      states.holdMilliseconds = 50_000;
      const worker = await start({ OVERTIME_STOP_TIMEOUT_SECONDS: '2' });
      await states.polled(1);
      const begun = performance.now();
      worker.child.kill('SIGTERM');

      expect(await worker.exited).toBe(0);
      expect(performance.now() - begun).toBeLessThan(40_000);
    }));

  test.concurrent('lets a handler finish that can in the time left, and reports it', () =>
    withActivity(async ({ states, start }) => {
      const worker = await start();
      states.schedule({ name: 'short', input: JSON.stringify({ behaviour: 'sleeps', milliseconds: 1_000 }) });
      await worker.seen('the handler runs');
      worker.child.kill('SIGTERM');

      expect(await states.ended('short')).toMatchObject({ kind: 'succeeded' });
      expect(await worker.exited).toBe(0);
    }));

  test.concurrent('gives back a task whose handler cannot finish, under an error that a state can try again', () =>
    withActivity(async ({ states, start }) => {
      const worker = await start({ OVERTIME_STOP_TIMEOUT_SECONDS: '2' });
      states.schedule({ name: 'long', input: JSON.stringify({ behaviour: 'hangs' }), retry: ['Overtime.Interrupted'] });
      await worker.seen('the handler runs');
      worker.child.kill('SIGTERM');
      const code = await worker.exited;
      const other = await start();
      await other.seen('the handler runs');

      expect(code).toBe(143);
      expect(states.book()).toEqual([{ name: 'long', attempts: 2, ends: [] }]);
    }));

  test.concurrent('and killed in the middle of a task leaves it to another worker when its heartbeats stay out', () =>
    withActivity(async ({ states, start }) => {
      const environment = { OVERTIME_HEARTBEAT_MILLISECONDS: '200' };
      const worker = await start(environment);
      const input = JSON.stringify({ id: 'x', behaviour: 'sleeps', milliseconds: 1_500 });
      const retry = ['States.HeartbeatTimeout'];
      states.schedule({ name: 'orphan', input, retry });
      await worker.seen('the handler runs');
      await kill(worker);
      const beats = beatsFor(states, 'orphan');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(beatsFor(states, 'orphan')).toBe(beats);
      // The time that a state gives its heartbeats is here over when the test says so: a busy worker is slow to send one.
      states.abandon('orphan', 'States.HeartbeatTimeout');
      await start(environment);

      expect(await states.ended('orphan')).toMatchObject({ kind: 'succeeded', output: { id: 'x' } });
      expect(states.book()).toEqual([{ name: 'orphan', attempts: 2, ends: [expect.anything()] }]);
    }));
});
