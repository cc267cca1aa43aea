import type { ObjectPointer, Payload } from '../run';

/** A run's input or output on its way to somebody: its JSON text as far as it was fetched, and where else it lies. */
export interface HeldPayload {
  readonly bytes: number;
  /** `undefined` where nobody takes so much, so that it was not fetched. */
  readonly text: string | undefined;
  readonly location: ObjectPointer | undefined;
}

/** What takes the place of a payload that is too large for its target, or of an input that is there no more. */
export interface PayloadPointer {
  readonly overtime: 'payload-pointer';
  readonly runId: string;
  /** Of the payload's JSON text as UTF-8. */
  readonly bytes: number;
  /** The object that holds the JSON text; an input that was passed on gzipped has none. */
  readonly bucket?: string;
  readonly key?: string;
}

export function locationOf(payload: Payload | undefined): ObjectPointer | undefined {
  return payload !== undefined && 's3' in payload ? payload.s3 : undefined;
}

export function pointerTo(runId: string, { bytes, location }: HeldPayload): PayloadPointer {
  return { overtime: 'payload-pointer', runId, bytes, ...location };
}
