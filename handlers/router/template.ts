import { CodedError } from '../shared/errors';

/** A request names a part of the event that this event does not have. The message names the path, and no value. */
class EventPathMissing extends CodedError {
  readonly code = 'EVENT_PATH_MISSING';

  constructor(path: string, reason: string) {
    super('EVENT_PATH_MISSING', `The request takes ${path} of the event, ${reason}: nothing was started.`);
  }
}

/** `<$.new.id>`: the root, then names after dots and positions in brackets. */
const PATH = /<(\$(?:\.[A-Za-z0-9_-]+|\[\d+\])*)>/g;
const PATH_ONLY = new RegExp(`^${PATH.source}$`);
const STEP = /\.([A-Za-z0-9_-]+)|\[(\d+)\]/g;

/** Whether a text is a path, without the brackets around it: `$`, `$.new.id`, `$.rows[0].new.id`. */
export function isEventPath(text: string): boolean {
  return PATH_ONLY.test(`<${text}>`);
}

/** The part of an event that a path names; `undefined` where the event has none. */
export function eventPart(path: string, event: unknown): unknown {
  let part: unknown = event;
  for (const [, name, position] of path.matchAll(STEP)) {
    const key = name ?? Number(position);
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) {
      return undefined;
    }
    part = Reflect.get(part, key);
  }
  return part;
}

function textOf(path: string, event: unknown): string {
  const part = eventPart(path, event);
  if (part === undefined) {
    throw new EventPathMissing(path, 'which has no such part');
  }
  if (typeof part === 'object' && part !== null) {
    throw new EventPathMissing(path, 'which is no single value there, amid a text');
  }
  return String(part);
}

function fillText(text: string, event: unknown): unknown {
  const whole = PATH_ONLY.exec(text)?.[1];
  if (whole === undefined) {
    return text.replaceAll(PATH, (_, path: string) => textOf(path, event));
  }
  const part = eventPart(whole, event);
  if (part === undefined) {
    throw new EventPathMissing(whole, 'which has no such part');
  }
  return part;
}

/** In variables and tags everything is a text. */
const TEXT_FIELDS: readonly string[] = ['environment', 'tags'];

function fillTexts(values: unknown, event: unknown): unknown {
  const filled = fillTemplate(values, event);
  if (typeof filled !== 'object' || filled === null || Array.isArray(filled)) {
    return filled;
  }
  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(filled).map(([name, value]) => [name, asText(value)]));
}

/**
 * A template with the parts of the event in it. A text that is one path becomes that part, whatever it is; amid a text
 * stands a single value. What the event brings is never read as a template again.
 *
 * @throws {EventPathMissing} where the event lacks a part
 */
export function fillTemplate(template: unknown, event: unknown): unknown {
  if (typeof template === 'string') {
    return fillText(template, event);
  }
  if (Array.isArray(template)) {
    return template.map((item) => fillTemplate(item, event));
  }
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillTemplate(value, event)]));
  }
  return template;
}

/** A request of a rule for one event. Where the rule gives no input, it is the event. */
export function fillRequest(
  request: Readonly<Record<string, unknown>>,
  event: unknown,
): Readonly<Record<string, unknown>> {
  const fields = Object.entries(request).map(([name, value]) => [
    name,
    TEXT_FIELDS.includes(name) ? fillTexts(value, event) : fillTemplate(value, event),
  ]);
  return { input: event, ...Object.fromEntries(fields) };
}
