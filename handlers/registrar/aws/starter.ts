import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { RegistrarPorts } from '../ports';
import { readStartAnswer } from '../start-answer';

/** The starter's function. What Lambda itself throws passes on. */
export function lambdaStarter(client: LambdaClient, functionName: string): RegistrarPorts['start'] {
  return async (request) => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(request) }),
    );
    return readStartAnswer({ functionError: FunctionError, payload: Payload?.transformToString() ?? '' });
  };
}
