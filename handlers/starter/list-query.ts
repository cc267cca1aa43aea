import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { type FunctionName, parseFunctionName, qualifiedArn } from '../shared/function-name';
import { LEDGER_INDEXES, LEDGER_KEY } from '../shared/run';
import { parseTaskDefinitionName } from '../shared/task-definition-name';
import { InvalidInput } from './errors';
import { firstInstant, type ListRequest, lastInstant } from './list-request';

/** What is asked for, with everything that may change between two pages made fast. */
interface ListQuery {
  /** With its qualifier, if one was given. */
  readonly functionArn?: string;
  /** Of a task definition, without a revision. */
  readonly familyArn?: string;
  readonly status?: string;
  /** Instants as `createdAt` has them, both included. */
  readonly from: string;
  readonly to: string;
}

/** Where the next page begins. */
export interface ListCursor {
  readonly query: ListQuery;
  /** The day that is read, where neither a function, a task definition nor a status is asked for. */
  readonly day?: string;
  /** The row before it, as DynamoDB names it. */
  readonly startKey?: Readonly<Record<string, string>>;
}

const MILLISECONDS_PER_DAY = 24 * 60 * 60 * 1000;

function dayOf(instant: string): string {
  return instant.slice(0, instant.indexOf('T'));
}

function dayBefore(day: string): string {
  return dayOf(new Date(Date.parse(day) - MILLISECONDS_PER_DAY).toISOString());
}

/** The whole ARN of a function that is called by less; what is left out is as in the starter's own. */
export function wholeFunctionArn(text: string, starterArn: string): string {
  const own: Partial<FunctionName> = parseFunctionName(starterArn) ?? {};
  const { functionName = text, qualifier, ...named } = parseFunctionName(text) ?? {};
  const { partition, region, account } = { ...own, ...named };
  const arn = `arn:${partition}:lambda:${region}:${account}:function:${functionName}`;
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

/** The whole ARN of a task definition's family; what is left out is as in the starter's own. */
export function wholeFamilyArn(text: string, starterArn: string): string {
  const own: Partial<FunctionName> = parseFunctionName(starterArn) ?? {};
  const { family = text, ...named } = parseTaskDefinitionName(text) ?? {};
  const { partition, region, account } = { ...own, ...named };
  return `arn:${partition}:ecs:${region}:${account}:task-definition/${family}`;
}

/** Of what the starter fixes a query's open ends by. */
export interface ListContext {
  readonly now: Date;
  /** With no qualifier or any. */
  readonly starterArn: string;
  readonly runRetentionDays: number;
}

/** @throws {InvalidInput} when `from` is after `to` */
export function firstCursor(request: ListRequest, context: ListContext): ListCursor {
  const { arn, taskDefinition, status, from, to } = request;
  const { now, starterArn, runRetentionDays } = context;
  const oldest = new Date(now.getTime() - runRetentionDays * MILLISECONDS_PER_DAY);
  const query: ListQuery = {
    ...(arn === undefined ? {} : { functionArn: wholeFunctionArn(arn, starterArn) }),
    ...(taskDefinition === undefined ? {} : { familyArn: wholeFamilyArn(taskDefinition, starterArn) }),
    ...(status === undefined ? {} : { status }),
    from: from === undefined ? oldest.toISOString() : firstInstant(from),
    to: to === undefined ? now.toISOString() : lastInstant(to),
  };
  if (query.from > query.to) {
    throw new InvalidInput(`from is ${query.from} and to is ${query.to}: give a from that is not after to.`);
  }
  return { query, ...(isByDay(query) ? { day: dayOf(query.to) } : {}) };
}

/** Whether nothing but the time is asked for. */
export function isByDay({ functionArn, familyArn, status }: ListQuery): boolean {
  return functionArn === undefined && familyArn === undefined && status === undefined;
}

/** Where the next page begins after one that ended with `lastKey`; `undefined` when there is none. */
export function nextCursor(
  { query, day }: ListCursor,
  lastKey: Readonly<Record<string, string>> | undefined,
): ListCursor | undefined {
  if (lastKey !== undefined) {
    return { query, ...(day === undefined ? {} : { day }), startKey: lastKey };
  }
  return day === undefined || day <= dayOf(query.from) ? undefined : { query, day: dayBefore(day) };
}

interface Partition {
  readonly index: string;
  readonly name: string;
  readonly value: string;
}

/** Of a function or a task definition first, as one has fewer runs than one status or one day. */
function partitionOf({ query: { functionArn, familyArn, status, to }, day }: ListCursor): Partition {
  const value = functionArn === undefined ? familyArn : qualifiedArn(functionArn, undefined);
  if (value !== undefined) {
    return { index: LEDGER_INDEXES.byFunction, name: 'unqualifiedFunctionArn', value };
  }
  return status === undefined
    ? { index: LEDGER_INDEXES.byDay, name: 'createdDay', value: day ?? dayOf(to) }
    : { index: LEDGER_INDEXES.byStatus, name: 'status', value: status };
}

const SORT_KEY = 'createdAt';

/** The attributes of a key of the index that a query reads. */
export function keyNames(cursor: ListCursor): readonly string[] {
  return [LEDGER_KEY, partitionOf(cursor).name, SORT_KEY];
}

/** What the index does not tell apart, as equalities. */
function filters({ functionArn, familyArn, status }: ListQuery): Readonly<Record<string, string>> {
  const isQualified = functionArn !== undefined && functionArn !== qualifiedArn(functionArn, undefined);
  return {
    ...(isQualified ? { functionArn } : {}),
    ...((functionArn ?? familyArn) !== undefined && status !== undefined ? { status } : {}),
  };
}

/** One query of one index. DynamoDB counts `limit` before it filters. */
export function listQuery(tableName: string, cursor: ListCursor, limit: number): QueryCommandInput {
  const { query, startKey } = cursor;
  const { index, name, value } = partitionOf(cursor);
  const filter = Object.entries(filters(query));
  // Every name goes through a placeholder: status is a reserved word of DynamoDB.
  return {
    TableName: tableName,
    IndexName: index,
    KeyConditionExpression: `#${name} = :${name} AND #${SORT_KEY} BETWEEN :from AND :to`,
    ...(filter.length === 0
      ? {}
      : { FilterExpression: filter.map(([field]) => `#${field} = :${field}`).join(' AND ') }),
    ExpressionAttributeNames: Object.fromEntries(
      [name, SORT_KEY, ...filter.map(([field]) => field)].map((field) => [`#${field}`, field]),
    ),
    ExpressionAttributeValues: {
      [`:${name}`]: value,
      ':from': query.from,
      ':to': query.to,
      ...Object.fromEntries(filter.map(([field, wanted]) => [`:${field}`, wanted])),
    },
    ScanIndexForward: false,
    Limit: limit,
    ...(startKey === undefined ? {} : { ExclusiveStartKey: { ...startKey } }),
  };
}
