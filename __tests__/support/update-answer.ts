import type { AwsAnswer } from './aws-server';
import type { FakeTable } from './fake-dynamodb';

/** DynamoDB's answer to an UpdateItem, as its JSON protocol has it. */
export function updateAnswer(table: FakeTable, request: Parameters<FakeTable['update']>[0]): AwsAnswer {
  const answer = table.update(request);
  switch (answer.kind) {
    case 'updated':
      return { body: { Attributes: answer.item } };
    case 'condition-failed':
      return {
        status: 400,
        body: {
          __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
          message: 'The conditional request failed',
          Item: answer.item,
        },
      };
    case 'invalid':
      return {
        status: 400,
        body: { __type: 'com.amazonaws.dynamodb.v20120810#ValidationException', message: answer.message },
      };
  }
}
