import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

export interface Invocation {
  /** What the function answered, parsed. */
  readonly payload: unknown;
  /** `Handled` or `Unhandled` where the function failed. */
  readonly functionError: string | undefined;
}

/** Invokes a function and waits for its answer. A failure of the function is an answer; only the call itself can throw. */
export async function invoke(lambda: LambdaClient, functionName: string, event: unknown): Promise<Invocation> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: new TextEncoder().encode(JSON.stringify(event)) }),
  );
  const text = new TextDecoder().decode(answer.Payload);
  return { payload: text === '' ? undefined : JSON.parse(text), functionError: answer.FunctionError };
}

/** The same, for a function that must not fail. @throws {Error} with what it reported */
export async function invokeOrThrow(lambda: LambdaClient, functionName: string, event: unknown): Promise<unknown> {
  const { payload, functionError } = await invoke(lambda, functionName, event);
  if (functionError !== undefined) {
    throw new Error(`${functionName} failed: ${JSON.stringify(payload)}`);
  }
  return payload;
}
