/**
 * What the programs promise each other about a run: the states, the ledger's row, and the envelope that carries a
 * run to its task. The starter writes these, the runner reads and closes them; nothing here knows an AWS client.
 */

/** Every state of a run. The last six are final: no write leaves them. */
export const RUN_STATUSES = [
  'PENDING',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'INTERRUPTED',
  'CANCELLED',
  'LOST',
] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];

export type FinalStatus = Exclude<RunStatus, 'PENDING' | 'STARTING' | 'RUNNING'>;

/** The states that a run leaves. */
export const LIVE_STATUSES: readonly RunStatus[] = ['PENDING', 'STARTING', 'RUNNING'];

export function isFinal(status: RunStatus): status is FinalStatus {
  return !LIVE_STATUSES.includes(status);
}

/** An object in the payload bucket. */
export interface ObjectPointer {
  readonly bucket: string;
  readonly key: string;
}

/**
 * A JSON document on its way to or from a run: as it is, gzipped and in base64, or as an object in the payload bucket.
 * Objects hold the JSON text itself, UTF-8, not compressed.
 */
export type Payload = { readonly inline: unknown } | { readonly gzip: string } | { readonly s3: ObjectPointer };

/** An error as Lambda reports one: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface ReportedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace?: readonly string[];
}

/** The one environment variable that carries a run to its task: the JSON text of a {@link RunEnvelope}. */
export const RUN_ENVIRONMENT_VARIABLE = 'OVERTIME_RUN';

/** Version of {@link RunEnvelope}; a runner refuses one that it does not know. */
export const RUN_ENVELOPE_VERSION = 1;

/**
 * The variables that a container run gives to its container. The first two are always there: the second tells the
 * watcher for which attempt a task was started. Of the input there is the one that it fits into, or none.
 */
export const CONTAINER_VARIABLES = {
  runId: 'OVERTIME_RUN_ID',
  attempt: 'OVERTIME_RUN_ATTEMPT',
  /** The input's JSON text. */
  input: 'OVERTIME_INPUT',
  /** Where the input's JSON text lies, such as s3://bucket/key: RunTask takes no more than so much inline. */
  inputUri: 'OVERTIME_INPUT_S3_URI',
} as const;

export interface RunEnvelope {
  readonly version: typeof RUN_ENVELOPE_VERSION;
  readonly runId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** ARN of the function, with its qualifier if the caller gave one. */
  readonly functionArn: string;
  /** The longest that the handler may take, in seconds, from its invocation. */
  readonly timeoutSeconds: number;
  /** The caller's variables, over the function's own of the same name. Not for secrets: DescribeTasks shows them. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input: Payload;
}

/** Whether a value is an object of texts, as {@link RunEnvelope.environment} is. */
export function isVariables(value: unknown): value is Readonly<Record<string, string>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string')
  );
}

/** The indexes of the ledger table. */
export const LEDGER_INDEXES = {
  /** `unqualifiedFunctionArn`, sorted by `createdAt`; it has the container runs, too, by their family. */
  byFunction: 'by-function',
  /** `status`, sorted by `createdAt`. */
  byStatus: 'by-status',
  /** `createdDay`, sorted by `createdAt`. */
  byDay: 'by-day',
  /** `open`, sorted by `checkAt`; it holds the keys alone. */
  open: 'open',
} as const;

/** Primary key of the ledger table. */
export const LEDGER_KEY = 'runId';

/**
 * Where else than to the ledger a run's outcome goes. It stays in the ledger: overrides are shown by DescribeTasks, and
 * a task token is a secret.
 */
