import { type AwsServer, startAwsServer } from '../aws-server';
import { FakeTable } from '../fake-dynamodb';

/** The table of jobs on loopback. */
export interface FakeJobs {
  readonly table: FakeTable;
  readonly endpoint: string;
  readonly close: AwsServer['close'];
}

export async function startFakeJobs(): Promise<FakeJobs> {
  const table = new FakeTable('jobs', 'id');
  const server = await startAwsServer(({ body }) => {
    const answer = table.update(JSON.parse(body));
    switch (answer.kind) {
      case 'updated':
        return { body: { Attributes: answer.item } };
      case 'condition-failed':
        return refusal('ConditionalCheckFailedException', { Item: answer.item });
      case 'invalid':
        return refusal('ValidationException', { message: answer.message });
    }
  });
  return { table, endpoint: server.endpoint, close: server.close };
}

function refusal(name: string, document: Readonly<Record<string, unknown>>) {
  return { status: 400, body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, ...document } };
}
