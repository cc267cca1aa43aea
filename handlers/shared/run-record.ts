import * as v from 'valibot';
import { RUN_STATUSES, type RunRecord } from './run';

const PayloadSchema = v.union([
  v.object({ inline: v.unknown() }),
  v.object({ gzip: v.string() }),
  v.object({ s3: v.object({ bucket: v.string(), key: v.string() }) }),
]);

const ReportedErrorSchema = v.object({
  errorType: v.string(),
  errorMessage: v.string(),
  stackTrace: v.exactOptional(v.array(v.string())),
});

// Not strict: a later version may add to rows that this one still has to read.
const RunRecordSchema = v.object({
  runId: v.string(),
  status: v.picklist(RUN_STATUSES),
  attempt: v.number(),
  functionArn: v.string(),
  requestHash: v.string(),
  timeoutSeconds: v.number(),
  inputBytes: v.number(),
  createdAt: v.string(),
  expiresAt: v.number(),
  cluster: v.exactOptional(v.string()),
  taskDefinition: v.exactOptional(v.string()),
  taskArn: v.exactOptional(v.string()),
  startedAt: v.exactOptional(v.string()),
  invokedAt: v.exactOptional(v.string()),
  endedAt: v.exactOptional(v.string()),
  output: v.exactOptional(PayloadSchema),
  outputBytes: v.exactOptional(v.number()),
  error: v.exactOptional(ReportedErrorSchema),
  exitCode: v.exactOptional(v.number()),
});

/**
 * Reads a row of the ledger.
 *
 * @throws {ValiError} when it is not one: somebody else writes to the table
 */
export function parseRunRecord(row: unknown): RunRecord {
  return v.parse(RunRecordSchema, row);
}
