import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Claim, Claiming, Release } from './claims';

/** A job's row, and what every write to it needs to know. */
export interface ClaimTable {
  readonly tableName: string;
  readonly leaseMilliseconds: number;
  /** How long it is known that a job was done, or begun, in seconds. */
  readonly keepSeconds: number;
}

const MILLISECONDS_PER_SECOND = 1_000;

/** Of a job that is moved back and fails again and again, the row does not grow for ever. */
const MOST_BURIED = 10;

const RowSchema = v.strictObject({
  id: v.string(),
  job_state: v.picklist(['working', 'done']),
  claim_owner: v.optional(v.string()),
  leased_until: v.number(),
  attempts: v.number(),
  buried_messages: v.optional(v.array(v.string()), []),
  expires_at: v.number(),
});

type Update = Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression'> & {
  readonly names: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
};

/** Every name goes through a placeholder: DynamoDB reserves hundreds of words. */
function update(table: ClaimTable, jobId: string, { names, values, ...expressions }: Update): UpdateCommandInput {
  return {
    TableName: table.tableName,
    Key: { id: jobId },
    ...expressions,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: values,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Takes a job that nobody has, or whose owner has fallen silent; each take is an attempt. */
export function claimWrite(table: ClaimTable, { jobId, owner, messageId }: Claim, now: Date): UpdateCommandInput {
  return update(table, jobId, {
    UpdateExpression:
      'SET #claim_owner = :owner, #leased_until = :until, #job_state = :working, ' +
      '#attempts = if_not_exists(#attempts, :none) + :one, #expires_at = :expiry',
    ConditionExpression:
      '(attribute_not_exists(#job_state) OR (#job_state = :working AND #leased_until < :now)) AND ' +
      '(attribute_not_exists(#buried_messages) OR NOT contains(#buried_messages, :message))',
    names: ['claim_owner', 'leased_until', 'job_state', 'attempts', 'buried_messages', 'expires_at'],
    values: {
      ':owner': owner,
      ':until': now.getTime() + table.leaseMilliseconds,
      ':working': 'working',
      ':none': 0,
      ':one': 1,
      ':now': now.getTime(),
      ':message': messageId,
      ':expiry': expiry(table, now),
    },
  });
}

export function renewWrite(table: ClaimTable, { jobId, owner }: Claim, now: Date): UpdateCommandInput {
  return update(table, jobId, {
    UpdateExpression: 'SET #leased_until = :until, #expires_at = :expiry',
    ConditionExpression: '#claim_owner = :owner AND #job_state = :working',
    names: ['leased_until', 'expires_at', 'claim_owner', 'job_state'],
    values: {
      ':until': now.getTime() + table.leaseMilliseconds,
      ':expiry': expiry(table, now),
      ':owner': owner,
      ':working': 'working',
    },
  });
}

/** Whoever has it now: the work is done. */
export function doneWrite(table: ClaimTable, { jobId, owner }: Claim, now: Date): UpdateCommandInput {
  return update(table, jobId, {
    UpdateExpression: 'SET #job_state = :done, #claim_owner = :owner, #leased_until = :now, #expires_at = :expiry',
    names: ['job_state', 'claim_owner', 'leased_until', 'expires_at'],
    values: { ':done': 'done', ':owner': owner, ':now': now.getTime(), ':expiry': expiry(table, now) },
  });
}

/** What each way of giving a job up writes besides that it is nobody's. */
const RELEASES: Readonly<Record<Release, { readonly attempts: string; readonly values: (claim: Claim) => object }>> = {
  failed: { attempts: '#attempts', values: () => ({}) },
  untried: { attempts: '#attempts - :one', values: () => ({ ':one': 1 }) },
  forgotten: { attempts: ':none', values: () => ({ ':none': 0 }) },
  buried: {
    attempts: ':none, #buried_messages = :buried',
    values: ({ buried, messageId }) => ({ ':none': 0, ':buried': [...buried, messageId].slice(-MOST_BURIED) }),
  },
};

export function releaseWrite(table: ClaimTable, claim: Claim, how: Release): UpdateCommandInput {
  const { attempts, values } = RELEASES[how];
  return update(table, claim.jobId, {
    UpdateExpression: `SET #leased_until = :never, #attempts = ${attempts} REMOVE #claim_owner`,
    ConditionExpression: '#claim_owner = :owner AND #job_state = :working',
    names: [
      'leased_until',
      'attempts',
      'claim_owner',
      'job_state',
      ...(how === 'buried' ? (['buried_messages'] as const) : []),
    ],
    values: { ':never': 0, ':owner': claim.owner, ':working': 'working', ...values(claim) },
  });
}

/**
 * What the row says after the write, or as it refused it: a write whose answer was lost finds itself there.
 *
 * @throws {Error} where the table has other rows than these
 */
export function claimingOf(claim: Claim, row: unknown, now: Date): Claiming {
  const { job_state, claim_owner, leased_until, attempts, buried_messages: buried } = v.parse(RowSchema, row);
  if (job_state === 'done' || buried.includes(claim.messageId)) {
    return { kind: 'done' };
  }
  return claim_owner === claim.owner
    ? { kind: 'ours', claim: { ...claim, buried }, attempt: attempts }
    : { kind: 'held', milliseconds: Math.max(leased_until - now.getTime(), 0) };
}

/** TTL in DynamoDB is in whole seconds: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
function expiry({ keepSeconds }: ClaimTable, now: Date): number {
  return Math.ceil(now.getTime() / MILLISECONDS_PER_SECOND) + keepSeconds;
}
