import fc from 'fast-check';
import { cancelWrite, type Ending, endWrite } from '../../../handlers/shared/ledger/ending';
import type { LedgerWrite } from '../../../handlers/shared/ledger/update';
import { isFinal, type RunRecord } from '../../../handlers/shared/run';
import { parseRunRecord } from '../../../handlers/shared/run-record';
import { stoppedTask } from '../../../handlers/watcher/stopped-task';
import { watch } from '../../../handlers/watcher/watcher';
import { LEDGER_TABLE } from '../../support/fake-aws';
import { applyWrite, RUNNING_RECORD, STARTING_RECORD } from '../../support/ledger-rows';
import { taskEvent } from '../../support/task-events';
import { type WatcherWorld, watcherWorld } from '../../support/watcher-world';

const NOW = new Date('2026-11-21T00:10:00.000Z');
const later = (milliseconds: number, from = NOW) => new Date(from.getTime() + milliseconds);
const MINUTE = 60_000;
const TASK = String(RUNNING_RECORD.taskArn);
const EVENT = taskEvent({ taskArn: TASK });
const SWEEP = { action: 'sweep' };

/** A task that died, in each state in which its row may be. */
const rows = fc
  .record({
    status: fc.constantFrom('PENDING', 'STARTING', 'RUNNING'),
    maxAttempts: fc.constantFrom(1, 2),
    hasDelivery: fc.boolean(),
  })
  .map(({ status, maxAttempts, hasDelivery }): RunRecord => {
    const { taskArn, ...unnoted } = STARTING_RECORD;
    const record = { PENDING: unnoted, STARTING: STARTING_RECORD, RUNNING: RUNNING_RECORD }[status];
    return {
      ...record,
      status: status as RunRecord['status'],
      maxAttempts,
      ...(hasDelivery ? { delivery: { taskToken: 'token', onFailure: 'arn' } } : {}),
    };
  });

function worldWith(record: RunRecord): WatcherWorld {
  const world = watcherWorld();
  world.table.put({ ...record });
  world.tasks.set(TASK, { kind: 'stopped', task: stoppedTask(TASK, EVENT.detail) });
  return world;
}

/** One outcome: attempt 1 ended once, and what follows from it was done once. */
function expectOneOutcome(world: WatcherWorld, before: RunRecord): RunRecord {
  const row = parseRunRecord(world.table.get('run-1'));
  if (row.attempt === 2) {
    expect(row).toMatchObject({ status: 'PENDING', attempts: [{ attempt: 1 }] });
    expect(row.attempts).toHaveLength(1);
    expect(world.launches.filter((id) => id === 'run-1-2')).toHaveLength(1);
    expect([world.deliveries, world.marks()]).toEqual([[], 0]);
    return row;
  }
  expect(isFinal(row.status)).toBe(true);
  const isAwaited = before.delivery !== undefined;
  expect([world.deliveries.length, world.marks()]).toEqual(isAwaited ? [1, 1] : [0, 0]);
  expect([row.open, row.checkAt, row.claimedUntil]).toEqual([undefined, undefined, undefined]);
  // Who closes a run counts it: a watcher, unless its runner or the starter did.
  const isOurs = row.endedBy !== 'runner-1' && row.endedBy !== 'starter';
  expect(world.metrics.filter((line) => line.includes('"Runs":1'))).toHaveLength(isOurs ? 1 : 0);
  return row;
}

describe('the same event three times and a sweep at once', () => {
  test('are one outcome, one retry and one delivery, in whatever order their calls take effect', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), fc.scheduler(), async (before, losesAnswers, scheduler) => {
        const world = worldWith(before);
        const watcher = (id: string) =>
          world.watcher({ id, now: NOW, losesAnswers, turn: (call) => scheduler.schedule(Promise.resolve(), call) });
        const all = Promise.all([
          watch(EVENT, watcher('one')),
          watch(EVENT, watcher('two')),
          watch(EVENT, watcher('three')),
          watch(SWEEP, watcher('sweep')),
        ]);
        await scheduler.waitFor(all);

        const row = expectOneOutcome(world, before);
        expect(row.attempt).toBe(before.maxAttempts);
      }),
      { numRuns: 200 },
    );
  });

  test('and the runner’s last write, or a cancellation, on its way: who comes first has the outcome', async () => {
    const endings: readonly Ending[] = [
      { status: 'SUCCEEDED', exitCode: 0 },
      { status: 'FAILED', exitCode: 70 },
    ];
    const writes: readonly LedgerWrite[] = [
      ...endings.map((ending) =>
        endWrite({
          tableName: LEDGER_TABLE,
          record: { ...RUNNING_RECORD, maxAttempts: 2, delivery: { taskToken: 'token' } },
          by: { kind: 'runner', id: 'runner-1' },
          ending,
          now: NOW,
        }),
      ),
      cancelWrite(
        LEDGER_TABLE,
        { ...RUNNING_RECORD, delivery: { taskToken: 'token' } },
        { id: 'starter', error: { errorType: 'CANCELLED', errorMessage: 'by its caller' } },
        NOW,
      ),
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...writes), fc.scheduler(), async (write, scheduler) => {
        const before: RunRecord = { ...RUNNING_RECORD, maxAttempts: 2, delivery: { taskToken: 'token' } };
        const world = worldWith(before);
        const turn = (call: string) => scheduler.schedule(Promise.resolve(), call);
        const other = async () => {
          await turn('the other writes');
          const { kind } = applyWrite(world.table, write);
          // The starter asks for the delivery of what it cancelled, and a runner's end is followed by its task's event.
          await watch({ action: 'settle', runId: 'run-1' }, world.watcher({ id: 'settle', now: NOW, turn }));
          return kind;
        };
        const all = Promise.all([
          other(),
          watch(EVENT, world.watcher({ id: 'one', now: NOW, turn })),
          watch(EVENT, world.watcher({ id: 'two', now: NOW, turn })),
          watch(SWEEP, world.watcher({ id: 'sweep', now: NOW, turn })),
        ]);
        await scheduler.waitFor(all);

        // A cancellation of the attempt that follows is an outcome as well.
        const row = parseRunRecord(world.table.get('run-1'));
        if (row.attempt === 2 && row.status === 'CANCELLED') {
          expect([row.attempts?.length, world.deliveries, world.marks()]).toEqual([1, ['CANCELLED'], 1]);
        } else {
          expectOneOutcome(world, before);
        }
      }),
      { numRuns: 200 },
    );
  });
});

