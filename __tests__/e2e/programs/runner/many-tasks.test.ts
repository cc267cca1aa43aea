import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { FakeStepFunctions } from '../../../support/worker/fake-step-functions';
import {
  deployWorkerCases,
  kill,
  startActivityWorker,
  type WorkerProcess,
} from '../../../support/worker/worker-process';

// A quiet machine takes 8 s, and none hangs.
jest.setTimeout(600_000);

const TASKS = 500;
const WORKERS = 3;

/** One of so many calls goes wrong, each time in the next of these ways. */
const EVERY = 7;
const FAULTS = ['ThrottlingException', 'unavailable', 'lost', 'answer-lost'];

/** When that many tasks have ended, a worker is killed or told to stop, and another takes its place. */
const ENDS = [
  { after: 60, signal: 'SIGKILL' },
  { after: 140, signal: 'SIGTERM' },
  { after: 220, signal: 'SIGKILL' },
  { after: 300, signal: 'SIGTERM' },
  { after: 380, signal: 'SIGKILL' },
] as const;

/** Every tenth fails by its own doing, and says so; every eleventh takes so long that a kill finds it at work. */
function eventOf(index: number): Readonly<Record<string, unknown>> {
  if (index % 10 === 9) {
    return { id: index, behaviour: 'fails', errorName: 'OwnDoing', message: 'as asked' };
  }
  return { id: index, ...(index % 11 === 10 ? { behaviour: 'sleeps', milliseconds: 400 } : {}) };
}

let aws: FakeAws;
let states: FakeStepFunctions;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  aws = await startFakeAws();
  states = new FakeStepFunctions();
  await states.start();
});

afterAll(async () => {
  await Promise.all(workers.map(kill));
  await states.close();
  await aws.close();
});

test('500 tasks on three workers that are throttled, cut off, stopped and killed each end exactly once', async () => {
  const functionArn = deployWorkerCases(aws);
  const start = async () => {
    const environment = { OVERTIME_CONCURRENCY: '3', OVERTIME_HEARTBEAT_MILLISECONDS: '300' };
    workers.push(await startActivityWorker(aws, states.endpoint, functionArn, environment));
  };
  for (const action of ['GetActivityTask', 'SendTaskHeartbeat', 'SendTaskSuccess', 'SendTaskFailure']) {
    const faults = Array.from({ length: TASKS }, (_, call) =>
      call % EVERY === EVERY - 1 ? (FAULTS[Math.floor(call / EVERY) % FAULTS.length] ?? '') : '',
    );
    states.faults.set(action, faults);
  }
  for (let index = 0; index < TASKS; index += 1) {
    states.schedule({
      name: `task-${index}`,
      input: JSON.stringify(eventOf(index)),
      // Longer than a busy machine keeps a worker waiting.
      heartbeatMilliseconds: 10_000,
      retry: ['States.HeartbeatTimeout', 'Overtime.Interrupted'],
    });
  }
  await Promise.all(Array.from({ length: WORKERS }, start));
  for (const { after, signal } of ENDS) {
    await states.endedInAll(after);
    workers[workers.length - WORKERS]?.child.kill(signal);
    await start();
  }
  await states.endedInAll(TASKS);

  const wrong = states.book().filter(({ name, ends }) => {
    const index = Number(name.slice('task-'.length));
    const [end] = ends;
    const isRight =
      index % 10 === 9
        ? end?.error === 'OwnDoing'
        : end?.kind === 'succeeded' && (end.output as { id: number }).id === index;
    return ends.length !== 1 || !isRight;
  });
  expect(wrong).toEqual([]);
  expect(states.book()).toHaveLength(TASKS);
  // The faults did come, and some tasks had to be given to another worker.
  expect(states.book().filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(0);
  expect([...states.faults.values()].map((faults) => faults.length < TASKS / 2)).toEqual([true, true, true, false]);
});
