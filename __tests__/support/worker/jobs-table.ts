import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type AwsServer, startAwsServer } from '../aws-server';
import { FakeTable } from '../fake-dynamodb';

/** A table of jobs on loopback, for the workers of a test. */
export interface JobsTable {
  readonly endpoint: string;
  readonly row: (id: string) => Record<string, unknown> | undefined;
  readonly ids: () => readonly string[];
  readonly close: AwsServer['close'];
}

export async function startJobsTable(): Promise<JobsTable> {
  const table = new FakeTable('jobs', 'id');
  const server = await startAwsServer((request) => {
    const answer = table.update(JSON.parse(request.body));
    switch (answer.kind) {
      case 'updated':
        return { body: { Attributes: answer.item } };
      case 'condition-failed':
        return {
          status: 400,
          body: {
            __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
            message: 'no',
            Item: answer.item,
          },
        };
      case 'invalid':
        return { status: 400, body: { __type: 'ValidationException', message: answer.message } };
    }
  });
  return {
    endpoint: server.endpoint,
    row: (id) => {
      const item = table.item(id);
      return item === undefined ? undefined : unmarshall(item);
    },
    ids: () => table.keys,
    close: server.close,
  };
}
