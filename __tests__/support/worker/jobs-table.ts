import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type AwsServer, startAwsServer } from '../aws-server';
import { FakeTable } from '../fake-dynamodb';
import { updateAnswer } from '../update-answer';

/** A table of jobs on loopback, for the workers of a test. */
export interface JobsTable {
  readonly endpoint: string;
  readonly row: (id: string) => Record<string, unknown> | undefined;
  readonly ids: () => readonly string[];
  readonly close: AwsServer['close'];
}

export async function startJobsTable(): Promise<JobsTable> {
  const table = new FakeTable('jobs', 'id');
  const server = await startAwsServer((request) => updateAnswer(table, JSON.parse(request.body)));
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
