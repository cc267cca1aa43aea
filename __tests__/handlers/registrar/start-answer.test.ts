import { readStartAnswer } from '../../../handlers/registrar/start-answer';

describe("the starter's answer", () => {
  test('is a run', () => {
    const payload = JSON.stringify({ runId: 'run-1', taskArns: [], status: 'STARTING' });

    expect(readStartAnswer({ functionError: undefined, payload })).toEqual({
      kind: 'started',
      runId: 'run-1',
      status: 'STARTING',
    });
  });

  test('is an error by its own code', () => {
    const payload = JSON.stringify({ errorType: 'INVALID_INPUT', errorMessage: 'The request has 1 problem.' });

    expect(readStartAnswer({ functionError: 'Unhandled', payload })).toEqual({
      kind: 'refused',
      code: 'INVALID_INPUT',
      reason: 'The request has 1 problem.',
    });
  });

  test.each([
    // Of a function that ended before it could answer, Lambda says so without a type.
    ['{"errorMessage":"2026-11-27T11:40:30Z request-1 Task timed out after 60.00 seconds"}', 'Unhandled', 'Unhandled'],
    ['<html>', undefined, 'UNKNOWN'],
    ['null', undefined, 'UNKNOWN'],
    ['{"runId":5}', undefined, 'UNKNOWN'],
    ['', 'Unhandled', 'Unhandled'],
  ])('%p is no run', (payload, functionError, code) => {
    expect(readStartAnswer({ functionError, payload })).toMatchObject({ kind: 'refused', code });
  });
});
