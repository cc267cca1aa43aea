import { readEntrance } from '../../../../handlers/starter/entrances/entrance';
import type { EventRequest } from '../../../../handlers/starter/entrances/event-requests';
import type { OrderSettings } from '../../../../handlers/starter/entrances/orders';
import objectCreated from '../../../support/events/eventbridge-s3.json';
import scheduled from '../../../support/events/eventbridge-schedule.json';
import functionUrl from '../../../support/events/function-url.json';
import invocationRecord from '../../../support/events/invocation-record.json';
import s3Event from '../../../support/events/s3.json';
import s3Test from '../../../support/events/s3-test.json';
import snsEvent from '../../../support/events/sns.json';
import snsInSqs from '../../../support/events/sns-in-sqs.json';
import sqsFifo from '../../../support/events/sqs-fifo.json';
import sqsStandard from '../../../support/events/sqs-standard.json';

const REQUEST = { arn: 'resize', input: { a: 1 } };
const QUEUE = 'arn:aws:sqs:us-east-2:123456789012:my-queue';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:sns-lambda';
const BUCKET = 'arn:aws:s3:::lambda-artifacts-deafc19498e3f2df';
const FUNCTION = 'arn:aws:lambda:us-east-2:123456789012:function:my-function';
const FOR_SOURCE = { arn: 'resize', memoryMiB: 2048 };

const TIMED_OUT = {
  errorType: 'Sandbox.Timedout',
  errorMessage: 'RequestId: e4b46cbf-b738-xmpl-8880-a18cdf61200e Error: Task timed out after 3.00 seconds',
};

function settings(requests: Readonly<Record<string, EventRequest>> = {}): OrderSettings {
  return {
    eventRequests: new Map(Object.entries(requests)),
    overflow: { causes: ['timeout', 'memory'], ownFunctionName: 'overtime-starter' },
  };
}

const read = (event: unknown, requests?: Readonly<Record<string, EventRequest>>) =>
  readEntrance(event, 'id-1', settings(requests));

/** AWS's sample of an SQS event, with one message and a body of ours. */
function sqs(body: unknown, fields: object = {}) {
  const [record] = sqsStandard.Records;
  return { Records: [{ ...record, body: typeof body === 'string' ? body : JSON.stringify(body), ...fields }] };
}

function sns(message: unknown) {
  const [record] = snsEvent.Records;
  return { Records: [{ ...record, Sns: { ...record?.Sns, Message: JSON.stringify(message) } }] };
}

const SQS_ID = 'sqs:059f36b4-87a3-44ab-83d2-661975830a7d';
const SNS_ID = 'sns:95df01b4-ee98-5cb9-9903-4c221d41eb5e';
const S3_ID = expect.stringMatching(/^s3:[0-9a-f]{64}$/);

const asked = (event: unknown, requestId: unknown) => [{ kind: 'request', event, requestId }];

/** What the one message of a queue's event asks for. */
function ofMessage(event: unknown, requests?: Readonly<Record<string, EventRequest>>) {
  const entrance = read(event, requests);
  return entrance.kind === 'queue' ? entrance.messages[0]?.orders : entrance;
}

const ofEvent = (orders: readonly unknown[]) => ({ kind: 'event', orders });

describe('a request', () => {
  test.each([
    ['as it is', REQUEST],
    ['for a container, with a field of an event beside', { taskDefinition: 'report', Records: [] }],
    ['for a status', { action: 'status', runId: 'run-1' }],
    [
      'with fields of an event beside its own: the request is refused for them, not read as the event',
      { ...REQUEST, Records: [] },
    ],
    ['that is none', { greeting: 'hello' }],
    ['that is no object', 'hello'],
    ['of a Step Functions task', { arn: 'resize', taskToken: 'token' }],
  ])('%s', (_, event) => {
    expect(read(event)).toEqual({ kind: 'direct', event });
  });
});

