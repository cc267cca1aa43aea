import { arnRegion, queueArn, queueRegion } from '../../../../handlers/runner/worker/region';

test.each([
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/q', 'eu-west-1'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q', 'cn-north-1'],
  ['https://sqs-fips.us-gov-west-1.amazonaws.com/123456789012/q', 'us-gov-west-1'],
  ['https://sqs.eu-west-1.api.aws/123456789012/q', 'eu-west-1'],
  ['https://eu-west-1.queue.amazonaws.com/123456789012/q', 'eu-west-1'],
  ['http://localhost:4566/000000000000/q', undefined],
  ['https://sqs.eu-west-1.amazonaws.com.example.org/q', undefined],
])('the queue %s is in %s', (url, region) => {
  expect(queueRegion(url)).toBe(region);
});

test.each([
  ['arn:aws:states:eu-west-1:123456789012:activity:a', 'eu-west-1'],
  ['arn:aws:s3:::bucket', undefined],
])('the Region in %s is %s', (arn, region) => {
  expect(arnRegion(arn)).toBe(region);
});

test.each([
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/q', 'eu-west-1', 'arn:aws:sqs:eu-west-1:123456789012:q'],
  ['https://sqs.eu-west-1.amazonaws.com/123456789012/q.fifo', 'eu-west-1', 'arn:aws:sqs:eu-west-1:123456789012:q.fifo'],
  ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q', 'cn-north-1', 'arn:aws-cn:sqs:cn-north-1:123456789012:q'],
  ['http://localhost:4566/000000000000/q', 'us-gov-west-1', 'arn:aws-us-gov:sqs:us-gov-west-1:000000000000:q'],
  ['http://localhost:4566/q', 'eu-west-1', undefined],
])('the queue %s in %s is %s', (url, region, arn) => {
  expect(queueArn(url, region)).toBe(arn);
});