test('a watcher that dies at any call leaves nothing that later sweeps do not mend', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.nat({ max: 12 }), async (before, callsToLive) => {
      const world = worldWith(before);
      let calls = 0;
      const turn = async () => {
        calls += 1;
        if (calls > callsToLive) {
          throw new Error('the watcher died');
        }
      };
      await watch(EVENT, world.watcher({ id: 'dying', now: NOW, turn })).catch(() => undefined);
      // Lambda invokes again with the event; if that is lost, too, the sweep goes on with the row.
      for (const minutes of [10, 20, 30]) {
        await watch(SWEEP, world.watcher({ id: `sweep ${minutes}`, now: later(minutes * MINUTE) }));
      }

      const row = parseRunRecord(world.table.get('run-1'));
      if (isFinal(row.status)) {
        expect([row.open, world.marks()]).toEqual([undefined, before.delivery === undefined ? 0 : 1]);
      } else {
        // Only rows that wait for the starter are left open, and it was asked for each.
        expect(row.status).toBe('PENDING');
        expect(world.launches.some((id) => id.startsWith(`run-1-${row.attempt}`))).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

describe('clocks that are five minutes off, in whatever direction', () => {
  const offset = fc.integer({ min: -5 * MINUTE, max: 5 * MINUTE });
  const sweeps = fc.array(fc.record({ at: fc.integer({ min: 0, max: 5 * MINUTE - 1 }), offset }), { maxLength: 6 });

  test.each([
    { title: 'waits for its task', row: { ...STARTING_RECORD, status: 'PENDING' }, view: undefined },
    { title: 'has a task that ECS does not know yet', row: STARTING_RECORD, view: { kind: 'missing' } },
    { title: 'has a task that ECS does not know', row: RUNNING_RECORD, view: { kind: 'missing' } },
    {
      title: 'runs in its time',
      row: RUNNING_RECORD,
      view: { kind: 'live', isStopping: false, createdAt: NOW, startedAt: NOW },
    },
  ] as const)('end no run that $title', async ({ row, view }) => {
    await fc.assert(
      fc.asyncProperty(sweeps, offset, async (all, writerOffset) => {
        const world = watcherWorld();
        // What the starter and the runner wrote, a moment before NOW by a clock of their own.
        const written = later(writerOffset).toISOString();
        const { startedAt, invokedAt, ...rest } = { startedAt: undefined, invokedAt: undefined, ...row };
        const times = row.status === 'RUNNING' ? { startedAt: written, invokedAt: written } : {};
        world.table.put({ ...rest, ...times, createdAt: written, checkAt: '2026-11-21T00:00:00.000Z' });
        if (view !== undefined) {
          world.tasks.set(TASK, view);
        }
        for (const { at, offset: own } of all.toSorted((one, other) => one.at - other.at)) {
          await watch(SWEEP, world.watcher({ id: 'sweep', now: later(at + own) }));
        }

        expect(world.table.get('run-1')).toMatchObject({ status: row.status, attempt: 1 });
        expect(world.stops).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('change no outcome of a task that stopped: only when it is looked at next', async () => {
    await fc.assert(
      fc.asyncProperty(rows, offset, offset, fc.scheduler(), async (before, one, two, scheduler) => {
        const world = worldWith(before);
        const turn = (call: string) => scheduler.schedule(Promise.resolve(), call);
        await scheduler.waitFor(
          Promise.all([
            watch(EVENT, world.watcher({ id: 'one', now: later(one), turn })),
            watch(EVENT, world.watcher({ id: 'two', now: later(two), turn })),
          ]),
        );

        const row = parseRunRecord(world.table.get('run-1'));
        expect([row.attempt, row.attempts?.length ?? 0]).toEqual(before.maxAttempts === 2 ? [2, 1] : [1, 0]);
        // An outcome is delivered at least once, and marked once.
        expect(world.marks()).toBe(before.maxAttempts === 1 && before.delivery !== undefined ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });
});
