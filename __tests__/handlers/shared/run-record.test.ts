import { RUN_STATUSES, type RunRecord } from '../../../handlers/shared/run';
import { parseRunRecord } from '../../../handlers/shared/run-record';

const least: RunRecord = {
  runId: 'run-1',
  status: 'PENDING',
  attempt: 1,
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:resize',
  requestHash: 'hash',
  timeoutSeconds: 60,
  inputBytes: 2,
  createdAt: '2026-11-20T12:00:00.000Z',
  expiresAt: 1_800_000_000,
};

const most: RunRecord = {
  ...least,
  cluster: 'overtime',
  taskDefinition: 'family:1',
  taskArn: 'task',
  startedAt: '2026-11-20T12:00:01.000Z',
  invokedAt: '2026-11-20T12:00:02.000Z',
  endedAt: '2026-11-20T12:00:03.000Z',
  output: { inline: null },
  outputBytes: 4,
  error: { errorType: 'Error', errorMessage: 'no', stackTrace: ['at one'] },
  exitCode: 1,
};

describe('parseRunRecord', () => {
  test.each([
    ['with what the starter writes', least],
    ['with all that the runner adds', most],
    ['with a packed output', { ...least, output: { gzip: 'H4sI' } }],
    ['with an output elsewhere', { ...least, output: { s3: { bucket: 'b', key: 'k' } } }],
  ])('a row %s is read as it is', (_, row) => {
    expect(parseRunRecord(row)).toEqual(row);
  });

  test.each(RUN_STATUSES)('a row that is %s is read', (status) => {
    expect(parseRunRecord({ ...least, status })).toEqual({ ...least, status });
  });

  test('what a later version adds is left out', () => {
    expect(parseRunRecord({ ...least, retries: 3 })).toEqual(least);
  });

  test.each([
    ['is of an unknown status', { ...least, status: 'DONE' }],
    ['has no function', { ...least, functionArn: undefined }],
    ['is not there', undefined],
  ])('fails on a row that %s', (_, row) => {
    expect(() => parseRunRecord(row)).toThrow(expect.objectContaining({ name: 'ValiError' }));
  });
});
