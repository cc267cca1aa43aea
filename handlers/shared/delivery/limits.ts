/**
 * Of a task token: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html,
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html
 */
export const TASK_OUTCOME = {
  tokenCharacters: 2_048,
  outputBytes: 262_144,
  errorCharacters: 256,
  causeCharacters: 32_768,
} as const;

/**
 * https://docs.aws.amazon.com/lambda/latest/api/API_SendDurableExecutionCallbackSuccess.html: 262,144 bytes. Newer SDKs
 * speak of 1 MB; what fits the smaller number is taken by both.
 */
export const CALLBACK = { idCharacters: 1_024, resultBytes: 262_144, errorBytes: 262_144 } as const;

/** The largest invocation record that each kind of destination takes, in bytes of UTF-8. */
export const RECORD_BYTES = {
  /** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: 1 MiB */
  queue: 1_048_576,
  /** https://docs.aws.amazon.com/sns/latest/dg/large-message-payloads.html: 256 KiB, unless the topic is set to more */
  topic: 262_144,
  /** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html: an entry of less than 1 MB */
  eventBus: 999_999,
  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: an asynchronous payload of 1 MB */
  function: 1_000_000,
  /** S3 takes far more. This is the largest payload that Lambda knows, and what a small watcher holds in memory. */
  bucket: 6_291_456,
} as const;
