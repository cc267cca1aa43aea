import { readObjectSettings } from '../../../../../handlers/runner/worker/objects/object-settings';
import { SettingError } from '../../../../../handlers/shared/settings';

test('nothing needs to be set: zips are unpacked, and outputs lie beside the object', () => {
  expect(readObjectSettings({})).toEqual({
    unpacks: true,
    unpackLimits: { bytes: 10_737_418_240, entries: 100_000 },
    outputBucket: undefined,
    outputPrefix: '',
    isOutputRequired: false,
  });
});

test('all of it can be set', () => {
  expect(
    readObjectSettings({
      OVERTIME_UNPACK: 'none',
      OVERTIME_UNPACK_LIMIT_BYTES: '1000',
      OVERTIME_UNPACK_LIMIT_ENTRIES: '10',
      OVERTIME_OUTPUT_BUCKET: 'pictures',
      OVERTIME_OUTPUT_PREFIX: 'rendered/',
      OVERTIME_OUTPUT_REQUIRED: 'true',
    }),
  ).toEqual({
    unpacks: false,
    unpackLimits: { bytes: 1_000, entries: 10 },
    outputBucket: 'pictures',
    outputPrefix: 'rendered/',
    isOutputRequired: true,
  });
});

test.each([
  [{ OVERTIME_UNPACK: 'tar' }, 'OVERTIME_UNPACK is "tar": give one of zip, none.'],
  [{ OVERTIME_OUTPUT_REQUIRED: 'yes' }, 'OVERTIME_OUTPUT_REQUIRED is "yes": give one of true, false.'],
  [
    { OVERTIME_UNPACK_LIMIT_ENTRIES: '0' },
    'OVERTIME_UNPACK_LIMIT_ENTRIES is "0": give a whole number from 1 to 100000000.',
  ],
])('%j is refused, and what to give is said', (environment, message) => {
  expect(() => readObjectSettings(environment)).toThrow(new SettingError(message));
});
