import fc from 'fast-check';
import { beginWrite } from '../../../handlers/shared/ledger/attempt';
import { type Ending, endWrite } from '../../../handlers/shared/ledger/ending';
import { ledgerUpdate } from '../../../handlers/shared/ledger/update';
import { isFinal, type RunRecord } from '../../../handlers/shared/run';
import { parseRunRecord } from '../../../handlers/shared/run-record';
import { stoppedTask } from '../../../handlers/watcher/stopped-task';
import { watch } from '../../../handlers/watcher/watcher';
import { LEDGER_TABLE } from '../../support/fake-aws';
import { applyWrite, STARTING_RECORD } from '../../support/ledger-rows';
import { taskEvent } from '../../support/task-events';
import { watcherWorld } from '../../support/watcher-world';

const BEGIN = Date.parse('2026-11-21T00:00:00.000Z');
const MINUTE = 60_000;
const MAX_ATTEMPTS = 3;

/** What becomes of a task. */
const FATES = ['succeeds', 'fails', 'dies before it begins', 'dies in the handler', 'loses its last write'] as const;

interface Fate {
  readonly fate: (typeof FATES)[number];
  /** How often the event of its stop arrives. */
  readonly events: number;
  /** How often its launch is asked for besides. */
  readonly extraLaunches: number;
}

const fates = fc.array(
  fc.record({
    fate: fc.constantFrom(...FATES),
    events: fc.integer({ min: 0, max: 3 }),
    extraLaunches: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: MAX_ATTEMPTS, maxLength: MAX_ATTEMPTS },
);

/** A run with its starter, its tasks and its watchers, each call of which takes effect when the scheduler says. */
function life(all: readonly Fate[], scheduler: fc.Scheduler) {
  const world = watcherWorld();
  const invocations: number[] = [];
  const begun: Promise<unknown>[] = [];
  const arns = new Map<number, string>();
  let [clock, processes] = [BEGIN, 0];
  const turn = (call: string) => scheduler.schedule(Promise.resolve(), call);
  const now = () => new Date(clock);
  const watcher = () => {
    processes += 1;
    return world.watcher({ id: `watcher-${processes}`, now: now(), turn });
  };
  const row = () => parseRunRecord(world.table.get('run-1'));

  const runTask = async (attempt: number, taskArn: string) => {
    const { fate, events } = all[attempt - 1] ?? { fate: 'succeeds', events: 1 };
    processes += 1;
    const runnerId = `runner-${processes}`;
    await turn('the task starts');
    let exitCode = 137;
    if (fate !== 'dies before it begins') {
      const key = { tableName: LEDGER_TABLE, runId: 'run-1', attempt, runnerId };
      const begin = applyWrite(world.table, beginWrite(key, taskArn, now()));
      exitCode = begin.kind === 'written' ? 137 : 65;
      if (begin.kind === 'written') {
        invocations.push(attempt);
        await turn('the handler runs');
        const endings: Partial<Record<Fate['fate'], Ending>> = {
          succeeds: { status: 'SUCCEEDED', exitCode: 0 },
          fails: { status: 'FAILED', exitCode: 70 },
        };
        const ending = endings[fate];
        if (ending !== undefined) {
          const by = { kind: 'runner', id: runnerId } as const;
          applyWrite(world.table, endWrite({ tableName: LEDGER_TABLE, record: begin.record, by, ending, now: now() }));
        }
        exitCode = ending?.exitCode ?? (fate === 'dies in the handler' ? 137 : 74);
      }
    }
    const containers = [{ exitCode }];
    world.tasks.set(taskArn, { kind: 'stopped', task: stoppedTask(taskArn, { containers }) });
    for (let count = 0; count < events; count += 1) {
      begun.push(watch(taskEvent({ taskArn, containers }), watcher()));
    }
  };

  /** What the starter does about a message of the launch queue; ECS gives one task for a client token. */
  const consume = async (attempt: number) => {
    await turn('the starter reads');
    const seen = row();
    if (seen.status !== 'PENDING' || seen.attempt !== attempt) {
      return;
    }
    await turn('the starter runs a task');
    const known = arns.get(attempt);
    const taskArn = known ?? `arn:aws:ecs:eu-west-1:123456789012:task/overtime/${attempt}`;
    if (known === undefined) {
      arns.set(attempt, taskArn);
      world.tasks.set(taskArn, { kind: 'live', isStopping: false, createdAt: now(), startedAt: undefined });
      begun.push(runTask(attempt, taskArn));
    }
    await turn('the starter notes the task');
    const update = ledgerUpdate({
      tableName: LEDGER_TABLE,
      runId: 'run-1',
      conditions: [
        { is: 'status', value: 'PENDING' },
        { is: 'attempt', value: attempt },
      ],
      set: { status: 'STARTING', taskArn },
    });
    applyWrite(world.table, { update, isWritten: () => false });
  };

  const launch = (attempt: number) => {
    for (let count = 0; count <= (all[attempt - 1]?.extraLaunches ?? 0); count += 1) {
      begun.push(consume(attempt));
    }
  };

  /** Until nothing goes on any more. */
  const settle = async () => {
    while (begun.length > 0) {
      await scheduler.waitFor(Promise.all(begun.splice(0)));
      for (const id of world.launches.splice(0)) {
        launch(Number(id.split('-')[2]));
      }
    }
  };

  return {
    world,
    invocations,
    row,
    settle,
    start: (record: RunRecord) => {
      world.table.put({ ...record });
      launch(1);
    },
    sweep: async (milliseconds: number) => {
      clock += milliseconds;
      begun.push(watch({ action: 'sweep' }, watcher()));
      await settle();
    },
  };
}

test('every run ends in one outcome that is told, and no attempt is carried out twice, whatever becomes of its tasks', async () => {
  const { taskArn: _, ...unstarted } = STARTING_RECORD;
  const record: RunRecord = {
    ...unstarted,
    status: 'PENDING',
    maxAttempts: MAX_ATTEMPTS,
    delivery: { taskToken: 'token' },
  };
  await fc.assert(
    fc.asyncProperty(fates, fc.scheduler(), async (all, scheduler) => {
      const { world, invocations, row, settle, start, sweep } = life(all, scheduler);
      start(record);
      await settle();
      // Where events were lost, the sweep finds out: a look or two for each attempt.
      for (let looks = 0; looks < 12 && row().open !== undefined; looks += 1) {
        await sweep(30 * MINUTE);
      }

      const end = row();
      const expected = all.findIndex(({ fate }) => fate === 'succeeds') + 1;
      expect(isFinal(end.status)).toBe(true);
      expect([end.status === 'SUCCEEDED', end.attempt]).toEqual([expected > 0, expected > 0 ? expected : MAX_ATTEMPTS]);
      expect(end.attempts?.map(({ attempt }) => attempt) ?? []).toEqual([1, 2].slice(0, end.attempt - 1));
      expect(invocations).toEqual([...new Set(invocations)]);
      expect(world.deliveries).toEqual([end.status]);
      expect([world.marks(), end.open]).toEqual([1, undefined]);
    }),
    { numRuns: 200 },
  );
});
