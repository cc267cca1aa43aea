import fc from 'fast-check';
import { classifyContainer } from '../../../handlers/watcher/classify-container';
import { STOP_REASONS } from '../../../handlers/watcher/stop-reasons';
import type { StoppedTask } from '../../../handlers/watcher/stopped-task';

const STARTED = '2026-11-21T00:01:00.000Z';

function stop(exitCode: number | undefined, change: Partial<StoppedTask> = {}, reason?: string): StoppedTask {
  return {
    taskArn: 'task',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    startedAt: STARTED,
    containers: [
      { name: 'proxy', exitCode: 143, reason: undefined },
      { name: 'app', exitCode, reason },
    ],
    attempt: 1,
    ...change,
  };
}

const stoppedFor = (stoppedReason: string) => ({ stopCode: 'UserInitiated', stoppedReason });

describe('a task of a container run stopped', () => {
  test.each<[string, StoppedTask, string, string | undefined]>([
    ['as its container ended with 0', stop(0), 'SUCCEEDED', undefined],
    ['as its container ended with 3', stop(3), 'FAILED', 'CONTAINER_EXITED'],
    ["as its container ended with a code of the runner's own", stop(124), 'FAILED', 'CONTAINER_EXITED'],
    ['as its container was killed', stop(137), 'FAILED', 'TASK_KILLED'],
    [
      'as its container had too little memory',
      stop(137, {}, 'OutOfMemoryError: Container killed due to memory usage'),
      'FAILED',
      'OUT_OF_MEMORY',
    ],
    ['as its time was over', stop(143, stoppedFor(STOP_REASONS.timedOut)), 'TIMED_OUT', 'RUN_TIMED_OUT'],
    [
      'as its time was over, and it ended with 0',
      stop(0, stoppedFor(STOP_REASONS.timedOut)),
      'TIMED_OUT',
      'RUN_TIMED_OUT',
    ],
    ['as it did not start', stop(undefined, stoppedFor(STOP_REASONS.notStarted)), 'FAILED', 'TASK_NOT_STARTED'],
    ['by somebody', stop(143, stoppedFor('tidying up')), 'INTERRUPTED', 'TASK_STOPPED'],
    ['by somebody, and it ended with 0', stop(0, stoppedFor('tidying up')), 'INTERRUPTED', 'TASK_STOPPED'],
    ['as Spot took it back', stop(0, { stopCode: 'SpotInterruption' }), 'INTERRUPTED', 'SPOT_INTERRUPTION'],
    [
      'before it began',
      stop(undefined, { stopCode: 'TaskFailedToStart', stoppedReason: 'CannotPullContainerError: not found' }),
      'FAILED',
      'IMAGE_PULL_FAILED',
    ],
  ])('%s', (_, task, status, errorType) => {
    const ending = classifyContainer(task, 'app');

    expect([ending.status, ending.error?.errorType]).toEqual([status, errorType]);
  });

  test('tells the code of its own container, the words of ECS and when it ran', () => {
    expect(classifyContainer(stop(3), 'app')).toEqual({
      status: 'FAILED',
      error: {
        errorType: 'CONTAINER_EXITED',
        errorMessage:
          'The container app ended with exit code 3: its log may say why. (ECS says: Essential container in task exited, exit code 3)',
      },
      exitCode: 3,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      startedAt: STARTED,
      invokedAt: STARTED,
    });
  });

  test('succeeds in no other way than by exit code 0 of a container that ended by itself', () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
        fc.constantFrom(
          undefined,
          'EssentialContainerExited',
          'UserInitiated',
          'SpotInterruption',
          'TaskFailedToStart',
        ),
        (exitCode, stopCode) => {
          const endedByItself = stopCode === undefined || stopCode === 'EssentialContainerExited';

          expect(classifyContainer(stop(exitCode, { stopCode }), 'app').status === 'SUCCEEDED').toBe(
            exitCode === 0 && endedByItself,
          );
        },
      ),
    );
  });
});
