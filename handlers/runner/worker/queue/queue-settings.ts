import { type Environment, oneOf, optionalText, SettingError, wholeNumber } from '../../../shared/settings';
import { queueArn } from '../region';

/**
 * What of a message is the event: `sqs`, a batch of messages in Lambda's own shape; `body`, the message's body;
 * `objects`, the body names objects of S3, which are downloaded.
 */
const MESSAGE_EVENTS = ['sqs', 'body', 'objects'] as const;

type MessageEvent = (typeof MESSAGE_EVENTS)[number];

/** How a queue's messages become jobs, and what becomes of them. */
export interface QueueSettings {
  readonly queueUrl: string;
  readonly region: string;
  /** What functions see as `eventSourceARN`. */
  readonly queueArn: string;
  readonly isFifo: boolean;
  readonly messageEvent: MessageEvent;
  /** The most messages of one job. */
  readonly batchSize: number;
  /** How long a batch that is not full waits for more. */
  readonly batchWindowSeconds: number;
  /** Whether the output of a job says which of its messages failed. */
  readonly reportsBatchItemFailures: boolean;
  /** Takes what can never work; `undefined` leaves that to the queue's own redrive policy. */
  readonly deadLetterQueueUrl: string | undefined;
  /** A message that has failed so often goes there; `undefined` never. */
  readonly maxReceiveCount: number | undefined;
  /** DynamoDB's table of who works on what; `undefined` does without. */
  readonly jobsTable: string | undefined;
  /** When a message that is still worked on is replaced with a copy of itself, in seconds after it was received. */
  readonly handOverSeconds: number;
  /** The longest that one job may take where nobody says. */
  readonly defaultTimeoutSeconds: number;
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html: more than 10 need a window. */
const BATCH_SIZE = { minimum: 1, maximum: 10_000, fallback: 10 } as const;
const LARGEST_BATCH_WITHOUT_WINDOW = 10;
const BATCH_WINDOW_SECONDS = { minimum: 0, maximum: 300, fallback: 0 } as const;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
const MAX_RECEIVE_COUNT = { minimum: 1, maximum: 1_000 } as const;

/**
 * A message stays hidden for twelve hours at most after it was received, however often that is renewed:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 * Ten minutes of them are for what comes before and after the work.
 */
export const LONGEST_OF_ONE_RECEIPT_SECONDS = 42_600;

/** Eleven hours leave one in which SQS may be out of reach. */
const HAND_OVER_SECONDS = { minimum: 1, maximum: 39_600, fallback: 39_600 } as const;

/** A day, as the runs of the starter have where nobody says otherwise. */
const DAY_SECONDS = 86_400;

/** @throws {SettingError} for the first setting that is missing or wrong */
export function readQueueSettings(environment: Environment, queueUrl: string, region: string): QueueSettings {
  const arn = optionalText(environment, 'OVERTIME_QUEUE_ARN') ?? queueArn(queueUrl, region);
  if (arn === undefined) {
    throw new SettingError(
      `OVERTIME_QUEUE_URL is "${queueUrl}", which does not end in /ACCOUNT/NAME: set OVERTIME_QUEUE_ARN as well.`,
    );
  }
  const isFifo = arn.endsWith('.fifo');
  const jobsTable = optionalText(environment, 'OVERTIME_JOBS_TABLE');
  const deadLetterQueueUrl = optionalText(environment, 'OVERTIME_DEAD_LETTER_QUEUE_URL');
  return {
    queueUrl,
    region,
    queueArn: arn,
    isFifo,
    ...readBatches(environment, isFifo),
    deadLetterQueueUrl,
    maxReceiveCount: readMaxReceiveCount(environment, deadLetterQueueUrl),
    jobsTable,
    handOverSeconds: wholeNumber(environment, 'OVERTIME_HAND_OVER_SECONDS', HAND_OVER_SECONDS),
    defaultTimeoutSeconds: canHandOver({ isFifo, jobsTable }) ? DAY_SECONDS : LONGEST_OF_ONE_RECEIPT_SECONDS,
  };
}

/** A copy of a message comes after the others of its group, and two workers would do the work without the table. */
export function canHandOver({ isFifo, jobsTable }: Pick<QueueSettings, 'isFifo' | 'jobsTable'>): boolean {
  return !isFifo && jobsTable !== undefined;
}

/** @throws {SettingError} where SQS would give a message to another worker while it is worked on */
export function checkTimeout(timeoutSeconds: number, queue: QueueSettings): void {
  if (timeoutSeconds > LONGEST_OF_ONE_RECEIPT_SECONDS && !canHandOver(queue)) {
    throw new SettingError(
      `OVERTIME_TIMEOUT_SECONDS is "${timeoutSeconds}", and SQS hides a message for twelve hours: give at most ` +
        `${LONGEST_OF_ONE_RECEIPT_SECONDS}${queue.isFifo ? ' for a FIFO queue' : ', or set OVERTIME_JOBS_TABLE'}.`,
    );
  }
}

type BatchSettings = Pick<
  QueueSettings,
  'messageEvent' | 'batchSize' | 'batchWindowSeconds' | 'reportsBatchItemFailures'
>;

function readBatches(environment: Environment, isFifo: boolean): BatchSettings {
  const messageEvent = oneOf(environment, 'OVERTIME_MESSAGE_EVENT', MESSAGE_EVENTS, 'sqs');
  if (messageEvent !== 'sqs') {
    refuseOther(environment, messageEvent, 'OVERTIME_BATCH_SIZE', '1');
    refuseOther(environment, messageEvent, 'OVERTIME_BATCH_WINDOW_SECONDS', '0');
    return { messageEvent, batchSize: 1, batchWindowSeconds: 0, reportsBatchItemFailures: false };
  }
  const batchSize = wholeNumber(environment, 'OVERTIME_BATCH_SIZE', BATCH_SIZE);
  const batchWindowSeconds = wholeNumber(environment, 'OVERTIME_BATCH_WINDOW_SECONDS', BATCH_WINDOW_SECONDS);
  if (batchSize > LARGEST_BATCH_WITHOUT_WINDOW && (isFifo || batchWindowSeconds === 0)) {
    throw new SettingError(
      `OVERTIME_BATCH_SIZE is "${batchSize}": give at most ${LARGEST_BATCH_WITHOUT_WINDOW}` +
        `${isFifo ? ' for a FIFO queue' : ', or set OVERTIME_BATCH_WINDOW_SECONDS to 1 or more'}.`,
    );
  }
  if (isFifo && batchWindowSeconds > 0) {
    throw new SettingError(
      `OVERTIME_BATCH_WINDOW_SECONDS is "${batchWindowSeconds}": a FIFO queue has no window, leave it at 0.`,
    );
  }
  const reports = oneOf(environment, 'OVERTIME_REPORT_BATCH_ITEM_FAILURES', ['true', 'false'], 'true');
  return { messageEvent, batchSize, batchWindowSeconds, reportsBatchItemFailures: reports === 'true' };
}

function readMaxReceiveCount(environment: Environment, deadLetterQueueUrl: string | undefined): number | undefined {
  const name = 'OVERTIME_MAX_RECEIVE_COUNT';
  if (optionalText(environment, name) === undefined) {
    return undefined;
  }
  if (deadLetterQueueUrl === undefined) {
    throw new SettingError(`${name} is set, and OVERTIME_DEAD_LETTER_QUEUE_URL is not: give both, or none of them.`);
  }
  return wholeNumber(environment, name, MAX_RECEIVE_COUNT);
}

function refuseOther(environment: Environment, messageEvent: MessageEvent, name: string, only: string): void {
  const value = optionalText(environment, name);
  if (value !== undefined && value !== only) {
    throw new SettingError(
      `${name} is "${value}", and with OVERTIME_MESSAGE_EVENT "${messageEvent}" each message is a job of its own: ` +
        `give ${only}, or leave it out.`,
    );
  }
}
