import { boundedError, cut, parseReportedError } from '../../../../handlers/runner/runtime-api/reported-error';

test.each([
  {
    runtime: 'Node.js',
    body: '{"errorType":"TypeError","errorMessage":"m","trace":["a","b"]}',
    error: { errorType: 'TypeError', errorMessage: 'm', stackTrace: ['a', 'b'] },
  },
  {
    runtime: 'Python',
    body: '{"errorType":"KeyError","errorMessage":"m","requestId":"r","stackTrace":["  File x\\n"]}',
    error: { errorType: 'KeyError', errorMessage: 'm', stackTrace: ['  File x\n'] },
  },
  {
    runtime: '.NET',
    body: '{"errorType":"E","errorMessage":"m","stackTrace":"at A\\nat B"}',
    error: { errorType: 'E', errorMessage: 'm', stackTrace: ['at A', 'at B'] },
  },
  { runtime: 'one that posts plain text', body: 'boom', error: { errorType: 'Header.Type', errorMessage: 'boom' } },
  { runtime: 'one that posts nothing', body: '', error: { errorType: 'Header.Type', errorMessage: '' } },
  { runtime: 'one that posts null', body: 'null', error: { errorType: 'Header.Type', errorMessage: 'null' } },
  {
    runtime: 'one that posts other types',
    body: '{"errorType":7,"errorMessage":{},"trace":[1]}',
    error: { errorType: 'Header.Type', errorMessage: '', stackTrace: ['1'] },
  },
])('an error of $runtime is read', ({ body, error }) => {
  expect(parseReportedError(body, 'Header.Type')).toEqual(error);
});

test('an error without a type anywhere is of unknown reason', () => {
  expect(parseReportedError('boom', undefined).errorType).toBe('Runtime.UnknownReason');
});

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

test('half of a surrogate pair, which no row can hold, becomes the replacement character', () => {
  const error = parseReportedError(
    '{"errorType":"E\\ud83d","errorMessage":"\\ude00m","trace":["\\ud83dt"]}',
    undefined,
  );

  expect(error).toEqual({ errorType: 'E\ufffd', errorMessage: '\ufffdm', stackTrace: ['\ufffdt'] });
});