describe('SQS', () => {
  test("AWS's sample of a standard queue has two messages, neither of which is a request", () => {
    const refused = (messageId: string) => ({
      messageId,
      orders: [
        {
          kind: 'refuse',
          reason:
            `The message ${messageId} of ${QUEUE} is not JSON: send a request such as {"arn": "my-function", "input": {}}, or ` +
            'give the source a request in OVERTIME_EVENT_REQUESTS (eventRequests of the starter module).',
        },
      ],
    });

    expect(read(sqsStandard)).toEqual({
      kind: 'queue',
      isFifo: false,
      messages: [refused('059f36b4-87a3-44ab-83d2-661975830a7d'), refused('2e1424d4-f796-459a-8184-9c92662be6da')],
    });
  });

  test("AWS's sample of a FIFO queue is known as one", () => {
    expect(read(sqsFifo)).toMatchObject({ kind: 'queue', isFifo: true });
  });

  test("a body is a request, known by the message's id", () => {
    expect(ofMessage(sqs(REQUEST))).toEqual(asked(REQUEST, SQS_ID));
  });

  test('a queue with a request of its own gives the function each message as Lambda would', () => {
    const orders = (messageId: string, index: number) => ({
      messageId,
      orders: asked({ ...FOR_SOURCE, input: { Records: [sqsStandard.Records[index]] } }, `sqs:${messageId}`),
    });

    expect(read(sqsStandard, { [QUEUE]: FOR_SOURCE })).toEqual({
      kind: 'queue',
      isFifo: false,
      messages: [orders('059f36b4-87a3-44ab-83d2-661975830a7d', 0), orders('2e1424d4-f796-459a-8184-9c92662be6da', 1)],
    });
  });

  test.each([
    [
      "a topic's message",
      { ...snsInSqs, Message: JSON.stringify(REQUEST) },
      {},
      asked(REQUEST, 'sns:63a3f6b6-d533-4a47-aef9-fcf5cf758c76'),
    ],
    [
      'an event of a bucket with a request of its own',
      s3Event,
      { [BUCKET]: FOR_SOURCE },
      asked({ ...FOR_SOURCE, input: s3Event }, S3_ID),
    ],
    [
      "S3's test of its notifications",
      s3Test,
      {},
      [{ kind: 'ignore', reason: 'S3 tests whether its notifications arrive: they do.' }],
    ],
    [
      'an event of EventBridge',
      { ...scheduled, detail: REQUEST },
      {},
      asked(REQUEST, 'eventbridge:cdc73f9d-aea9-11e3-9d5a-835b769c0d9c'),
    ],
  ])('a body may be %s, known by its own id', (_, body, requests, orders) => {
    expect(ofMessage(sqs(body), requests)).toEqual(orders);
  });

  test.each([
    ['a queue', sqsStandard],
    ['a function URL', functionUrl],
  ])('a body is refused that pretends to be an event of %s', (_, body) => {
    expect(ofMessage(sqs(body))).toEqual([
      {
        kind: 'refuse',
        reason: `The message 059f36b4-87a3-44ab-83d2-661975830a7d of ${QUEUE} holds an event that only Lambda itself makes.`,
      },
    ]);
  });
});

describe('SNS', () => {
  test("a message is a request, known by the message's id", () => {
    expect(read(sns(REQUEST))).toEqual(ofEvent(asked(REQUEST, SNS_ID)));
  });

  test("AWS's sample is no request, and is refused", () => {
    expect(read(snsEvent)).toMatchObject(
      ofEvent([{ kind: 'refuse', reason: expect.stringContaining(`of ${TOPIC} is not JSON`) }]),
    );
  });

  test("AWS's sample goes to the function of a topic with a request of its own, as Lambda would give it", () => {
    expect(read(snsEvent, { [TOPIC]: FOR_SOURCE })).toEqual(ofEvent(asked({ ...FOR_SOURCE, input: snsEvent }, SNS_ID)));
  });
});