export interface Delivery {
  /** Of Step Functions: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token */
  readonly taskToken?: string;
  /** Of a durable function. */
  readonly callbackId?: string;
  /** How long whoever waits by token or callback waits without a heartbeat. */
  readonly heartbeatSeconds?: number;
  /** ARN of a queue, topic, event bus, function or bucket. */
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

/** An attempt that ended and was followed by another. */
export interface PastAttempt {
  readonly attempt: number;
  readonly status: Exclude<FinalStatus, 'SUCCEEDED' | 'CANCELLED'>;
  readonly endedAt: string;
  readonly startedAt?: string;
  readonly invokedAt?: string;
  readonly taskArn?: string;
  /** Cut short: a row holds 400 KB. */
  readonly error?: ReportedError;
  readonly exitCode?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** See {@link RunRecord.endedBy}. */
  readonly endedBy?: string;
}

/** The one value of {@link RunRecord.open}: DynamoDB leaves rows without it out of the index. */
export const OPEN = 'open';

/**
 * A row of the ledger, as DynamoDB's document client gives it. Times are ISO 8601 in UTC; `expiresAt` is in whole
 * seconds since 1970, as DynamoDB's time-to-live wants it.
 */
export interface RunRecord {
  readonly runId: string;
  readonly status: RunStatus;
  /** 1 for the first; a failed attempt of which another is left makes the run PENDING again, with the next number. */
  readonly attempt: number;
  /** @default 1 */
  readonly maxAttempts?: number;
  /** The attempts before this one, the oldest first. */
  readonly attempts?: readonly PastAttempt[];
  /** With the qualifier that the caller gave. Absent of a container run, which has `container` in its place. */
  readonly functionArn?: string;
  /**
   * Of a container run: the name of the container whose exit code is the run's outcome. There is no runner in its task,
   * so that nobody but the watcher writes to the row once the task is there.
   */
  readonly container?: string;
  /** Key of the index by function; of a container run the ARN of its task definition without a revision. */
  readonly unqualifiedFunctionArn?: string;
  readonly requestHash: string;
  readonly timeoutSeconds: number;
  readonly inputBytes: number;
  readonly createdAt: string;
  /** The date of `createdAt`, such as 2026-11-21: key of the index by time. */
  readonly createdDay?: string;
  readonly expiresAt: number;
  /** {@link OPEN} until the run has ended and its outcome was delivered, then absent: key of the sweep's index. */
  readonly open?: typeof OPEN;
  /** When the sweep looks at the row next. Absent as soon as `open` is. */
  readonly checkAt?: string;
  /** How the task is started; handlers/starter writes it, and reads it for attempts that it starts later. */
  readonly launch?: unknown;
  /** How many places handlers/starter has given up for this run's task: part of ECS's client token. @default 0 */
  readonly launchVariant?: number;
  readonly delivery?: Delivery;
  /** When a request for a run that had ended asked for its outcome; absent where it is told from its end on. */
  readonly deliverySince?: string;
  /** When the outcome reached all that `delivery` names. */
  readonly deliveredAt?: string;
  /** Why the last try to deliver failed; it stays if the tries were given up. */
  readonly deliveryError?: string;
  /** Until then a watcher delivers the outcome, and the others leave it to that one. */
  readonly claimedUntil?: string;
  /** That watcher: a random id. */
  readonly claimedBy?: string;
  readonly cluster?: string;
  /** As ECS took it, with its revision; of a container run that waits as the request has it. */
  readonly taskDefinition?: string;
  /** Of this attempt's task: written by the starter once ECS has accepted it. */
  readonly taskArn?: string;
  /** When ECS first said that it has no such task; absent as soon as it has. */
  readonly missingSince?: string;
  /** The process that has this attempt: a random id. */
  readonly runnerId?: string;
  /** Written by the runner when it begins, before the download; of a container run when ECS says that the task ran. */
  readonly startedAt?: string;
  /** Written by the runner when the runtime is up and the handler is called; of a container run as `startedAt`. */
  readonly invokedAt?: string;
  readonly endedAt?: string;
  /** The process that ended the run: a random id, by which it knows its own write again if the answer was lost. */
  readonly endedBy?: string;
  readonly output?: Payload;
  readonly outputBytes?: number;
  readonly error?: ReportedError;
  /** The runner's exit code: see handlers/runner/exit-codes.ts. Of a container run that of its container. */
  readonly exitCode?: number;
  /** The most memory that the runner's container used, and what its task had; absent where ECS or the kernel did not say. */
  readonly peakMemoryMiB?: number;
  readonly memorySizeMiB?: number;
  /** Why ECS stopped the task, as DescribeTasks says it. */
  readonly stopCode?: string;
  readonly stoppedReason?: string;
}
