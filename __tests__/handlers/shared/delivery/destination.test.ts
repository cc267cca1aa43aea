import { parseDestination } from '../../../../handlers/shared/delivery/destination';

const PLACE = 'eu-west-1:123456789012';

test.each([
  [
    `arn:aws:sqs:${PLACE}:results`,
    { kind: 'queue', region: 'eu-west-1', account: '123456789012', name: 'results', isFifo: false },
  ],
  [
    'arn:aws-cn:sqs:cn-north-1:123456789012:results.fifo',
    { kind: 'queue', region: 'cn-north-1', account: '123456789012', name: 'results.fifo', isFifo: true },
  ],
  [`arn:aws:sns:${PLACE}:results`, { kind: 'topic', region: 'eu-west-1', isFifo: false }],
  ['arn:aws-us-gov:sns:us-gov-west-1:123456789012:r.fifo', { kind: 'topic', region: 'us-gov-west-1', isFifo: true }],
  [`arn:aws:events:${PLACE}:event-bus/default`, { kind: 'eventBus', region: 'eu-west-1' }],
  [`arn:aws:lambda:${PLACE}:function:after`, { kind: 'function', region: 'eu-west-1' }],
  [`arn:aws:lambda:${PLACE}:function:after:live`, { kind: 'function', region: 'eu-west-1' }],
  ['arn:aws-iso-b:s3:::results.example', { kind: 'bucket', bucket: 'results.example' }],
])('%s is a destination', (arn, destination) => {
  expect(parseDestination(arn)).toEqual({ arn, ...destination });
});

test.each([
  ['', 'nothing'],
  ['after', 'a name'],
  ['123456789012:function:after', 'a partial ARN'],
  [`arn:aws:sqs:${PLACE}:re sults`, 'no legal name'],
  [`arn:aws:sqs:${PLACE}:${'q'.repeat(81)}`, 'a name that is too long'],
  ['arn:aws:sqs:eu-west-1:12345678901:results', 'an account of 11 digits'],
  [`arn:aws:states:${PLACE}:stateMachine:after`, 'a state machine'],
  ['arn:aws:s3:::results/outcomes', 'an object'],
  [`arn:aws:events:${PLACE}:rule/after`, 'a rule'],
])('%s is none: %s', (arn) => {
  expect(parseDestination(arn)).toBeUndefined();
});
