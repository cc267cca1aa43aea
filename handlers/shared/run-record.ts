import * as v from 'valibot';
import { OPEN, RUN_STATUSES, type RunRecord } from './run';

export const PayloadSchema = v.union([
  v.object({ inline: v.unknown() }),
  v.object({ gzip: v.string() }),
  v.object({ s3: v.object({ bucket: v.string(), key: v.string() }) }),
]);

const ReportedErrorSchema = v.object({
  errorType: v.string(),
  errorMessage: v.string(),
  stackTrace: v.exactOptional(v.array(v.string())),
});

const DeliverySchema = v.object({
  taskToken: v.exactOptional(v.string()),
  callbackId: v.exactOptional(v.string()),
  heartbeatSeconds: v.exactOptional(v.number()),
  onSuccess: v.exactOptional(v.string()),
  onFailure: v.exactOptional(v.string()),
});

const PastAttemptSchema = v.object({
  attempt: v.number(),
  status: v.picklist(['FAILED', 'TIMED_OUT', 'INTERRUPTED', 'LOST']),
  endedAt: v.string(),
  startedAt: v.exactOptional(v.string()),
  invokedAt: v.exactOptional(v.string()),
  taskArn: v.exactOptional(v.string()),
  error: v.exactOptional(ReportedErrorSchema),
  exitCode: v.exactOptional(v.number()),
  stopCode: v.exactOptional(v.string()),
  stoppedReason: v.exactOptional(v.string()),
  endedBy: v.exactOptional(v.string()),
});

// Not strict: a later version may add to rows that this one still has to read.
const RunRecordSchema = v.object({
  runId: v.string(),
  status: v.picklist(RUN_STATUSES),
  attempt: v.number(),
  maxAttempts: v.exactOptional(v.number()),
  attempts: v.exactOptional(v.array(PastAttemptSchema)),
  functionArn: v.exactOptional(v.string()),
  container: v.exactOptional(v.string()),
  unqualifiedFunctionArn: v.exactOptional(v.string()),
  requestHash: v.string(),
  timeoutSeconds: v.number(),
  inputBytes: v.number(),
  createdAt: v.string(),
  createdDay: v.exactOptional(v.string()),
  expiresAt: v.number(),
  open: v.exactOptional(v.literal(OPEN)),
  checkAt: v.exactOptional(v.string()),
  launch: v.exactOptional(v.unknown()),
  launchVariant: v.exactOptional(v.number()),
  delivery: v.exactOptional(DeliverySchema),
  deliveredAt: v.exactOptional(v.string()),
  deliverySince: v.exactOptional(v.string()),
  deliveryError: v.exactOptional(v.string()),
  claimedUntil: v.exactOptional(v.string()),
  claimedBy: v.exactOptional(v.string()),
  cluster: v.exactOptional(v.string()),
  taskDefinition: v.exactOptional(v.string()),
  taskArn: v.exactOptional(v.string()),
  missingSince: v.exactOptional(v.string()),
  runnerId: v.exactOptional(v.string()),
  startedAt: v.exactOptional(v.string()),
  invokedAt: v.exactOptional(v.string()),
  endedAt: v.exactOptional(v.string()),
  endedBy: v.exactOptional(v.string()),
  output: v.exactOptional(PayloadSchema),
  outputBytes: v.exactOptional(v.number()),
  error: v.exactOptional(ReportedErrorSchema),
  exitCode: v.exactOptional(v.number()),
  peakMemoryMiB: v.exactOptional(v.number()),
  memorySizeMiB: v.exactOptional(v.number()),
  stopCode: v.exactOptional(v.string()),
  stoppedReason: v.exactOptional(v.string()),
});

/**
 * Reads a row of the ledger.
 *
 * @throws {ValiError} when it is not one: somebody else writes to the table
 */
export function parseRunRecord(row: unknown): RunRecord {
  return v.parse(RunRecordSchema, row);
}
