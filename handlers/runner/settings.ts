import * as v from 'valibot';
import { parseFunctionName } from '../shared/function-name';
import { type LambdaRuntime, parseRuntime, RUNTIME_FAMILIES_TEXT } from '../shared/lambda-runtime';
import { isVariables, RUN_ENVELOPE_VERSION, RUN_ENVIRONMENT_VARIABLE, type RunEnvelope } from '../shared/run';
import { type Environment, optionalText, requiredText, SettingError, wholeNumber } from '../shared/settings';
import { type RuntimeContainer, readRuntimeContainer } from './sidecar/runtime-container';

/** What any program of the runner needs to know to fetch a function, start it and end it. */
export interface HostSettings {
  /** Region of what the runner talks to where nothing else names one, and of the function where its ARN names none. */
  readonly region: string;
  /** How long ECS waits between SIGTERM and SIGKILL. */
  readonly stopTimeoutSeconds: number;
  /** How long the runtime may take until it asks for its first invocation. */
  readonly initTimeoutSeconds: number;
  /** How often each request to AWS is tried. */
  readonly maxAttempts: number;
  /** The largest output that the runner takes from a handler. */
  readonly outputLimitBytes: number;
  /** How often the runner asks whether the function has changed, where it carries out one run after another. */
  readonly codeCheckSeconds: number;
  /** Where the function's package is unpacked. */
  readonly taskRoot: string;
  /** Where the function's layers are unpacked. */
  readonly layersRoot: string;
  /** Where downloads lie until they are unpacked. */
  readonly workRoot: string;
  /** The runtime that the task's image was built for; `undefined` where nobody says. */
  readonly runtime: LambdaRuntime | undefined;
  /** Program of the runtime; `undefined` lets the runner choose. */
  readonly bootstrap: string | undefined;
  /** The container of the task in which the runtime runs; `undefined` where that is the runner's own. */
  readonly runtimeContainer: RuntimeContainer | undefined;
}

/** Of a task that carries out one run. */
export interface RunnerSettings extends HostSettings {
  readonly run: RunEnvelope;
  readonly ledgerTable: string;
  readonly payloadBucket: string;
}

// The most that a task definition takes on EC2 is not documented; Fargate's is 120 s.
export const STOP_TIMEOUT_SECONDS = { minimum: 1, maximum: 3_600 } as const;

/**
 * What Lambda allows functions with provisioned concurrency: 130 s, or the function's timeout if that is longer.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const SHORTEST_INIT_TIMEOUT_SECONDS = 130;

/**
 * Each request to AWS is tried so often, where nobody says otherwise. Between two tries the SDK waits up to 20 s, half
 * of it on average, so that this is five minutes in which AWS may be out of reach: the work of hours must not be lost for
 * want of one write.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const MAX_ATTEMPTS = { minimum: 1, maximum: 1_000, fallback: 40 } as const;

/** Fourteen days: what the starter takes at most. In milliseconds it stays under the 2^31 - 1 that a timer takes. */
export const LONGEST_RUN_SECONDS = 1_209_600;

const MIB = 1_024 * 1_024;

/** Ten times Lambda's own 6 MB. The runner holds the output in memory, so the bound keeps a small task alive. */
const OUTPUT_LIMIT_BYTES = { minimum: 1, maximum: 512 * MIB, fallback: 64 * MIB } as const;

/** GetFunction may be called 100 times a second in an account, by all its tasks together. */
const CODE_CHECK_SECONDS = { minimum: 1, maximum: 86_400, fallback: 60 } as const;

const PointerSchema = v.strictObject({
  bucket: v.pipe(v.string(), v.minLength(1)),
  key: v.pipe(v.string(), v.minLength(1)),
});

const EnvelopeSchema = v.strictObject({
  version: v.literal(RUN_ENVELOPE_VERSION),
  // It becomes part of an object key and of the Runtime API's paths.
  runId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]{1,128}$/)),
  attempt: v.pipe(v.number(), v.integer(), v.minValue(1)),
  functionArn: v.pipe(
    v.string(),
    v.check((text) => parseFunctionName(text) !== undefined, 'not the ARN of a function'),
  ),
  timeoutSeconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LONGEST_RUN_SECONDS)),
  // Not v.record: it leaves out keys such as "constructor" without a word.
  environment: v.exactOptional(v.custom<Readonly<Record<string, string>>>(isVariables)),
  input: v.union([
    v.strictObject({ inline: v.unknown() }),
    v.strictObject({ gzip: v.string() }),
    v.strictObject({ s3: PointerSchema }),
  ]),
});

