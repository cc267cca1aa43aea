import { sizeOf } from './runtimes';
import { WORKER_DEFAULTS, type Worker } from './worker';

/** A worker in Terraform's spelling. */
export interface WorkerRow {
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
  readonly cpu: number;
  readonly memory_mib: number;
  readonly ephemeral_storage_gib: number | null;
  readonly capacity: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly concurrency: number;
  readonly policy_arns: readonly string[];
  readonly task_role_arn: string | null;
}

export function workerRow(one: Worker): WorkerRow {
  const { cpu, memoryMiB } = sizeOf(one);
  const { imageConfig: config } = one;
  return {
    function_name: one.functionName ?? null,
    qualifier: one.qualifier ?? null,
    package_type: one.packageType ?? WORKER_DEFAULTS.packageType,
    image_config:
      config === undefined
        ? null
        : {
            entry_point: config.entryPoint ?? null,
            command: config.command ?? null,
            working_directory: config.workingDirectory ?? null,
          },
    runtime: one.runtime ?? null,
    architecture: one.architecture ?? WORKER_DEFAULTS.architecture,
    image: one.image ?? null,
    command: one.command ?? null,
    cpu,
    memory_mib: memoryMiB,
    ephemeral_storage_gib: one.ephemeralStorageGiB ?? null,
    capacity: one.capacity ?? WORKER_DEFAULTS.capacity,
    environment: one.environment ?? {},
    concurrency: one.concurrency ?? WORKER_DEFAULTS.concurrency,
    policy_arns: one.policyArns ?? [],
    task_role_arn: one.taskRoleArn ?? null,
  };
}
