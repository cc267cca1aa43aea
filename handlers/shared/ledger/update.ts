import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Delivery, LEDGER_KEY, type PastAttempt, type RunRecord } from '../run';

type Field = keyof RunRecord;

/** What has to be true of the row; all conditions of a write are. */
type Condition =
  | { readonly is: Field; readonly value: string | number | Delivery }
  | { readonly isOneOf: Field; readonly values: readonly string[] }
  | { readonly isAbsent: Field }
  | { readonly isPresent: Field }
  | { readonly isAbsentOr: Field; readonly value: string }
  /** Times are texts that sort as they follow. */
  | { readonly isAbsentOrBefore: Field; readonly value: string };

/** A write to one row, and how its writer knows that it took effect. */
export interface LedgerWrite {
  readonly update: UpdateCommandInput;
  /**
   * Whether a row that refused the write has it already: an earlier try of the same write arrived, and its answer was
   * lost. Ids that are the writer's own tell, not times: two writers may share a millisecond.
   */
  readonly isWritten: (row: RunRecord) => boolean;
}

interface UpdateParts {
  readonly tableName: string;
  readonly runId: string;
  readonly conditions: readonly Condition[];
  /** A field that is undefined is left as it is. */
  readonly set?: { readonly [Name in Field]?: RunRecord[Name] | undefined };
  readonly remove?: readonly Field[];
  /** Goes to the end of `attempts`. */
  readonly past?: PastAttempt;
}

interface Clause {
  readonly field: Field;
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

function clause(condition: Condition): Clause {
  if ('is' in condition) {
    const { is: field, value } = condition;
    return { field, text: `#${field} = :is_${field}`, values: { [`:is_${field}`]: value } };
  }
  if ('isOneOf' in condition) {
    const { isOneOf: field, values } = condition;
    const named = values.map((value, index) => [`:is_${field}_${index}`, value] as const);
    return {
      field,
      text: `#${field} IN (${named.map(([name]) => name).join(', ')})`,
      values: Object.fromEntries(named),
    };
  }
  if ('isAbsent' in condition) {
    return { field: condition.isAbsent, text: `attribute_not_exists(#${condition.isAbsent})`, values: {} };
  }
  if ('isPresent' in condition) {
    return { field: condition.isPresent, text: `attribute_exists(#${condition.isPresent})`, values: {} };
  }
  const [field, operator] = 'isAbsentOr' in condition ? [condition.isAbsentOr, '='] : [condition.isAbsentOrBefore, '<'];
  return {
    field,
    text: `(attribute_not_exists(#${field}) OR #${field} ${operator} :than_${field})`,
    values: { [`:than_${field}`]: condition.value },
  };
}

/** Every name goes through a placeholder: status, output, error and attempts' like are reserved words of DynamoDB. */
export function ledgerUpdate({
  tableName,
  runId,
  conditions,
  set = {},
  remove = [],
  past,
}: UpdateParts): UpdateCommandInput {
  const clauses = conditions.map(clause);
  const fields = Object.entries(set).filter(([, value]) => value !== undefined);
  const settings = [
    ...fields.map(([name]) => `#${name} = :${name}`),
    ...(past === undefined ? [] : ['#attempts = list_append(if_not_exists(#attempts, :none), :past)']),
  ];
  const names = [
    ...fields.map(([name]) => name),
    ...remove,
    ...clauses.map(({ field }) => field),
    ...(past === undefined ? [] : ['attempts']),
  ];
  return {
    TableName: tableName,
    Key: { [LEDGER_KEY]: runId },
    UpdateExpression: [
      ...(settings.length === 0 ? [] : [`SET ${settings.join(', ')}`]),
      ...(remove.length === 0 ? [] : [`REMOVE ${remove.map((name) => `#${name}`).join(', ')}`]),
    ].join(' '),
    ConditionExpression: clauses.map(({ text }) => text).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      ...Object.assign({}, ...clauses.map(({ values }) => values)),
      ...(past === undefined ? {} : { ':none': [], ':past': [past] }),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}
