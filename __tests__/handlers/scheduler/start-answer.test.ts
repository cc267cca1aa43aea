import { type InvocationAnswer, readCancelAnswer, readStartAnswer } from '../../../handlers/scheduler/start-answer';

const failure = (errorType: string, errorMessage = 'why'): InvocationAnswer => ({
  functionError: 'Unhandled',
  payload: JSON.stringify({ errorType, errorMessage }),
});

test.each([
  [
    'a run',
    { functionError: undefined, payload: '{"runId":"run-1","status":"PENDING"}' },
    { kind: 'started', runId: 'run-1' },
  ],
  [
    'no run',
    { functionError: undefined, payload: '{}' },
    { kind: 'failed', reason: 'the starter answered without a runId' },
  ],
  [
    'no JSON',
    { functionError: undefined, payload: '' },
    { kind: 'failed', reason: 'the starter answered without a runId' },
  ],
  ['INVALID_INPUT', failure('INVALID_INPUT'), { kind: 'refused', reason: 'INVALID_INPUT: why' }],
  ['FUNCTION_NOT_FOUND', failure('FUNCTION_NOT_FOUND'), { kind: 'refused', reason: 'FUNCTION_NOT_FOUND: why' }],
  [
    'TASK_DEFINITION_INACTIVE',
    failure('TASK_DEFINITION_INACTIVE'),
    { kind: 'refused', reason: 'TASK_DEFINITION_INACTIVE: why' },
  ],
  ['TASK_NOT_STARTED', failure('TASK_NOT_STARTED'), { kind: 'refused', reason: 'TASK_NOT_STARTED: why' }],
  [
    'IDEMPOTENCY_CONFLICT',
    failure('IDEMPOTENCY_CONFLICT'),
    { kind: 'started', runId: 'run-of-key', reason: 'an earlier try started it, before the schedule was changed' },
  ],
  ['a timeout', failure('Sandbox.Timedout'), { kind: 'failed', reason: 'Sandbox.Timedout: why' }],
  ['a throttled table', failure('ThrottlingException'), { kind: 'failed', reason: 'ThrottlingException: why' }],
  ['an error without a word', { functionError: 'Unhandled', payload: '?' }, { kind: 'failed', reason: 'Unhandled: ' }],
] as const)('the starter answers with %s', (_, answer, result) => {
  expect(readStartAnswer(answer, 'run-of-key')).toEqual(result);
});

test.each([
  ['the run is cancelled', { functionError: undefined, payload: '{"status":"CANCELLED"}' }],
  ['there is no such run any more', failure('RUN_NOT_FOUND')],
  ['it is cancelled, and its task could not be stopped yet', failure('TASK_NOT_STOPPED')],
])('a run counts as cancelled where %s', (_, answer) => {
  expect(() => readCancelAnswer(answer)).not.toThrow();
});

test('a run does not count as cancelled where the starter failed', () => {
  expect(() => readCancelAnswer(failure('Sandbox.Timedout'))).toThrow('Sandbox.Timedout: why');
});
