import { Token } from 'cdktf';
import { ACTIVITY_DEFAULTS, type Activities, type Activity } from './activity';
import { sizeOf } from './runtimes';

/** An activity in Terraform's spelling: the generated module has a variable of it. */
export interface ActivityRow {
  readonly function_name: string | null;
  readonly qualifier: string | null;
  readonly package_type: string;
  readonly image_config: {
    readonly entry_point: readonly string[] | null;
    readonly command: readonly string[] | null;
    readonly working_directory: string | null;
  } | null;
  readonly runtime: string | null;
  readonly architecture: string;
  readonly image: string | null;
  readonly command: readonly string[] | null;
  readonly commands: readonly string[] | null;
  readonly cpu: number;
  readonly memory_mib: number;
  readonly ephemeral_storage_gib: number | null;
  readonly count: number;
  readonly capacity: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly concurrency: number;
  readonly heartbeat_seconds: number;
  readonly timeout_seconds: number;
  readonly idle_seconds: number | null;
  readonly retries: number;
  readonly policy_arns: readonly string[];
  readonly task_role_arn: string | null;
}

/** A map that is a token is passed on: it has rows of that shape already. */
export function activityRows(activities: Activities): Readonly<Record<string, ActivityRow>> | Activities {
  return Token.isUnresolved(activities)
    ? activities
    : Object.fromEntries(Object.entries(activities).map(([key, one]) => [key, rowOf(one)]));
}

function rowOf(one: Activity): ActivityRow {
  const { cpu, memoryMiB } = sizeOf(one);
  const { imageConfig: config } = one;
  return {
    function_name: one.functionName ?? null,
    qualifier: one.qualifier ?? null,
    package_type: one.packageType ?? ACTIVITY_DEFAULTS.packageType,
    image_config:
      config === undefined
        ? null
        : {
            entry_point: config.entryPoint ?? null,
            command: config.command ?? null,
            working_directory: config.workingDirectory ?? null,
          },
    runtime: one.runtime ?? null,
    architecture: one.architecture ?? ACTIVITY_DEFAULTS.architecture,
    image: one.image ?? null,
    command: one.command ?? null,
    commands: one.commands ?? null,
    cpu,
    memory_mib: memoryMiB,
    ephemeral_storage_gib: one.ephemeralStorageGiB ?? null,
    count: one.count ?? ACTIVITY_DEFAULTS.count,
    capacity: one.capacity ?? ACTIVITY_DEFAULTS.capacity,
    environment: one.environment ?? {},
    concurrency: one.concurrency ?? ACTIVITY_DEFAULTS.concurrency,
    heartbeat_seconds: one.heartbeatSeconds ?? ACTIVITY_DEFAULTS.heartbeatSeconds,
    timeout_seconds: one.timeoutSeconds ?? ACTIVITY_DEFAULTS.timeoutSeconds,
    idle_seconds: one.idleSeconds ?? null,
    retries: one.retries ?? ACTIVITY_DEFAULTS.retries,
    policy_arns: one.policyArns ?? [],
    task_role_arn: one.taskRoleArn ?? null,
  };
}
