import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Starter } from '../ports';
import { type InvocationAnswer, readCancelAnswer, readStartAnswer } from '../start-answer';

/** The starter's function. What Lambda itself throws passes on. */
export function lambdaStarter(client: LambdaClient, functionName: string): Starter {
  const invoke = async (request: Readonly<Record<string, unknown>>): Promise<InvocationAnswer> => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
    );
    return { functionError: FunctionError, payload: Payload?.transformToString() ?? '' };
  };
  return {
    start: async (request) => readStartAnswer(await invoke(request)),
    cancel: async (runId) => readCancelAnswer(await invoke({ action: 'cancel', runId })),
  };
}
