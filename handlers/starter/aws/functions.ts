import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  type LambdaClientConfig,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import { parseFunctionName } from '../../shared/function-name';
import { FunctionAccessDenied, FunctionNotFound } from '../errors';
import type { StarterPorts } from '../ports';

/** Reads functions' configurations, in the region that the ARN names or else in the starter's own. */
export function lambdaFunctions(settings: LambdaClientConfig): StarterPorts['lookUpFunction'] {
  const clients = new Map<string | undefined, LambdaClient>();

  // One for each region, and kept: a client has its own connections, and takes milliseconds to make.
  function clientOf(region: string | undefined): LambdaClient {
    const client =
      clients.get(region) ?? new LambdaClient({ ...settings, ...(region === undefined ? {} : { region }) });
    clients.set(region, client);
    return client;
  }

  return async (arn) => {
    const region = parseFunctionName(arn)?.region;
    const client = clientOf(region);
    try {
      // The qualifier stays in the name: Lambda reads all the forms that the request allows.
      return await client.send(new GetFunctionConfigurationCommand({ FunctionName: arn }));
    } catch (cause) {
      if (cause instanceof ResourceNotFoundException) {
        throw new FunctionNotFound(`Lambda has no function ${arn}: ${cause.message}. Nothing was started.`, { cause });
      }
      if (cause instanceof Error && cause.name === 'AccessDeniedException') {
        throw new FunctionAccessDenied(
          `The starter may not read ${arn}: ${cause.message}. A deployment reads the functions of its own ` +
            'account and region, or those that functionArns in deployment.ts names: name it there.',
          { cause },
        );
      }
      throw cause;
    }
  };
}
