// A Lambda function that tells who it is, and what it may do.
import { GetFunctionConfigurationCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

export async function handler() {
  const lambda = new LambdaClient({});
  const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  const { Runtime } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'curious' }));
  const refused = await lambda.send(new ListFunctionsCommand({})).then(
    () => 'nothing',
    (error: Error) => error.name,
  );
  return { arn: Arn, allowed: Runtime, refused };
}
