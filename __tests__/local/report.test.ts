import { durationLines, environmentLines, invokeLine, resultLines } from '../../local/report';

describe('what npm start prints of a run', () => {
  test('each part of the run has its duration', () => {
    const lines = durationLines({
      placingSeconds: 1.5,
      preparingSeconds: 0.5,
      handlerSeconds: 20.25,
      totalSeconds: 22.25,
    });

    expect(lines).toEqual([
      '   1.5 s  from the request to the start of the runner',
      '   0.5 s  until the function was fetched and its handler called',
      '  20.3 s  in the handler',
      '  22.3 s  in all',
    ]);
  });

  test('a part that the run never came to is left out', () => {
    expect(durationLines({ placingSeconds: 5, totalSeconds: 5 })).toEqual([
      '   5.0 s  from the request to the start of the runner',
      '   5.0 s  in all',
    ]);
  });

  test.each([
    ['its output', { output: { pixels: 7 } }, '{\n  "pixels": 7\n}'],
    ['its error', { error: { errorType: 'E', errorMessage: 'm' } }, '{\n  "errorType": "E",\n  "errorMessage": "m"\n}'],
  ])('the result is the status and %s', (_, part, text) => {
    expect(resultLines({ runId: 'run-1', status: 'SUCCEEDED', ...part })).toEqual(['run-1: SUCCEEDED', text]);
  });

  test('the lines to do it by hand set the environment and invoke the starter', () => {
    expect(environmentLines({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_REGION: 'us-east-1' })).toEqual([
      'export AWS_ENDPOINT_URL=http://127.0.0.1:4566',
      'export AWS_REGION=us-east-1',
    ]);
    expect(
      invokeLine({ starter: 'overtime-starter', functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:paint' }),
    ).toBe(
      `echo '{"arn":"arn:aws:lambda:us-east-1:000000000000:function:paint","input":{}}' |` +
        ' aws lambda invoke --function-name overtime-starter --payload fileb:///dev/stdin /dev/stdout',
    );
  });
});
