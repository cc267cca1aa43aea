import { callbackOutcomeCall } from '../../../../handlers/shared/delivery/callback-outcome';
import { failed, held, jsonOfBytes, stored, succeeded } from '../../../support/delivery/runs';

const ID = 'Y2FsbGJhY2s=';
const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each([
  ['its text', held('{"rows":3}'), '{"rows":3}'],
  ['null where there is none', undefined, 'null'],
  ['its text up to 262,144 bytes', stored(jsonOfBytes(262_144)), jsonOfBytes(262_144)],
  [
    'a pointer above that',
    stored(jsonOfBytes(262_145)),
    '{"overtime":"payload-pointer","runId":"run-1","bytes":262145,"bucket":"payloads","key":"outputs/run-1/2.json"}',
  ],
])('the result is %s', (_, output, text) => {
  expect(callbackOutcomeCall(succeeded(), ID, output)).toEqual({
    call: 'success',
    input: { CallbackId: ID, Result: bytesOf(text) },
  });
});

test('an error is passed on with its trace', () => {
  expect(callbackOutcomeCall(failed(), ID, undefined)).toEqual({
    call: 'failure',
    input: {
      CallbackId: ID,
      Error: { ErrorType: 'RangeError', ErrorMessage: 'out of range', StackTrace: ['RangeError: out of range'] },
    },
  });
});

test('an error that is too large with its trace goes without it', () => {
  const error = {
    errorType: 'E',
    errorMessage: 'm',
    stackTrace: Array.from({ length: 50 }, () => '\u0001'.repeat(1_024)),
  };

  expect(callbackOutcomeCall(failed({ error }), ID, undefined)).toEqual({
    call: 'failure',
    input: { CallbackId: ID, Error: { ErrorType: 'E', ErrorMessage: 'm' } },
  });
});
