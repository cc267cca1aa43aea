import * as v from 'valibot';
import { groupedDigits } from '../shared/grouped-digits';
import { HALF_CHARACTER } from '../shared/object-event/read-object';
import { show } from '../shared/show';
import type { ObjectName } from './ports';

/** A message of a queue that stands before the dispatcher. */
export interface QueuedEvent {
  readonly messageId: string;
  readonly body: string;
}

/** How the dispatcher was invoked. */
export type Entrance =
  | { readonly kind: 'sweep' }
  /** By hand: these objects, as if S3 had just told of them. */
  | { readonly kind: 'dispatch'; readonly objects: readonly ObjectName[] }
  | { readonly kind: 'queue'; readonly messages: readonly QueuedEvent[] }
  | { readonly kind: 'event' }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

/** As many as one invocation gets done. */
const MOST_OBJECTS = 1_000;

const ACTIONS =
  'give {"action": "sweep"} or {"action": "dispatch", "objects": [{"bucket": "my-bucket", "key": "my key.zip"}]}';

/** What each field of a request may be. */
const ALLOWED: Readonly<Record<string, string>> = {
  objects: `give a list of 1 to ${groupedDigits(MOST_OBJECTS)} objects, each with its bucket and key`,
  bucket: "give a bucket's name",
  key: "give an object's key as it is, not encoded: 1 to 1,024 bytes of UTF-8",
  versionId: 'give the id of a version of the object, or leave it out for the newest',
};

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_BYTES = 1_024;

const DispatchSchema = v.strictObject({
  action: v.literal('dispatch'),
  objects: v.pipe(
    v.array(
      v.strictObject({
        bucket: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)),
        key: v.pipe(
          v.string(),
          v.minBytes(1),
          v.maxBytes(KEY_BYTES),
          v.check((key) => !HALF_CHARACTER.test(key)),
        ),
        versionId: v.exactOptional(v.pipe(v.string(), v.minLength(1))),
      }),
    ),
    v.minLength(1),
    v.maxLength(MOST_OBJECTS),
  ),
});

const SweepSchema = v.strictObject({ action: v.literal('sweep') });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const QueueSchema = v.object({
  Records: v.array(v.object({ eventSource: v.literal('aws:sqs'), messageId: v.string(), body: v.string() })),
});

function describe(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  const field = path.join('.');
  if (issue.expected === 'never') {
    return `${field} is no field: ${ACTIONS}`;
  }
  const got = issue.input === undefined ? 'missing' : show(issue.input);
  // One of a list is named by its number: what it may be is said of the list.
  const name = path.findLast((part) => Object.hasOwn(ALLOWED, part)) ?? '';
  return `${field} is ${got}: ${ALLOWED[name] ?? ACTIONS}`;
}

/** Several rules that one value breaks say the same of it. */
function problemsOf(issues: readonly v.BaseIssue<unknown>[]): readonly string[] {
  return [...new Set(issues.map(describe))];
}

function readAction(event: object, action: unknown): Entrance {
  if (action !== 'sweep' && action !== 'dispatch') {
    return { kind: 'wrong', problems: [`action is ${show(action)}: ${ACTIONS}`] };
  }
  if (action === 'sweep') {
    const parsed = v.safeParse(SweepSchema, event);
    return parsed.success ? { kind: 'sweep' } : { kind: 'wrong', problems: problemsOf(parsed.issues) };
  }
  const parsed = v.safeParse(DispatchSchema, event);
  return parsed.success
    ? { kind: 'dispatch', objects: parsed.output.objects }
    : { kind: 'wrong', problems: problemsOf(parsed.issues) };
}

/** Tells how the dispatcher was invoked. What an event of AWS holds is read by `parseObjectEvents`. */
export function readEntrance(event: unknown): Entrance {
  if (typeof event !== 'object' || event === null) {
    return { kind: 'event' };
  }
  if ('action' in event) {
    return readAction(event, event.action);
  }
  const queued = v.safeParse(QueueSchema, event);
  return queued.success && queued.output.Records.length > 0
    ? { kind: 'queue', messages: queued.output.Records }
    : { kind: 'event' };
}
