import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { DynamodbTableItem } from '@cdktf/provider-aws/lib/dynamodb-table-item';
import { TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { SCHEDULE_FIELDS } from './schedules';
import { expression } from './terraform-text';

/** DynamoDB's name of a type, and how Terraform writes a value of it. */
const ATTRIBUTES = {
  string: (value: string) => `{ S = ${value} }`,
  number: (value: string) => `{ N = tostring(${value}) }`,
  bool: (value: string) => `{ BOOL = ${value} }`,
} as const;

function attribute(name: string, type: keyof typeof ATTRIBUTES): string {
  const value = `try(row.${name}, null)`;
  return `${name} = ${value} == null ? null : ${ATTRIBUTES[type](`row.${name}`)}`;
}

const ATTRIBUTE_LIST = [
  'id = { S = id }',
  ...Object.entries(SCHEDULE_FIELDS).map(([name, type]) => attribute(name, type)),
].join(', ');

/**
 * The declared schedules as rows of the table. As items and not through the registrar: a plan then shows each field, and
 * sees a row that somebody changed or deleted, which aws_lambda_invocation does not look at after it is made. Attributes
 * that are not declared are left alone, so that a schedule may be paused without Terraform starting it again. What a
 * pattern can tell of a wrong field the plan refuses; for the rest, such as a time zone that does not exist, the
 * scheduler sets the row aside, names it and raises an alarm.
 */
export function scheduleItems(scope: Construct, table: DynamodbTable): void {
  const items = new TerraformLocal(
    scope,
    'schedule_items',
    expression(
      `{ for id, row in local.declared_schedules : id => jsonencode({ for name, value in { ${ATTRIBUTE_LIST} } : name => value if value != null }) }`,
    ),
  );
  const each = TerraformIterator.fromMap(items.asStringMap);
  new DynamodbTableItem(scope, 'schedule', {
    forEach: each,
    tableName: table.name,
    hashKey: table.hashKey,
    item: Token.asString(each.value),
  });
}
