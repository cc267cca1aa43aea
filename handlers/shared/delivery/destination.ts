import { parseFunctionName } from '../function-name';

interface Regional {
  readonly arn: string;
  readonly region: string;
}

/** Where an invocation record goes. */
export type Destination =
  | (Regional & { readonly kind: 'queue'; readonly account: string; readonly name: string; readonly isFifo: boolean })
  | (Regional & { readonly kind: 'topic'; readonly isFifo: boolean })
  | (Regional & { readonly kind: 'eventBus' })
  | (Regional & { readonly kind: 'function' })
  | { readonly kind: 'bucket'; readonly arn: string; readonly bucket: string };

/** For messages. */
export const DESTINATION_FORMS =
  'the ARN of an SQS queue (arn:aws:sqs:eu-west-1:123456789012:name), an SNS topic, an EventBridge event bus ' +
  '(arn:aws:events:eu-west-1:123456789012:event-bus/name), a Lambda function or an S3 bucket (arn:aws:s3:::name)';

const PARTITION = 'aws(?:-[a-z]+)*';
const PLACE = String.raw`([a-z]+(?:-[a-z]+)+-\d+):(\d{12})`;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html: 80 with the suffix. */
const QUEUE = new RegExp(String.raw`^arn:${PARTITION}:sqs:${PLACE}:([\w-]{1,80}|[\w-]{1,75}\.fifo)$`);
/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html: 256 with the suffix. */
const TOPIC = new RegExp(String.raw`^arn:${PARTITION}:sns:${PLACE}:([\w-]{1,256}|[\w-]{1,251}\.fifo)$`);
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const EVENT_BUS = new RegExp(String.raw`^arn:${PARTITION}:events:${PLACE}:event-bus/[/\w.-]{1,256}$`);
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = new RegExp(`^arn:${PARTITION}:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$`);

const FIFO_SUFFIX = '.fifo';

/** `undefined` when the text is the ARN of nothing that takes an invocation record. */
export function parseDestination(arn: string): Destination | undefined {
  const [, queueRegion, account, name] = QUEUE.exec(arn) ?? [];
  if (queueRegion !== undefined && account !== undefined && name !== undefined) {
    return { kind: 'queue', arn, region: queueRegion, account, name, isFifo: name.endsWith(FIFO_SUFFIX) };
  }
  const topicRegion = TOPIC.exec(arn)?.[1];
  if (topicRegion !== undefined) {
    return { kind: 'topic', arn, region: topicRegion, isFifo: arn.endsWith(FIFO_SUFFIX) };
  }
  const busRegion = EVENT_BUS.exec(arn)?.[1];
  if (busRegion !== undefined) {
    return { kind: 'eventBus', arn, region: busRegion };
  }
  const bucket = BUCKET.exec(arn)?.[1];
  if (bucket !== undefined) {
    return { kind: 'bucket', arn, bucket };
  }
  const functionRegion = parseFunctionName(arn)?.region;
  return functionRegion === undefined ? undefined : { kind: 'function', arn, region: functionRegion };
}
