import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import * as v from 'valibot';
import { isVariables, RUN_ENVELOPE_VERSION, type RunRecord } from '../shared/run';
import { type Capacity, isCapacity, isFargate, placeOf } from './capacity';
import { containerOverrides } from './container-overrides';
import { clientToken } from './identity';
import { taskOverrides } from './overrides';
import { capacityOf, networkOf } from './task-place';

const PayloadSchema = v.union([
  v.strictObject({ inline: v.unknown() }),
  v.strictObject({ gzip: v.string() }),
  v.strictObject({ s3: v.strictObject({ bucket: v.string(), key: v.string() }) }),
]);

const COMMON = {
  cluster: v.string(),
  taskDefinition: v.string(),
  containerName: v.string(),
  storageGiB: v.exactOptional(v.number()),
  taskRoleArn: v.exactOptional(v.string()),
  environment: v.exactOptional(v.custom<Readonly<Record<string, string>>>(isVariables)),
  capacity: v.custom<Capacity>(isCapacity),
  capacityFallback: v.exactOptional(v.literal('FARGATE')),
  securityGroups: v.array(v.string()),
  assignPublicIp: v.picklist(['ENABLED', 'DISABLED']),
  platformVersion: v.exactOptional(v.string()),
  group: v.exactOptional(v.string()),
  propagateTags: v.exactOptional(v.picklist(['TASK_DEFINITION', 'NONE'])),
  enableExecuteCommand: v.exactOptional(v.boolean()),
  tags: v.array(v.object({ key: v.string(), value: v.string() })),
};

const FunctionLaunchSchema = v.object({
  ...COMMON,
  size: v.object({ cpu: v.number(), memoryMiB: v.number() }),
  subnets: v.pipe(v.array(v.string()), v.minLength(1)),
  functionArn: v.string(),
  timeoutSeconds: v.number(),
  input: PayloadSchema,
});

const ContainerLaunchSchema = v.object({
  // The rows of functions, which were there first, have no such field.
  kind: v.literal('container'),
  ...COMMON,
  size: v.object({ cpu: v.exactOptional(v.number()), memoryMiB: v.exactOptional(v.number()) }),
  // None: its tasks have no network interface of their own.
  subnets: v.array(v.string()),
  command: v.exactOptional(v.array(v.string())),
  input: v.exactOptional(PayloadSchema),
});

const LaunchSchema = v.union([ContainerLaunchSchema, FunctionLaunchSchema]);

/** All that a RunTask of a run needs but what changes from one attempt, and one try of it, to the next. */
export type Launch = Readonly<v.InferOutput<typeof LaunchSchema>>;

type FunctionLaunch = Exclude<Launch, { readonly kind: 'container' }>;

/** As the row keeps it: as text, as DynamoDB's numbers and keys are not all that an input's JSON may hold. */
export function launchText(launch: Launch): string {
  return JSON.stringify(launch);
}

/** Reads what {@link launchText} wrote; `undefined` when it is something else: the row is no starter's. */
export function parseLaunch(text: unknown): Launch | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), LaunchSchema), text);
  return parsed.success ? parsed.output : undefined;
}

/** One try at starting one attempt of a run. */
export interface LaunchTry {
  readonly runId: string;
  readonly attempt: number;
  /** Counts the places that were tried: see {@link placeOf}. */
  readonly variant: number;
}

/** The try that a row stands at. */
export function currentTry({ runId, attempt, launchVariant = 0 }: RunRecord): LaunchTry {
  return { runId, attempt, variant: launchVariant };
}

function seedOf(runId: string): number {
  return [...runId].reduce((sum, character) => sum + character.charCodeAt(0), 0);
}

function functionOverrides(launch: FunctionLaunch, one: LaunchTry, storageGiB: number | undefined) {
  return taskOverrides({
    containerName: launch.containerName,
    size: launch.size,
    storageGiB,
    taskRoleArn: launch.taskRoleArn,
    envelope: {
      version: RUN_ENVELOPE_VERSION,
      runId: one.runId,
      attempt: one.attempt,
      functionArn: launch.functionArn,
      timeoutSeconds: launch.timeoutSeconds,
      ...(launch.environment === undefined ? {} : { environment: launch.environment }),
      input: launch.input,
    },
  });
}

/**
 * RunTask's input for one try. The platform version and the size of the disk are Fargate's: ECS refuses them for
 * container instances, whose disk is their own.
 */
export function runTaskInput(launch: Launch, one: LaunchTry): RunTaskCommandInput {
  const { capacity, capacityFallback, subnets } = launch;
  const fallback = capacityFallback === undefined ? {} : { capacityFallback };
  const place = placeOf({ capacity, ...fallback, subnets, seed: seedOf(one.runId) }, one.variant);
  const onFargate = isFargate(place.capacity);
  const storageGiB = onFargate ? launch.storageGiB : undefined;
  return {
    cluster: launch.cluster,
    taskDefinition: launch.taskDefinition,
    ...capacityOf(place),
    ...(onFargate && launch.platformVersion !== undefined ? { platformVersion: launch.platformVersion } : {}),
    count: 1,
    ...networkOf(launch, place),
    overrides:
      'kind' in launch
        ? containerOverrides({ ...launch, storageGiB }, one)
        : functionOverrides(launch, one, storageGiB),
    startedBy: one.runId,
    clientToken: clientToken(one),
    enableECSManagedTags: true,
    ...(launch.group === undefined ? {} : { group: launch.group }),
    ...(launch.propagateTags === undefined ? {} : { propagateTags: launch.propagateTags }),
    ...(launch.enableExecuteCommand === undefined ? {} : { enableExecuteCommand: launch.enableExecuteCommand }),
    tags: launch.tags.map((tag) => ({ ...tag })),
  };
}