describe('S3', () => {
  test("AWS's sample is refused where nobody said which function it is for", () => {
    expect(read(s3Event)).toEqual(
      ofEvent([
        {
          kind: 'refuse',
          reason:
            'S3 does not say which function its events are for: give the source a request in OVERTIME_EVENT_REQUESTS ' +
            `(eventRequests of the starter module), under ${BUCKET}.`,
        },
      ]),
    );
  });

  test("AWS's sample goes to the bucket's function as Lambda would give it", () => {
    expect(read(s3Event, { [BUCKET]: FOR_SOURCE })).toEqual(ofEvent(asked({ ...FOR_SOURCE, input: s3Event }, S3_ID)));
  });

  const [record] = s3Event.Records;
  const withObject = (object: object, fields: object = {}) => ({
    Records: [{ ...record, ...fields, s3: { ...record?.s3, object: { ...record?.s3.object, ...object } } }],
  });
  const idOf = (event: unknown) => {
    const entrance = read(event, { [BUCKET]: FOR_SOURCE });
    const [order] = entrance.kind === 'event' ? entrance.orders : [];
    return order?.kind === 'request' ? order.requestId : undefined;
  };

  test.each([
    [
      'another request id, as S3 sends an event again',
      withObject({}, { responseElements: { 'x-amz-request-id': 'X' } }),
      true,
    ],
    ['another key', withObject({ key: 'other' }), false],
    ['another version', withObject({ versionId: '2' }), false],
    ['a later write of the key', withObject({ sequencer: '0C0F6F405D6ED209E2' }), false],
    [
      'no sequencer, at another time',
      withObject({ sequencer: undefined }, { eventTime: '2020-01-01T00:00:00.000Z' }),
      false,
    ],
  ])('with %s it is the same event: %#', (_, event, isSame) => {
    expect(idOf(event) === idOf(s3Event)).toBe(isSame);
    expect(idOf(event)).toEqual(S3_ID);
  });
});

describe('EventBridge', () => {
  const id = 'eventbridge:cdc73f9d-aea9-11e3-9d5a-835b769c0d9c';

  test('the detail is a request, known by the id of the event', () => {
    expect(read({ ...scheduled, detail: REQUEST })).toEqual(ofEvent(asked(REQUEST, id)));
  });

  test.each([
    ['a rule', scheduled, 'arn:aws:events:us-east-2:123456789012:rule/my-schedule', id],
    [
      'a bucket',
      objectCreated,
      'arn:aws:s3:::amzn-s3-demo-bucket1',
      'eventbridge:17793124-05d4-b198-2fde-7ededc63b103',
    ],
  ])("AWS's sample goes whole to the function of %s with a request of its own", (_, event, arn, requestId) => {
    expect(read(event, { [arn]: FOR_SOURCE })).toEqual(ofEvent(asked({ ...FOR_SOURCE, input: event }, requestId)));
  });

  test('an input that the rule itself gives is a request like any other', () => {
    expect(read(REQUEST)).toEqual({ kind: 'direct', event: REQUEST });
  });

  test('a detail that pretends to be an event of a queue is refused', () => {
    expect(read({ ...scheduled, detail: sqsStandard })).toMatchObject(ofEvent([{ kind: 'refuse' }]));
  });
});

describe('an asynchronous invocation that failed', () => {
  const failed = { ...invocationRecord, responsePayload: TIMED_OUT };
  const overflowId = 'overflow:my-function:e4b46cbf-b738-xmpl-8880-a18cdf61200e';
  const run = asked({ arn: `${FUNCTION}:$LATEST`, input: invocationRecord.requestPayload }, overflowId);

  test("by AWS's sample, whose process exited, is left alone", () => {
    expect(read(invocationRecord)).toEqual(
      ofEvent([
        {
          kind: 'ignore',
          reason:
            'The invocation e4b46cbf-b738-xmpl-8880-a18cdf61200e of my-function failed by another cause, and overflow is for ' +
            'timeout and memory.',
        },
      ]),
    );
  });

  test.each([
    ["as the function's destination", (event: unknown) => read(event)],
    ['through an event bus', (event: unknown) => read({ ...scheduled, source: 'lambda', detail: event })],
    ['through a topic', (event: unknown) => read(sns(event))],
  ])('by time-out goes on as a run, from the payload as it was: %s', (_, through) => {
    expect(through(failed)).toEqual(ofEvent(run));
  });

  test('by time-out goes on as a run through a queue, too', () => {
    expect(ofMessage(sqs(failed))).toEqual(run);
  });

  test("takes the request under the function's ARN, where there is one", () => {
    expect(read(failed, { [FUNCTION]: { arn: 'my-function', cpu: 4096 } })).toEqual(
      ofEvent(asked({ arn: 'my-function', cpu: 4096, input: invocationRecord.requestPayload }, overflowId)),
    );
  });

  test('is refused where the record names no function', () => {
    const nameless = {
      ...failed,
      requestContext: { ...failed.requestContext, functionArn: 'arn:aws:sns:us-east-2:123456789012:topic' },
    };

    expect(read(nameless)).toMatchObject(ofEvent([{ kind: 'refuse' }]));
  });
});

