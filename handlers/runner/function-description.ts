import type { EnvironmentError, GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { type LambdaRuntime, parseRuntime, RUNTIME_FAMILIES_TEXT } from '../shared/lambda-runtime';
import type { RunnerErrorCode } from './errors';

/** A runtime with the name that Lambda has for it, such as `nodejs22.x`. */
interface NamedRuntime extends LambdaRuntime {
  readonly name: string;
}

/** Of a function, as Lambda names it. */
export type FunctionArchitecture = 'x86_64' | 'arm64';

/** What the runner needs to know of a function. */
export interface FunctionDescription {
  readonly functionName: string;
  /** `$LATEST`, or the number of a published version. */
  readonly version: string;
  readonly runtime: NamedRuntime;
  readonly handler: string;
  readonly architecture: FunctionArchitecture;
  /** What the function was configured with on Lambda, not the task's memory. */
  readonly memoryMiB: number;
  readonly logGroupName: string;
  /** `JSON` or `Text`; `undefined` where Lambda names none. */
  readonly logFormat: string | undefined;
  /** The least that the function's own log lines may be, where their format is JSON. */
  readonly logLevel: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** ARNs of the layers' versions: a later one lies over those before it. */
  readonly layerArns: readonly string[];
  /** Where its file systems are mounted, such as /mnt/models. */
  readonly mountPaths: readonly string[];
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

/**
 * A function may be encrypted with a key of the customer's. Lambda then decrypts for the caller, and where the caller
 * may not, GetFunction succeeds and says so inside its answer.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentError.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html#enable-zip-permissions
 */
export function unreadable(
  subject: string,
  { ErrorCode = 'no code', Message = 'no message' }: EnvironmentError,
  kmsKeyArn: string | undefined,
): string {
  return (
    `Lambda could not decrypt ${subject} for this task (${ErrorCode}: ${Message}). Grant kms:Decrypt on its key ` +
    `${kmsKeyArn ?? '(not named)'}: add the key to kmsKeyArns of the runner module, or attach the runner policy to the ` +
    "role given. The key's own policy must leave that to IAM."
  );
}

/** What GetFunction said, as a function that the runner can run, or why it cannot. */
export function describeFunction(functionArn: string, output: GetFunctionCommandOutput): Description {
  const configuration = output.Configuration ?? {};
  if (configuration.PackageType === 'Image' || output.Code?.ImageUri !== undefined) {
    return refused(
      'IMAGE_PACKAGE_NOT_SUPPORTED',
      `${functionArn} is a container image (${output.Code?.ImageUri ?? 'no URI given'}), and the runner runs zip ` +
        'packages: name the function in container_functions of the runner module, and run "terraform apply".',
    );
  }
  const { Environment, Layers, LoggingConfig, Runtime } = configuration;
  if (Environment?.Error !== undefined) {
    const subject = `the environment variables of ${functionArn}`;
    return refused('FUNCTION_ENVIRONMENT_UNREADABLE', unreadable(subject, Environment.Error, configuration.KMSKeyArn));
  }
  if (output.Code?.Error !== undefined) {
    const { Error: error, SourceKMSKeyArn } = output.Code;
    return refused('FUNCTION_PACKAGE_UNREADABLE', unreadable(`the package of ${functionArn}`, error, SourceKMSKeyArn));
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
      architecture: configuration.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
      memoryMiB: configuration.MemorySize ?? LAMBDA_DEFAULT_MEMORY_MIB,
      logGroupName: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`,
      logFormat: LoggingConfig?.LogFormat,
      logLevel: LoggingConfig?.ApplicationLogLevel,
      variables: Environment?.Variables ?? {},
      layerArns,
      mountPaths: (configuration.FileSystemConfigs ?? []).flatMap(({ LocalMountPath }) => LocalMountPath ?? []),
      codeSha256: CodeSha256,
      codeBytes: CodeSize,
      codeUrl,
    },
  };
}

const LAMBDA_DEFAULT_MEMORY_MIB = 128;
