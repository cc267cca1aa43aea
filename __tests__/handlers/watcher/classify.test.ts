import { classifyStop } from '../../../handlers/watcher/classify';
import { STOP_REASONS } from '../../../handlers/watcher/stop-reasons';
import type { StoppedTask } from '../../../handlers/watcher/stopped-task';

const ESSENTIAL = 'Essential container in task exited';

function stop(change: Partial<StoppedTask> & { readonly exitCode?: number; readonly reason?: string }): StoppedTask {
  const { exitCode, reason, ...task } = change;
  return {
    taskArn: 'task',
    stopCode: 'EssentialContainerExited',
    stoppedReason: ESSENTIAL,
    containers: [{ exitCode, reason }],
    attempt: undefined,
    ...task,
  };
}

describe('a task that stopped without a word', () => {
  test.each([
    {
      title: 'for lack of memory',
      task: stop({ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }),
      status: 'FAILED',
      errorType: 'OUT_OF_MEMORY',
      fix: /larger memoryMiB/,
    },
    {
      title: 'by SIGKILL, for reasons that nobody gives',
      task: stop({ exitCode: 137 }),
      status: 'FAILED',
      errorType: 'TASK_KILLED',
      fix: /larger memoryMiB/,
    },
    {
      title: 'as its image could not be pulled',
      task: stop({
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'CannotPullContainerError: pull image manifest has been retried 5 time(s): not found',
      }),
      status: 'FAILED',
      errorType: 'IMAGE_PULL_FAILED',
      fix: /check that it was pushed/,
    },
    {
      title: 'as its image could not be pulled, which its container says',
      task: stop({ stopCode: 'TaskFailedToStart', reason: 'CannotPullImageManifestError: Error response from daemon' }),
      status: 'FAILED',
      errorType: 'IMAGE_PULL_FAILED',
      fix: /execution role/,
    },
    {
      title: 'as EC2 was slow with a network interface',
      task: stop({
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Timeout waiting for network interface provisioning to complete.',
      }),
      status: 'FAILED',
      errorType: 'NETWORK_INTERFACE_FAILED',
      fix: /free addresses/,
    },
    {
      title: 'as its subnet is full',
      task: stop({
        stopCode: 'TaskFailedToStart',
        stoppedReason:
          "Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': InsufficientFreeAddressesInSubnet",
      }),
      status: 'FAILED',
      errorType: 'NETWORK_INTERFACE_FAILED',
      fix: /free addresses/,
    },
    {
      title: 'as ECS could not configure its network interface',
      task: stop({
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'ResourceInitializationError: failed to configure ENI: failed to setup regular eni',
      }),
      status: 'FAILED',
      errorType: 'NETWORK_INTERFACE_FAILED',
      fix: /retries/,
    },
    {
      title: 'as ECS could not read a secret',
      task: stop({
        stopCode: 'TaskFailedToStart',
        stoppedReason:
          'ResourceInitializationError: unable to pull secrets or registry auth: execution resource failed',
      }),
      status: 'FAILED',
      errorType: 'RESOURCE_INITIALIZATION_FAILED',
      fix: /execution role/,
    },
    {
      title: 'as ECS could not start it for another reason',
      task: stop({ stopCode: 'TaskFailedToStart', stoppedReason: 'InternalError: no one knows' }),
      status: 'FAILED',
      errorType: 'TASK_FAILED_TO_START',
      fix: /no one knows/,
    },
    {
      title: 'with its Spot capacity, killed after its stopTimeout',
      task: stop({ stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.', exitCode: 137 }),
      status: 'INTERRUPTED',
      errorType: 'SPOT_INTERRUPTION',
      fix: /retries/,
    },
    {
      title: 'with its Spot capacity, as the event of the notice words it',
      task: stop({ stopCode: 'TerminationNotice', stoppedReason: 'Your Spot Task was interrupted.' }),
      status: 'INTERRUPTED',
      errorType: 'SPOT_INTERRUPTION',
      fix: /FARGATE/,
    },
    {
      title: 'with what it ran on',
      task: stop({ stopCode: 'InfrastructureHealth', stoppedReason: 'Host failed' }),
      status: 'INTERRUPTED',
      errorType: 'INFRASTRUCTURE_HEALTH',
      fix: /retries/,
    },
    {
      title: 'by somebody’s hand',
      task: stop({ stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user', exitCode: 137 }),
      status: 'INTERRUPTED',
      errorType: 'TASK_STOPPED',
      fix: /cancel it through the starter/,
    },
    {
      title: 'by the watcher, as it did not end',
      task: stop({ stopCode: 'UserInitiated', stoppedReason: STOP_REASONS.overdue, exitCode: 137 }),
      status: 'TIMED_OUT',
      errorType: 'RUN_OVERDUE',
      fix: /log/,
    },
    {
      title: 'by the watcher, as it did not begin',
      task: stop({ stopCode: 'UserInitiated', stoppedReason: STOP_REASONS.notBegun }),
      status: 'FAILED',
      errorType: 'TASK_NOT_STARTED',
      fix: /log/,
    },
    {
      title: 'with the runner’s code for a timeout',
      task: stop({ exitCode: 124 }),
      status: 'TIMED_OUT',
      errorType: 'OUTCOME_NOT_STORED',
      fix: /log has the outcome/,
    },
    {
      title: 'with the runner’s code for an interruption',
      task: stop({ exitCode: 143 }),
      status: 'INTERRUPTED',
      errorType: 'OUTCOME_NOT_STORED',
      fix: /log has the outcome/,
    },
    {
      title: 'before it began, as its settings were wrong',
      task: stop({ exitCode: 64 }),
      status: 'FAILED',
      errorType: 'TASK_EXITED',
      fix: /An environment variable or a word of the command line is missing or wrong\./,
    },
    {
      title: 'with a code that nobody knows',
      task: stop({ exitCode: 3 }),
      status: 'FAILED',
      errorType: 'TASK_EXITED',
      fix: /its log may say why\. \(ECS says: Essential container in task exited, exit code 3\)$/,
    },
    {
      title: 'with nothing at all',
      task: stop({ stopCode: undefined, stoppedReason: undefined, containers: [] }),
      status: 'FAILED',
      errorType: 'TASK_EXITED',
      fix: /its log may say why\.$/,
    },
  ])('$title is $status, $errorType', ({ task, status, errorType, fix }) => {
    expect(classifyStop(task)).toMatchObject({
      status,
      error: { errorType, errorMessage: expect.stringMatching(fix) },
    });
  });

  test('leaves what ECS said of it in the row', () => {
    expect(classifyStop(stop({ exitCode: 3 }))).toEqual({
      status: 'FAILED',
      error: { errorType: 'TASK_EXITED', errorMessage: expect.any(String) },
      exitCode: 3,
      stopCode: 'EssentialContainerExited',
      stoppedReason: ESSENTIAL,
    });
  });

  test('of several containers has the code of the one that failed', () => {
    const containers = [
      { exitCode: 0, reason: undefined },
      { exitCode: undefined, reason: undefined },
      { exitCode: 7, reason: undefined },
    ];

    expect(classifyStop(stop({ containers })).exitCode).toBe(7);
  });
});
