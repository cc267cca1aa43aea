import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../../support/eventually';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { processesThatMention } from '../../../support/leftovers';
import { FakeStepFunctions, type TaskEnd } from '../../../support/worker/fake-step-functions';
import { ACTIVITY_ARN, kill, startWorker, type WorkerProcess } from '../../../support/worker/worker-process';

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
  readonly ask: (input: unknown) => Promise<TaskEnd>;
}

/** A worker whose command is a line for the shell. */
async function withCommand(
  line: string,
  environment: Readonly<Record<string, string>>,
  use: (world: World) => Promise<void>,
): Promise<void> {
  const states = new FakeStepFunctions();
  await states.start();
  const worker = await startWorker(aws, {
    endpoints: { AWS_ENDPOINT_URL_SFN: states.endpoint },
    environment: {
      OVERTIME_ACTIVITY_ARN: ACTIVITY_ARN,
      OVERTIME_COMMAND: JSON.stringify(['/bin/sh', '-c', line]),
      ...environment,
    },
  });
  let tasks = 0;
  const ask = (input: unknown) => {
    tasks += 1;
    states.schedule({ name: `task-${tasks}`, input: JSON.stringify(input) });
    return states.ended(`task-${tasks}`);
  };
  try {
    await use({ states, worker, ask });
  } finally {
    await kill(worker);
    await states.close();
  }
}

const tasksOf = ({ folder }: WorkerProcess) => {
  const tasks = path.join(folder, 'work', 'tasks');
  return existsSync(tasks) ? readdirSync(tasks) : [];
};

test.concurrent('a command gets its input as a file and on stdin, works in an empty folder of its own, and nothing is left', () =>
  withCommand(
    'cat > copy; cmp -s copy "$OVERTIME_INPUT_FILE" && printf \'{"input":%s,"name":"%s","files":"%s","id":"%s"}\' ' +
      '"$(cat "$OVERTIME_INPUT_FILE")" "$OVERTIME_TASK_NAME" "$(ls)" "$OVERTIME_TASK_ID" > "$OVERTIME_OUTPUT_FILE"',
    {},
    async ({ worker, ask }) => {
      const first = await ask({ scene: 'grüße' });
      const second = await ask({ scene: 2 });

      expect(first).toEqual({
        kind: 'succeeded',
        output: { input: { scene: 'grüße' }, name: 'work', files: 'copy', id: expect.any(String) },
      });
      expect(second).toMatchObject({ output: { input: { scene: 2 }, files: 'copy' } });
      expect(tasksOf(worker)).toEqual([]);
    },
  ));

test.concurrent('without an output file, the last line on stdout is the output, and all of it is in the log', () =>
  withCommand('echo at work; echo \'{"done": true}\'', {}, async ({ worker, ask }) => {
    expect(await ask({})).toEqual({ kind: 'succeeded', output: { done: true } });
    expect(worker.text().stdout).toContain('at work\n');
  }));

test.concurrent('an exit code other than 0 fails the task with what the command said last', () =>
  withCommand('echo no such scene >&2; exit 3', {}, async ({ worker, ask }) => {
    const end = await ask({});

    expect(end).toMatchObject({ kind: 'failed', error: 'Overtime.CommandFailed' });
    expect(JSON.parse(end.cause ?? '')).toEqual({
      errorType: 'Overtime.CommandFailed',
      errorMessage: 'exit status 3\nno such scene',
      trace: [],
    });
    expect(tasksOf(worker)).toEqual([]);
  }));

test.concurrent('a command that is not there fails the task, and says so', () =>
  withCommand('', { OVERTIME_COMMAND: '["/no/such/program"]' }, async ({ ask }) => {
    expect(await ask({})).toMatchObject({
      kind: 'failed',
      error: 'Overtime.CommandFailed',
      cause: expect.stringContaining('/no/such/program, or the interpreter that its first line names, is not there.'),
    });
  }));

test.concurrent('a command that takes too long is ended with everything that it started', () =>
  withCommand(
    '(setsid sleep 4321 &) ; trap "" TERM; sleep 4321',
    { OVERTIME_TIMEOUT_SECONDS: '1', OVERTIME_STOP_TIMEOUT_SECONDS: '1' },
    async ({ worker, ask }) => {
      expect(await ask({})).toMatchObject({ kind: 'failed', error: 'Sandbox.Timedout' });
      const left = await eventually('the end of its processes', async () => {
        const found = await processesThatMention(worker.folder);
        const sleeps = found.filter((each) => each.startsWith('sleep 4321'));
        return sleeps.length === 0 ? sleeps : undefined;
      });
      expect(left).toEqual([]);
      expect(tasksOf(worker)).toEqual([]);
    },
  ));

test.concurrent('what a command leaves running in the background does not go on with the next task', () =>
  withCommand('(sleep 8765 &) ; echo 1', {}, async ({ worker, ask }) => {
    expect(await ask({})).toEqual({ kind: 'succeeded', output: 1 });
    const left = await eventually('the end of its processes', async () => {
      const found = await processesThatMention(worker.folder);
      const sleeps = found.filter((each) => each.startsWith('sleep 8765'));
      return sleeps.length === 0 ? sleeps : undefined;
    });
    expect(left).toEqual([]);
  }));

test.concurrent('commands of several tasks run side by side, each in its own folder', () =>
  withCommand('sleep 1; echo "\\"$(pwd)\\""', { OVERTIME_CONCURRENCY: '3' }, async ({ states, ask }) => {
    const ends = await Promise.all([ask({}), ask({}), ask({})]);
    const firstEnd = states.requests.findIndex((request) => request.startsWith('SendTaskSuccess'));
    const begun = states.requests.slice(0, firstEnd).filter((request) => request.startsWith('SendTaskHeartbeat'));

    expect(new Set(ends.map(({ output }) => output)).size).toBe(3);
    expect(new Set(begun).size).toBe(3);
  }));

test.concurrent('when the worker is told to stop, the command goes on, then hears SIGTERM, and its task is given back', () =>
  withCommand(
    'trap "echo heard; exit 1" TERM; echo begun; while :; do sleep 0.1; done',
    // Of these, two and a half are between SIGTERM and SIGKILL, which is the most.
    { OVERTIME_STOP_TIMEOUT_SECONDS: '10' },
    async ({ worker, ask }) => {
      const asked = ask({});
      await worker.seen('begun');
      worker.child.kill('SIGTERM');

      expect(await asked).toMatchObject({ kind: 'failed', error: 'Overtime.Interrupted' });
      expect(await worker.exited).toBe(143);
      expect(worker.text().stdout).toContain('heard');
    },
  ));

test.concurrent('a task that nobody waits for any more ends its command', () =>
  withCommand('sleep 6543', { OVERTIME_HEARTBEAT_MILLISECONDS: '200' }, async ({ states, worker, ask }) => {
    void ask({});
    await states.seen('SendTaskHeartbeat task-1', 2);
    states.abandon('task-1');
    await worker.seen('task.finished');

    expect(worker.text().stderr).toContain('"status":"CANCELLED"');
    expect(states.requests.filter((request) => /^SendTask(Success|Failure)/.test(request))).toEqual([]);
  }));
