import { GetFunctionCommand, type GetFunctionCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { messageOf, nameOf, RunnerError, type RunnerErrorCode } from './errors';
import { describeFunction, type FunctionDescription } from './function-description';
import { type RuntimeCandidates, runtimeRefusal } from './runtime-command';

/** Finds out about a function, with a fresh link to its package each time. */
export type LookUpFunction = (functionArn: string, signal: AbortSignal) => Promise<FunctionDescription>;

/** @throws {RunnerError} when there is no such function, it may not be read, or this task cannot run it */
export function functionLookup(client: LambdaClient, candidates: RuntimeCandidates): LookUpFunction {
  return async (functionArn, signal) => {
    const described = describeFunction(functionArn, await getFunction(client, functionArn, signal));
    if (described.kind === 'refused') {
      throw new RunnerError(described.code, described.message);
    }
    const { description } = described;
    const refusal = runtimeRefusal(functionArn, description, candidates);
    if (refusal !== undefined) {
      throw new RunnerError(refusal.code, refusal.message);
    }
    return description;
  };
}

/** @throws {RunnerError} when there is no such function, or it may not be read */
export async function getFunction(
  client: LambdaClient,
  functionArn: string,
  signal: AbortSignal,
): Promise<GetFunctionCommandOutput> {
  try {
    return await client.send(new GetFunctionCommand({ FunctionName: functionArn }), { abortSignal: signal });
  } catch (cause) {
    throw new RunnerError(lookupErrorCode(nameOf(cause)), lookupMessage(functionArn, cause), { cause });
  }
}

function lookupErrorCode(name: string): RunnerErrorCode {
  switch (name) {
    case 'ResourceNotFoundException':
      return 'FUNCTION_NOT_FOUND';
    case 'AccessDeniedException':
      return 'FUNCTION_ACCESS_DENIED';
    default:
      return 'FUNCTION_LOOKUP_FAILED';
  }
}

function lookupMessage(functionArn: string, cause: unknown): string {
  switch (nameOf(cause)) {
    case 'ResourceNotFoundException':
      return `There is no function ${functionArn}: check its name, qualifier, account and Region.`;
    case 'AccessDeniedException':
      return (
        `The task role may not call lambda:GetFunction on ${functionArn}: add the function to the module's ` +
        `function ARNs, or attach the runner policy to the role given. Lambda said: ${messageOf(cause)}`
      );
    default:
      return `lambda:GetFunction on ${functionArn} failed: ${messageOf(cause)}`;
  }
}
