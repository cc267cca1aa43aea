import { parseEvent } from '../../../handlers/watcher/event';
import { taskEvent } from '../../support/task-events';

const TASK = taskEvent().detail.taskArn;

const overridesWith = (value: string) => ({
  containerOverrides: [
    { name: 'other' },
    {
      name: 'runner',
      environment: [
        { name: 'X', value: '{}' },
        { name: 'OVERTIME_RUN', value },
      ],
    },
  ],
});

describe('an event of a stopped task', () => {
  test('as AWS documents it gives the run and what ECS says of the task', () => {
    expect(parseEvent(taskEvent())).toEqual({
      kind: 'stopped',
      runId: 'run-1',
      task: {
        taskArn: TASK,
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        startedAt: '2020-01-23T17:57:58.103Z',
        containers: [
          { name: 'FargateApp', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
        ],
        attempt: undefined,
      },
    });
  });

  test('of a task that never started, without containers that ran or overrides', () => {
    const { stopCode: _, stoppedReason: __, overrides: ___, startedAt: ____, ...detail } = taskEvent().detail;
    const event = { ...taskEvent(), detail: { ...detail, containers: [{ name: 'runner', lastStatus: 'STOPPED' }] } };

    expect(parseEvent(event)).toEqual({
      kind: 'stopped',
      runId: 'run-1',
      task: {
        taskArn: TASK,
        stopCode: undefined,
        stoppedReason: undefined,
        startedAt: undefined,
        containers: [{ name: 'runner', exitCode: undefined, reason: undefined }],
        attempt: undefined,
      },
    });
  });

  test.each([
    { title: 'an envelope', value: '{"version":1,"runId":"run-1","attempt":2}', attempt: 2 },
    { title: 'no JSON', value: 'x', attempt: undefined },
    { title: 'no attempt', value: '{}', attempt: undefined },
    { title: 'an attempt that is none', value: '{"attempt":"2"}', attempt: undefined },
  ])('whose OVERTIME_RUN is $title is for attempt $attempt', ({ value, attempt }) => {
    expect(parseEvent(taskEvent({ overrides: overridesWith(value) }))).toMatchObject({ task: { attempt } });
  });
});

test.each([
  [{ action: 'sweep' }, { kind: 'sweep' }],
  [
    { action: 'settle', runId: 'run-1' },
    { kind: 'settle', runId: 'run-1' },
  ],
])('%j is understood', (event, request) => {
  expect(parseEvent(event)).toEqual(request);
});

test.each([
  ['nothing', undefined, 'the whole'],
  ['a text', 'sweep', 'the whole'],
  ['no action', {}, 'action'],
  ['an unknown action', { action: 'stop' }, 'action'],
  ['a field too many', { action: 'sweep', runId: 'run-1' }, 'runId'],
  ['no run', { action: 'settle' }, 'runId'],
  ['a task that still runs', taskEvent({ lastStatus: 'RUNNING' }), 'detail.lastStatus'],
  ['a task that nobody started', taskEvent({ startedBy: undefined }), 'detail.startedBy'],
  ['an exit code that is no number', taskEvent({ containers: [{ exitCode: '1' }] }), 'detail.containers.0.exitCode'],
  ['another event of ECS', { ...taskEvent(), 'detail-type': 'ECS Deployment State Change' }, 'detail-type'],
  ['an event of somebody else', { ...taskEvent(), source: 'custom' }, 'source'],
])('%s is refused, and the message says where', (_, event, where) => {
  expect(() => parseEvent(event)).toThrow(
    expect.objectContaining({ name: 'INVALID_EVENT', message: expect.stringContaining(`(${where}: `) }),
  );
});
