import { taskState } from '../../../../handlers/runner/sidecar/task-metadata';

const RUNNER = { Name: 'runner', DesiredStatus: 'RUNNING', KnownStatus: 'RUNNING' };

function state(container: object, DesiredStatus = 'RUNNING') {
  return taskState({ TaskARN: 'arn', DesiredStatus, Containers: [RUNNER, { Name: 'runtime', ...container }] });
}

test.each([
  ['that has yet to start', { KnownStatus: 'PULLED' }],
  ['that runs', { KnownStatus: 'RUNNING' }],
])('a container %s has no end', (_, container) => {
  expect(state(container)).toEqual({ isStopping: false, exit: undefined });
});

test('a container that has ended has its exit code', () => {
  expect(state({ KnownStatus: 'STOPPED', ExitCode: 3 })?.exit).toEqual({ kind: 'exited', code: 3, signal: null });
});

test('a container that was killed has the signal', () => {
  expect(state({ KnownStatus: 'STOPPED', ExitCode: 137 })?.exit).toEqual({
    kind: 'exited',
    code: null,
    signal: 'SIGKILL',
  });
});

test('a container that ended without ever having run could not be started', () => {
  expect(state({ KnownStatus: 'STOPPED' })?.exit).toEqual({
    kind: 'not-started',
    message: expect.stringContaining("could not start the function's container"),
    code: undefined,
  });
});

test('a task that is to stop is stopping, whatever its containers do', () => {
  expect(state({ KnownStatus: 'RUNNING' }, 'STOPPED')?.isStopping).toBe(true);
});

test('a task that has no other container yet goes on', () => {
  expect(taskState({ DesiredStatus: 'RUNNING', Containers: [RUNNER] })).toEqual({ isStopping: false, exit: undefined });
});

test.each([[null], [{}], ['404 page not found'], [{ DesiredStatus: 'RUNNING' }]])('%j is no task', (document) => {
  expect(taskState(document)).toBeUndefined();
});
