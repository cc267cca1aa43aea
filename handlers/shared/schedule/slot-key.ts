import { createHash } from 'node:crypto';
import type { Schedule } from './schedule';

/** Of the starter's `idempotencyKey`. */
const KEY_CHARACTERS = 256;

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The idempotency key of a slot's run: whoever fires the slot, by whatever way, asks the starter for the same run. */
export function slotKey(id: string, slot: number): string {
  const time = new Date(slot).toISOString();
  const key = `schedule:${id}:${time}`;
  return key.length > KEY_CHARACTERS ? `schedule:${hash(id)}:${time}` : key;
}

/**
 * EventBridge Scheduler's context attributes, as our slots have them. There an execution is an attempt; here all attempts
 * are to be one request, so the id is the slot's and the attempt is the first.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function contextAttributes({ id }: Schedule, slot: number): Readonly<Record<string, string>> {
  return {
    '<aws.scheduler.scheduled-time>': new Date(slot).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    '<aws.scheduler.execution-id>': hash(slotKey(id, slot)).slice(0, 16),
    '<aws.scheduler.schedule-arn>': id,
    '<aws.scheduler.attempt-number>': '1',
  };
}

const ATTRIBUTE = /<aws\.scheduler\.[a-z-]+>/g;

function replaceIn(value: unknown, attributes: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') {
    return value.replace(ATTRIBUTE, (name) => attributes[name] ?? name);
  }
  if (Array.isArray(value)) {
    return value.map((item) => replaceIn(item, attributes));
  }
  return typeof value === 'object' && value !== null ? replaceInObject(value, attributes) : value;
}

function replaceInObject(value: object, attributes: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceIn(item, attributes)]));
}

/** The request to the starter that fires a slot. The same slot always gives the same request. */
export function resolveRequest(schedule: Schedule, slot: number): Readonly<Record<string, unknown>> {
  return {
    ...replaceInObject(schedule.request, contextAttributes(schedule, slot)),
    idempotencyKey: slotKey(schedule.id, slot),
  };
}

/** The idempotency key of a run beside the slots: whoever asks again with the same key gets the same run. */
export function triggerKey(id: string, key: string): string {
  return `trigger:${hash(id)}:${hash(key)}`;
}
