import type { GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { type LambdaRuntime, parseRuntime, RUNTIME_FAMILIES_TEXT } from '../shared/lambda-runtime';
import type { RunnerErrorCode } from './errors';

/** A runtime with the name that Lambda has for it, such as `nodejs22.x`. */
export interface NamedRuntime extends LambdaRuntime {
  readonly name: string;
}

/** What the runner needs to know of a function. */
export interface FunctionDescription {
  readonly functionName: string;
  /** `$LATEST`, or the number of a published version. */
  readonly version: string;
  readonly runtime: NamedRuntime;
  readonly handler: string;
  /** What the function was configured with on Lambda, not the task's memory. */
  readonly memoryMiB: number;
  readonly logGroupName: string;
  readonly variables: Readonly<Record<string, string>>;
  /** ARNs of the layers' versions: a later one lies over those before it. */
  readonly layerArns: readonly string[];
  readonly codeSha256: string;
  readonly codeBytes: number;
  /** Pre-signed, and good for ten minutes. Source: https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html */
  readonly codeUrl: string;
}

interface DescriptionRefusal {
  readonly kind: 'refused';
  readonly code: RunnerErrorCode;
  readonly message: string;
}

export type Description = { readonly kind: 'runnable'; readonly description: FunctionDescription } | DescriptionRefusal;

function refused(code: RunnerErrorCode, message: string): DescriptionRefusal {
  return { kind: 'refused', code, message };
}

/** What GetFunction said, as a function that the runner can run, or why it cannot. */
export function describeFunction(functionArn: string, output: GetFunctionCommandOutput): Description {
  const configuration = output.Configuration ?? {};
  if (configuration.PackageType === 'Image' || output.Code?.ImageUri !== undefined) {
    return refused(
      'IMAGE_PACKAGE_NOT_SUPPORTED',
      `${functionArn} is a container image (${output.Code?.ImageUri ?? 'no URI given'}), and the runner runs zip ` +
        'packages: start that image with a task definition of its own.',
    );
  }
  const { Environment, Layers, Runtime } = configuration;
  if (Environment?.Error !== undefined) {
    return refused(
      'FUNCTION_ENVIRONMENT_UNREADABLE',
      `Lambda could not read the environment variables of ${functionArn}: ${Environment.Error.ErrorCode ?? 'no code'}, ` +
        `${Environment.Error.Message ?? 'no message'}. Give the task role kms:Decrypt on the function's key.`,
    );
  }
  const runtime = parseRuntime(Runtime ?? '');
  if (Runtime === undefined || runtime === undefined) {
    return refused(
      'RUNTIME_NOT_SUPPORTED',
      `${functionArn} has the runtime ${Runtime ?? '(none)'}. The runner runs versions of ${RUNTIME_FAMILIES_TEXT}.`,
    );
  }
  const layerArns = (Layers ?? []).flatMap(({ Arn }) => (Arn === undefined ? [] : [Arn]));
  const { FunctionName, Handler, CodeSha256, CodeSize } = configuration;
  const codeUrl = output.Code?.Location;
  if (
    FunctionName === undefined ||
    Handler === undefined ||
    CodeSha256 === undefined ||
    CodeSize === undefined ||
    codeUrl === undefined
  ) {
    return refused(
      'FUNCTION_LOOKUP_FAILED',
      `GetFunction on ${functionArn} left out the name, handler, code hash, code size or code location.`,
    );
  }
  return {
    kind: 'runnable',
    description: {
      functionName: FunctionName,
      version: configuration.Version ?? '$LATEST',
      runtime: { ...runtime, name: Runtime },
      handler: Handler,
      memoryMiB: configuration.MemorySize ?? LAMBDA_DEFAULT_MEMORY_MIB,
      logGroupName: configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
      variables: Environment?.Variables ?? {},
      layerArns,
      codeSha256: CodeSha256,
      codeBytes: CodeSize,
      codeUrl,
    },
  };
}

const LAMBDA_DEFAULT_MEMORY_MIB = 128;