/** @throws {SettingError} naming every part of the envelope that is wrong; never its values, which may be secret */
function parseEnvelope(text: string): RunEnvelope {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new SettingError(`${RUN_ENVIRONMENT_VARIABLE} is not JSON. The starter writes it; do not edit it.`);
  }
  const parsed = v.safeParse(EnvelopeSchema, document);
  if (!parsed.success) {
    const parts = parsed.issues.map((issue) => v.getDotPath(issue) ?? 'the whole').join(', ');
    throw new SettingError(
      `${RUN_ENVIRONMENT_VARIABLE} is not a run of version ${RUN_ENVELOPE_VERSION} (wrong: ${parts}). ` +
        'Deploy the starter and the runner from the same release.',
    );
  }
  return parsed.output;
}

function taskRuntime(name: string | undefined): LambdaRuntime | undefined {
  const runtime = name === undefined ? undefined : parseRuntime(name);
  if (name !== undefined && runtime === undefined) {
    throw new SettingError(
      `OVERTIME_RUNTIME is "${name}": give a runtime of Lambda, a version of ${RUNTIME_FAMILIES_TEXT}, such as python3.13.`,
    );
  }
  return runtime;
}

/** @throws {SettingError} for the first setting that is missing or wrong */
export function readSettings(environment: Environment): RunnerSettings {
  const run = parseEnvelope(requiredText(environment, RUN_ENVIRONMENT_VARIABLE));
  return {
    run,
    ledgerTable: requiredText(environment, 'OVERTIME_LEDGER_TABLE'),
    payloadBucket: requiredText(environment, 'OVERTIME_PAYLOAD_BUCKET'),
    ...readHostSettings(environment, {
      timeoutSeconds: run.timeoutSeconds,
      stopTimeoutSeconds: wholeNumber(environment, 'OVERTIME_STOP_TIMEOUT_SECONDS', STOP_TIMEOUT_SECONDS),
      region: optionalText(environment, 'AWS_REGION') ?? requiredText(environment, 'AWS_DEFAULT_REGION'),
    }),
  };
}

interface KnownSettings extends Pick<HostSettings, 'region' | 'stopTimeoutSeconds'> {
  /** The longest that one run may take. */
  readonly timeoutSeconds: number;
}

/** @throws {SettingError} for the first setting that is wrong */
export function readHostSettings(environment: Environment, { timeoutSeconds, ...known }: KnownSettings): HostSettings {
  return {
    ...known,
    initTimeoutSeconds: wholeNumber(environment, 'OVERTIME_INIT_TIMEOUT_SECONDS', {
      minimum: 1,
      maximum: LONGEST_RUN_SECONDS,
      fallback: Math.max(SHORTEST_INIT_TIMEOUT_SECONDS, timeoutSeconds),
    }),
    maxAttempts: wholeNumber(environment, 'AWS_MAX_ATTEMPTS', MAX_ATTEMPTS),
    outputLimitBytes: wholeNumber(environment, 'OVERTIME_OUTPUT_LIMIT_BYTES', OUTPUT_LIMIT_BYTES),
    codeCheckSeconds: wholeNumber(environment, 'OVERTIME_CODE_CHECK_SECONDS', CODE_CHECK_SECONDS),
    taskRoot: optionalText(environment, 'OVERTIME_TASK_ROOT') ?? '/var/task',
    layersRoot: optionalText(environment, 'OVERTIME_LAYERS_ROOT') ?? '/opt',
    workRoot: optionalText(environment, 'OVERTIME_WORK_ROOT') ?? '/tmp/overtime',
    runtime: taskRuntime(optionalText(environment, 'OVERTIME_RUNTIME')),
    bootstrap: optionalText(environment, 'OVERTIME_BOOTSTRAP'),
    runtimeContainer: readRuntimeContainer(environment),
  };
}

/** What the runner keeps of the stop timeout for itself: to write the ledger, and to end before ECS kills it. */
const STOP_MARGIN_SECONDS = 5;

/** How long a running handler may go on after SIGTERM: the stop timeout less the margin, at least half of it. */
export function drainMilliseconds(stopTimeoutSeconds: number): number {
  return Math.max(stopTimeoutSeconds - STOP_MARGIN_SECONDS, stopTimeoutSeconds / 2) * 1_000;
}

/** How long the runtime of an interrupted run may then take to end: half of what is left of the stop timeout. */
export function stopMilliseconds(stopTimeoutSeconds: number): number {
  return (stopTimeoutSeconds * 1_000 - drainMilliseconds(stopTimeoutSeconds)) / 2;
}
