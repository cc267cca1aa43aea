import { isOwnOutput, outputMark } from '../../../../handlers/shared/object-event/output-mark';

const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/scenes';
const OTHER_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/pictures';

test.each([
  ['an output of its own workers is', outputMark('s3://b/k', QUEUE_URL), true],
  ['an output of which nobody says more is', { 'overtime-source': 's3://b/k' }, true],
  ["another queue's output, on which its workers go on, is not", outputMark('s3://b/k', OTHER_URL), false],
  ['what has metadata of its own is not', { author: 'me' }, false],
])('of what a queue must not work on %s one', (_, metadata, expected) => {
  expect(isOwnOutput(metadata, QUEUE_URL)).toBe(expected);
});

test('both names are those that S3 keeps as they are: lower case, and ASCII', () => {
  expect(outputMark('s3://b/k', QUEUE_URL)).toEqual({ 'overtime-source': 's3://b/k', 'overtime-queue': QUEUE_URL });
});
