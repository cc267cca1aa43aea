import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { StarterPorts } from '../ports';

/** Asks the watcher to deliver the outcome of a run that the starter closed. */
export function watcherOf(client: LambdaClient, functionName: string): StarterPorts['settle'] {
  return async (runId) => {
    await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify({ action: 'settle', runId })),
      }),
    );
  };
}
