/** One object that is there to be worked on, as S3 told of it. */
export interface ObjectEvent {
  readonly bucket: string;
  /** As S3's calls take it. */
  readonly key: string;
  /** As it stands in the event: S3's notifications encode it, EventBridge's events do not. */
  readonly rawKey: string;
  /** Of a bucket that has versioning; where that is suspended, S3 writes over the version `null`, which is none. */
  readonly versionId?: string | undefined;
  /** Without quotation marks. */
  readonly eTag?: string | undefined;
  /** Hexadecimal; of two events for one key, the later has the greater. */
  readonly sequencer?: string | undefined;
  readonly sizeBytes?: number | undefined;
  /** As S3 names it: `ObjectCreated:Put`, or `Object Created` on EventBridge. */
  readonly eventName: string;
  /** ISO 8601. */
  readonly eventTime?: string | undefined;
  readonly region?: string | undefined;
  /** The record of S3's notification, or the whole event of EventBridge, untouched. */
  readonly source: unknown;
}

/** What S3 tells of an object, and is no work. */
export interface SkippedRecord {
  /** `not-created`: it was removed, tagged, archived or the like. `folder`: an empty object that stands for a folder. */
  readonly reason: 'not-created' | 'folder';
  readonly bucket: string;
  readonly key: string;
  readonly eventName: string;
}

/** What a text or an event holds. */
export type ObjectEvents =
  | {
      readonly kind: 'objects';
      readonly objects: readonly ObjectEvent[];
      readonly skipped: readonly SkippedRecord[];
    }
  /** S3 sends it when notifications are set up. */
  | { readonly kind: 'test' }
  /** Every part that is wrong, and why; never what it holds. */
  | { readonly kind: 'not-objects'; readonly problems: readonly string[] };
