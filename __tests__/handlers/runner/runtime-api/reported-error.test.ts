import { parseReportedError } from '../../../../handlers/runner/runtime-api/reported-error';

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

test('half of a surrogate pair, which no row can hold, becomes the replacement character', () => {
  const error = parseReportedError(
    '{"errorType":"E\\ud83d","errorMessage":"\\ude00m","trace":["\\ud83dt"]}',
    undefined,
  );

  expect(error).toEqual({ errorType: 'E\ufffd', errorMessage: '\ufffdm', stackTrace: ['\ufffdt'] });
});