describe("a dead letter of a function's own queue", () => {
  const attributes = {
    RequestID: { stringValue: 'e4b46cbf-b738-xmpl-8880-a18cdf61200e', dataType: 'String' },
    ErrorCode: { stringValue: '200', dataType: 'Number' },
    ErrorMessage: {
      stringValue: '2019-11-14T18:16:05.568Z e4b46cbf-b738-xmpl-8880-a18cdf61200e Task timed out after 3.00 seconds',
      dataType: 'String',
    },
  };
  const letter = (body: unknown, message = attributes.ErrorMessage.stringValue) =>
    sqs(body, { messageAttributes: { ...attributes, ErrorMessage: { stringValue: message, dataType: 'String' } } });
  const forQueue = { [QUEUE]: { arn: 'my-function', cpu: 4096 } };

  test('goes on as the same run as its record would', () => {
    expect(ofMessage(letter({ order: 7 }), forQueue)).toEqual(
      asked(
        { arn: 'my-function', cpu: 4096, input: { order: 7 } },
        'overflow:my-function:e4b46cbf-b738-xmpl-8880-a18cdf61200e',
      ),
    );
  });

  test('is left alone where the function failed by itself', () => {
    expect(ofMessage(letter({ order: 7 }, 'No such order'), forQueue)).toMatchObject([{ kind: 'ignore' }]);
  });

  test('is refused where the queue has a container, as the letter names no function', () => {
    expect(ofMessage(letter({ order: 7 }), { [QUEUE]: { taskDefinition: 'report' } })).toMatchObject([
      { kind: 'refuse', reason: expect.stringContaining('does not name the function') },
    ]);
  });

  test('is refused where the queue has no request, as the letter names no function', () => {
    expect(ofMessage(letter({ arn: 'resize' }))).toMatchObject([
      { kind: 'refuse', reason: expect.stringContaining('does not name the function') },
    ]);
  });

  test('is refused where its body is not JSON', () => {
    expect(ofMessage(letter('hello'), forQueue)).toMatchObject([{ kind: 'refuse' }]);
  });
});

describe('an event is refused', () => {
  test.each([
    [
      'of a source that the starter does not read',
      { Records: [{ eventSource: 'aws:kinesis' }] },
      /^The event has Records of "aws:kinesis": the starter reads those of aws:sqs, aws:sns and aws:s3\.$/,
    ],
    ['of no source', { Records: [{}] }, /of no named source/],
    ['without records', { Records: [] }, /are no list, or an empty one/],
    ['of two sources', { Records: [...s3Event.Records, ...snsEvent.Records] }, /are of several sources/],
    [
      'of two services at once',
      { ...scheduled, ...s3Event },
      /^The event is Records and an event of EventBridge at once/,
    ],
    [
      'that lacks a field of its form',
      { Records: [{ ...s3Event.Records[0], s3: {} }] },
      /^The event looks like one of S3, and its field 0\.s3\.bucket is missing or of another type\.$/,
    ],
  ])('%s', (_, event, reason) => {
    expect(read(event)).toEqual(ofEvent([{ kind: 'refuse', reason: expect.stringMatching(reason) }]));
  });
});
