import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { runIdOfKey } from '../../starter/identity';
import type { Starter } from '../ports';
import { type InvocationAnswer, readCancelAnswer, readStartAnswer } from '../start-answer';

/**
 * The starter's function. What Lambda itself throws passes on.
 *
 * @param ledgerTable the starter's own
 */
export function lambdaStarter(client: LambdaClient, functionName: string, ledgerTable: string): Starter {
  const invoke = async (request: Readonly<Record<string, unknown>>): Promise<InvocationAnswer> => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
    );
    return { functionError: FunctionError, payload: Payload?.transformToString() ?? '' };
  };
  return {
    start: async (request) =>
      readStartAnswer(await invoke(request), runIdOfKey(String(request['idempotencyKey']), ledgerTable)),
    cancel: async (runId) => readCancelAnswer(await invoke({ action: 'cancel', runId })),
  };
}
