import type { FinalRun } from '../../../handlers/shared/delivery/final-run';
import type { HeldPayload } from '../../../handlers/shared/delivery/held-payload';

export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:report';

const ROW = {
  runId: 'run-1',
  attempt: 2,
  maxAttempts: 2,
  functionArn: FUNCTION_ARN,
  requestHash: 'hash',
  timeoutSeconds: 20,
  inputBytes: 9,
  createdAt: '2026-11-20T12:00:00.000Z',
  endedAt: '2026-11-20T12:34:56.789Z',
  expiresAt: 1_800_000_000,
} as const;

export function succeeded(fields: Partial<FinalRun> = {}): FinalRun {
  return { ...ROW, status: 'SUCCEEDED', output: { inline: { rows: 3 } }, outputBytes: 10, ...fields };
}

export function failed(fields: Partial<FinalRun> = {}): FinalRun {
  const error = { errorType: 'RangeError', errorMessage: 'out of range', stackTrace: ['RangeError: out of range'] };
  return { ...ROW, status: 'FAILED', error, ...fields };
}

export function held(text: string): HeldPayload {
  return { bytes: Buffer.byteLength(text), text, location: undefined };
}

/** A payload of so many bytes that lies in the payload bucket. */
export function stored(text: string, key = 'outputs/run-1/2.json'): HeldPayload {
  return { ...held(text), location: { bucket: 'payloads', key } };
}

/** A JSON text of exactly so many bytes, of characters of three bytes as far as they go in. */
export function jsonOfBytes(bytes: number): string {
  const inner = bytes - 2;
  return `"${'世'.repeat(Math.floor(inner / 3))}${'x'.repeat(inner % 3)}"`;
}
