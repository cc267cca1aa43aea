import { boundedError, cut } from '../../../handlers/shared/bounded-error';

test('an error is cut to what a row of the ledger holds', () => {
  const error = boundedError({
    errorType: 't'.repeat(1_000),
    errorMessage: 'm'.repeat(100_000),
    stackTrace: Array.from({ length: 1_000 }, () => 's'.repeat(10_000)),
  });

  expect([error.errorType.length, error.errorMessage.length]).toEqual([256, 32_768]);
  expect([error.stackTrace?.length, error.stackTrace?.[0]?.length]).toEqual([50, 1_024]);
});

test('a text is never cut in the middle of a character', () => {
  expect([cut('ab😀', 3), cut('ab😀', 4)]).toEqual(['ab', 'ab😀']);
});
