import fc from 'fast-check';
import { launchText, parseLaunch, runTaskInput } from '../../../handlers/starter/launch';
import { overridesBytes } from '../../../handlers/starter/overrides';
import { planStart } from '../../../handlers/starter/plan';
import { CONFIGURATION, IDENTITY, SETTINGS, startRequest } from '../../support/starter/examples';

function launchOf(fields: Record<string, unknown>) {
  const planned = planStart({
    request: startRequest(fields),
    settings: SETTINGS,
    configuration: CONFIGURATION,
    identity: IDENTITY,
  });
  if (planned.kind !== 'run') {
    throw new Error(planned.reason);
  }
  return planned.launch;
}

describe('what a row keeps of a launch', () => {
  test('comes back whole, whatever JSON the input is: also what DynamoDB has no number or key for', () => {
    const input = { '': [1e300, -0.1, 123456789012345680000], nested: { constructor: null } };
    const launch = launchOf({ input, environment: { constructor: 'x' } });

    expect(parseLaunch(launchText(launch))).toStrictEqual(launch);
  });

  test.each([[undefined], [{}], ['{}'], ['no JSON']])('is none where it is %j', (text) => {
    expect(parseLaunch(text)).toBeUndefined();
  });

  test('fits into the overrides for each attempt and each place', () => {
    const fields = fc.record({
      input: fc.oneof(
        fc.jsonValue(),
        fc.integer({ min: 7_000, max: 9_000 }).map((length) => 'x'.repeat(length)),
      ),
      retries: fc.integer({ min: 0, max: 10 }),
      capacity: fc.constantFrom('FARGATE', 'FARGATE_SPOT', 'EC2'),
      environment: fc.constantFrom({}, { LEVEL: 'debug' }),
    });
    fc.assert(
      fc.property(fields, fc.nat({ max: 10 }), fc.nat({ max: 20 }), (given, past, variant) => {
        const one = { runId: 'run-1', attempt: Math.min(past, given.retries) + 1, variant };
        const { overrides } = runTaskInput(launchOf(given), one);

        expect(overridesBytes(overrides ?? {})).toBeLessThanOrEqual(8192);
      }),
    );
  });
});
