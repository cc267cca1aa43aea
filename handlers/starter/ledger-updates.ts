import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { LEDGER_KEY, type ReportedError, type RunRecord } from '../shared/run';
import type { Attempt, StartedTask } from './ports';

interface UpdateParts {
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly condition: string;
  /** What the condition compares with, by placeholder without its colon. */
  readonly values?: Readonly<Record<string, unknown>>;
}

// Every name goes through a placeholder: status and error are reserved words of DynamoDB.
function update(tableName: string, { runId, attempt }: Attempt, parts: UpdateParts): UpdateCommandInput {
  const { set, remove = [], condition, values = {} } = parts;
  const names = [
    ...Object.keys(set),
    ...remove,
    ...['status', 'attempt'].filter((name) => condition.includes(`#${name}`)),
  ];
  const setPart = `SET ${Object.keys(set)
    .map((name) => `#${name} = :${name}`)
    .join(', ')}`;
  const removePart = remove.length === 0 ? '' : ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}`;
  return {
    TableName: tableName,
    Key: { [LEDGER_KEY]: runId },
    UpdateExpression: setPart + removePart,
    ConditionExpression: condition,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries({ ...set, ...values, attempt }).map(([name, value]) => [`:${name}`, value]),
    ),
    ReturnValues: 'ALL_NEW',
  };
}

const IS_PENDING = '#status = :pending AND #attempt = :attempt';
const PENDING = { pending: 'PENDING' } as const;

/** PENDING becomes STARTING. */
export function startingUpdate(tableName: string, attempt: Attempt, task: StartedTask): UpdateCommandInput {
  return update(tableName, attempt, { set: { ...task, status: 'STARTING' }, condition: IS_PENDING, values: PENDING });
}

/** Notes the task of an attempt whose state somebody else has written since. */
export function taskUpdate(tableName: string, attempt: Attempt, task: StartedTask): UpdateCommandInput {
  const { cluster, taskDefinition, taskArn } = task;
  return update(tableName, attempt, { set: { cluster, taskDefinition, taskArn }, condition: '#attempt = :attempt' });
}

/** PENDING becomes FAILED; a run without a delivery has nothing more to be done for it. */
export function failedUpdate(
  tableName: string,
  row: Attempt & Pick<RunRecord, 'delivery'>,
  error: ReportedError,
  endedAt: string,
): UpdateCommandInput {
  return update(tableName, row, {
    set: { status: 'FAILED', error, endedAt },
    remove: row.delivery === undefined ? ['open', 'checkAt'] : [],
    condition: IS_PENDING,
    values: PENDING,
  });
}

/** One starter alone takes the next place, so that two do not try two. */
export function variantUpdate(tableName: string, attempt: Attempt, variant: number): UpdateCommandInput {
  const isFirst = variant === 1;
  return update(tableName, attempt, {
    set: { launchVariant: variant },
    condition: `${IS_PENDING} AND ${isFirst ? 'attribute_not_exists(#launchVariant)' : '#launchVariant = :last'}`,
    values: isFirst ? PENDING : { ...PENDING, last: variant - 1 },
  });
}

export function checkUpdate(tableName: string, attempt: Attempt, checkAt: string): UpdateCommandInput {
  return update(tableName, attempt, { set: { checkAt }, condition: IS_PENDING, values: PENDING });
}
