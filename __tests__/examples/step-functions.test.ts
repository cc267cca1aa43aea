import definition from '../../examples/step-functions/state.asl.json';
import { TIMEOUT_SECONDS } from '../../handlers/starter/limits';

const { Run: run } = definition.States;
const { Payload: payload } = run.Parameters;

describe('the state to copy for Step Functions', () => {
  test('invokes the starter, and waits for the token that the request carries', () => {
    expect(run.Resource).toBe('arn:aws:states:::lambda:invoke.waitForTaskToken');
    expect(Object.entries(payload).filter(([name]) => name.endsWith('.$'))).toEqual([
      ['arn.$', '$.arn'],
      ['input.$', '$.input'],
      ['taskToken.$', '$$.Task.Token'],
      // The same when the state machine tries the call again: one run, whatever Lambda answered.
      [
        'idempotencyKey.$',
        "States.Hash(States.Format('{} {} {}', $$.Execution.Id, $$.State.Name, $$.State.EnteredTime), 'SHA-256')",
      ],
    ]);
  });

  test('gives up on silence when the runner would, and on the whole only after the run would end by itself', () => {
    expect(run.HeartbeatSeconds).toBe(payload.heartbeatSeconds);
    expect(payload.timeoutSeconds).toBeLessThanOrEqual(TIMEOUT_SECONDS.most);
    expect(run.TimeoutSeconds).toBeGreaterThanOrEqual(payload.timeoutSeconds + payload.heartbeatSeconds);
  });

  test('leads to states that are there, and each ends or leads on', () => {
    const states = Object.keys(definition.States);

    expect(states).toContain(definition.StartAt);
    expect(run.Catch.map(({ Next }) => Next).filter((name) => !states.includes(name))).toEqual([]);
    expect(run.End).toBe(true);
    expect(definition.States.Failed.Type).toBe('Fail');
  });
});
