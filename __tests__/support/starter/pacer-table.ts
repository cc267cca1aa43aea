import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type PacerRow, parsePacerRow } from '../../../handlers/starter/pacer';
import type { FakeTable } from '../fake-dynamodb';

/**
 * A write to the pacer's row in a table in memory, as the document client sends it, and the row as it is afterwards.
 *
 * @throws {Error} where DynamoDB would refuse the expressions themselves
 */
export function writePacerRow(
  table: FakeTable,
  update: UpdateCommandInput,
): { readonly isWritten: boolean; readonly row: PacerRow } {
  const answer = table.update({
    ...update,
    Key: marshall(update.Key),
    ExpressionAttributeValues: marshall(update.ExpressionAttributeValues),
  });
  if (answer.kind === 'invalid') {
    throw new Error(answer.message);
  }
  return { isWritten: answer.kind === 'updated', row: parsePacerRow(unmarshall(answer.item ?? {})) };
}
