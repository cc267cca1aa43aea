import { setTimeout as sleep } from 'node:timers/promises';
import { GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LocalAccount } from '../local-account';
import type { Database } from './database';

const POLL_MILLISECONDS = 300;
const AT_ONCE = 20;

export interface LambdaBridge {
  /** Hands the first calls of each database over once more. */
  readonly repeat: (callsOfEach: number) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** A client with the rights of the role that the module makes for RDS: nobody but RDS may take that one itself. */
export async function clientOfDatabaseRole(account: LocalAccount, roleArn: string): Promise<LambdaClient> {
  const { PolicyDocument: encoded } = await account.iam.send(
    new GetRolePolicyCommand({ RoleName: roleArn.split('/').at(-1), PolicyName: 'overtime' }),
  );
  const { Statement } = JSON.parse(decodeURIComponent(encoded ?? '')) as {
    readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
  };
  const statements = Statement.map(({ Action, Resource }) => ({ Action, Resource }));
  return new LambdaClient(await account.limited('stand-in-for-rds', statements));
}

/** What RDS does with a call that has left the database: an asynchronous invocation, signed by the database's role. */
export function startBridge(databases: readonly Database[], lambda: LambdaClient): LambdaBridge {
  const done = new Map<Database, number>();
  let isStopping = false;

  const handOver = async (database: Database, from: number, most?: number): Promise<number> => {
    const calls = (await database.calls(from)).slice(0, most);
    for (let index = 0; index < calls.length; index += AT_ONCE) {
      await Promise.all(
        calls.slice(index, index + AT_ONCE).map(({ functionArn, event }) =>
          lambda.send(
            new InvokeCommand({
              FunctionName: functionArn,
              InvocationType: 'Event',
              Payload: Buffer.from(JSON.stringify(event)),
            }),
          ),
        ),
      );
    }
    return calls.length;
  };

  const work = async () => {
    while (!isStopping) {
      for (const database of databases) {
        const from = done.get(database) ?? 0;
        done.set(database, from + (await handOver(database, from)));
      }
      await sleep(POLL_MILLISECONDS);
    }
  };
  const working = work();
  // Told by stop(), and until then no unhandled rejection.
  working.catch(() => undefined);

  return {
    repeat: async (callsOfEach) => {
      const counts = await Promise.all(databases.map((database) => handOver(database, 0, callsOfEach)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    stop: async () => {
      isStopping = true;
      await working;
    },
  };
}
