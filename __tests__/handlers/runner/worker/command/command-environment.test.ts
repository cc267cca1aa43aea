import { commandEnvironment, taskFolder } from '../../../../../handlers/runner/worker/command/command-environment';

test("a command has the container's variables, what tells the task, and none of the runner's settings", () => {
  const container = { PATH: '/bin', AWS_REGION: 'eu-west-1', OVERTIME_COMMAND: '["secret"]', UNSET: undefined };
  const folder = taskFolder('/tmp/overtime', 'request-1');

  expect(commandEnvironment(container, { requestId: 'request-1', name: 'work', folder })).toEqual({
    PATH: '/bin',
    AWS_REGION: 'eu-west-1',
    OVERTIME_TASK_ID: 'request-1',
    OVERTIME_TASK_NAME: 'work',
    OVERTIME_INPUT_FILE: '/tmp/overtime/tasks/request-1/input.json',
    OVERTIME_OUTPUT_FILE: '/tmp/overtime/tasks/request-1/output.json',
  });
});

test('the folder that it works in holds neither of the two files', () => {
  expect(taskFolder('/tmp/overtime', 'request-1').workFolder).toBe('/tmp/overtime/tasks/request-1/work');
});
