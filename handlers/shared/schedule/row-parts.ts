import { show } from '../show';
import { parseCron } from './cron-expression';
import { INSTANT_ALLOWED, parseInstant } from './local-time';
import { parseRate, RATE_ALLOWED } from './rate';
import type { Row, RowAttribute } from './row-fields';
import type { Timing } from './schedule';
import type { Zone } from './zone';

/** What is wrong, and with which attributes. */
export interface RowProblem {
  readonly attributes: readonly RowAttribute[];
  /** Follows the attributes' names. */
  readonly text: string;
}

export type Read<T> = { readonly value: T } | { readonly problems: readonly RowProblem[] };

export function wrong(attributes: RowAttribute | readonly RowAttribute[], text: string): RowProblem {
  return { attributes: typeof attributes === 'string' ? [attributes] : attributes, text };
}

function wrongValue(attribute: RowAttribute, row: Row, allowed: string): RowProblem {
  return wrong(attribute, `is ${show(row[attribute])}: ${allowed}`);
}

function readCron(expression: string, row: Row): Read<Timing> {
  const parsed = parseCron(expression, row.id);
  if (parsed.kind === 'wrong') {
    return { problems: parsed.problems.map((problem) => wrongValue('cron_time', row, problem)) };
  }
  const { time_zone: timeZone, dst_policy: dstPolicy } = row;
  return { value: { kind: 'cron', expression, timeZone, dstPolicy, fields: parsed.fields } };
}

function readRate(rate: string, row: Row): Read<Timing> {
  const milliseconds = parseRate(rate);
  return milliseconds === undefined
    ? { problems: [wrongValue('rate', row, RATE_ALLOWED)] }
    : { value: { kind: 'rate', milliseconds } };
}

function readAt(at: string, row: Row, zone: Zone): Read<Timing> {
  const instant = parseInstant(/^at\((.*)\)$/.exec(at)?.[1] ?? at, zone, row.dst_policy);
  return instant === undefined
    ? { problems: [wrongValue('at', row, INSTANT_ALLOWED)] }
    : { value: { kind: 'at', instant } };
}

export function readTiming(row: Row, zone: Zone): Read<Timing> {
  const { cron_time: cron, rate, at } = row;
  const given = [cron, rate, at].filter((value) => value !== undefined).length;
  if (given !== 1) {
    const text = `are ${given === 0 ? 'all missing' : `${given} of three`}: give one of them`;
    return { problems: [wrong(['cron_time', 'rate', 'at'], text)] };
  }
  if (cron !== undefined) {
    return readCron(cron, row);
  }
  return rate === undefined ? readAt(at ?? '', row, zone) : readRate(rate, row);
}

export function readRequest(row: Row): Read<Readonly<Record<string, unknown>>> {
  const { request, definition_arn: taskDefinition, ecs_cluster_arn: cluster } = row;
  if (request !== undefined) {
    return taskDefinition === undefined && cluster === undefined
      ? { value: request }
      : {
          problems: [
            wrong(['request', 'definition_arn', 'ecs_cluster_arn'], 'say the same: give the first or the others'),
          ],
        };
  }
  return taskDefinition === undefined
    ? { problems: [wrong(['definition_arn', 'request'], 'are both missing: give one of them')] }
    : { value: { taskDefinition, ...(cluster === undefined ? {} : { cluster }) } };
}

export interface Bounds {
  readonly startAt?: number;
  readonly endAt?: number;
}

function readBound(name: 'start_at' | 'end_at', row: Row, zone: Zone): Read<number | undefined> {
  const given = row[name];
  const instant = given === undefined ? undefined : parseInstant(given, zone, 'once');
  return given !== undefined && instant === undefined
    ? { problems: [wrongValue(name, row, INSTANT_ALLOWED)] }
    : { value: instant };
}

export function problemsOf(...reads: readonly Read<unknown>[]): readonly RowProblem[] {
  return reads.flatMap((read) => ('problems' in read ? read.problems : []));
}

export function readBounds(row: Row, zone: Zone): Read<Bounds> {
  const start = readBound('start_at', row, zone);
  const end = readBound('end_at', row, zone);
  if ('problems' in start || 'problems' in end) {
    return { problems: problemsOf(start, end) };
  }
  const startAt = start.value;
  const endAt = end.value;
  if (startAt !== undefined && endAt !== undefined && endAt <= startAt) {
    const text = `are ${show(row.start_at)} and ${show(row.end_at)}: give an end after the start`;
    return { problems: [wrong(['start_at', 'end_at'], text)] };
  }
  return {
    value: { ...(startAt === undefined ? {} : { startAt }), ...(endAt === undefined ? {} : { endAt }) },
  };
}
