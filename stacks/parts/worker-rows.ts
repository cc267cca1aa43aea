import { Token } from 'cdktf';
import { sizeOf } from './runtimes';
import { type ImageConfig, WORKER_DEFAULTS, type Worker } from './worker';

interface ImageConfigRow {
  readonly entry_point: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly working_directory: string | null;
}

/** A worker in Terraform's spelling. */
export interface WorkerRow {
  readonly function_name: string | null;
  readonly qualifier: string | null;
  readonly package_type: string;
  readonly image_config: ImageConfigRow | null;
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
  return {
    function_name: one.functionName ?? null,
    qualifier: one.qualifier ?? null,
    package_type: one.packageType ?? WORKER_DEFAULTS.packageType,
    image_config: imageConfigRow(one.imageConfig),
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

/** One that is a token has rows of that shape already. */
function imageConfigRow(config: ImageConfig | undefined): ImageConfigRow | null {
  if (config === undefined) {
    return null;
  }
  if (Token.isUnresolved(config)) {
    return config as unknown as ImageConfigRow;
  }
  return {
    entry_point: config.entryPoint ?? null,
    command: config.command ?? null,
    working_directory: config.workingDirectory ?? null,
  };
}
