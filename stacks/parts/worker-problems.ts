import {
  ARCHITECTURES,
  fargateSize,
  lambdaRuntime,
  matching,
  oneOf,
  type Problem,
  policyArns,
  roleArn,
  wholeNumber,
} from './checks';
import { FUNCTION_REFERENCE } from './formats';
import { sizeOf } from './runtimes';
import {
  CAPACITIES,
  CONCURRENCY,
  EC2_CPU,
  EC2_MEMORY_MIB,
  EPHEMERAL_STORAGE_GIB,
  PACKAGE_TYPES,
  type Worker,
} from './worker';

/** A rule that goes over several fields of a worker. */
export interface Together<Of extends Worker = Worker> {
  readonly field: keyof Of & string;
  readonly isKept: (worker: Of) => boolean;
  /** The same in a generated module, as an expression of `item`, a row of the worker. It takes nulls. */
  readonly holds: string;
  readonly allowed: string;
}

export const isImage = ({ packageType }: Worker) => packageType === 'Image';

export const WORKER_TOGETHER: readonly Together[] = [
  {
    field: 'functionName',
    isKept: ({ functionName, image }) => functionName !== undefined || image !== undefined,
    holds: 'item.function_name != null || item.image != null',
    allowed: 'a function, or the image of a runner with the command that does the work',
  },
  {
    field: 'command',
    isKept: ({ functionName, command }) => functionName === undefined || command === undefined,
    holds: 'item.function_name == null || item.command == null',
    allowed: 'a function or a command: one of them does the work',
  },
  {
    field: 'qualifier',
    isKept: ({ functionName, qualifier }) => functionName !== undefined || qualifier === undefined,
    holds: 'item.function_name != null || item.qualifier == null',
    allowed: 'the version or alias only of a function',
  },
  {
    field: 'image',
    isKept: (worker) => !isImage(worker) || worker.image === undefined,
    holds: 'item.package_type != "Image" || item.image == null',
    allowed: 'no image for a function that is one: it has its own',
  },
  {
    field: 'imageConfig',
    isKept: (worker) => isImage(worker) || worker.imageConfig === undefined,
    holds: 'item.package_type == "Image" || item.image_config == null',
    allowed: 'what an image is to be told only for a function that is one',
  },
  {
    field: 'runtime',
    isKept: (worker) => isImage(worker) || worker.image !== undefined || worker.runtime !== undefined,
    holds: 'item.package_type == "Image" || item.image != null || item.runtime != null',
    allowed: "the function's runtime, such as nodejs22.x, or an image",
  },
  {
    field: 'concurrency',
    isKept: (worker) => !isImage(worker) || (worker.concurrency ?? 1) === 1,
    holds: 'item.package_type != "Image" || item.concurrency == 1',
    allowed: 'a concurrency of 1, and more workers, for a function that is an image: ECS starts it once in each task',
  },
  {
    field: 'ephemeralStorageGiB',
    isKept: ({ ephemeralStorageGiB, capacity }) => ephemeralStorageGiB === undefined || capacity !== 'EC2',
    holds: 'item.ephemeral_storage_gib == null || item.capacity != "EC2"',
    allowed: 'a size of the disk only on Fargate: a task on EC2 has the disk of its instance',
  },
];

/** Instances that a worker is to run on have to be there. */
export const ON_INSTANCES = {
  holds: 'item.capacity != "EC2" || var.ec2_capacity_provider != ""',
  allowed: 'the capacity EC2 only in a cluster that has instances: its ec2_capacity',
} as const;

/** What is wrong with single fields. `where` is the name of the worker with a dot, or nothing. */
export function workerValueProblems(where: string, one: Worker): readonly Problem[] {
  const of = (name: keyof Worker) => `${where}${name}`;
  return [
    ...matching(of('functionName'), one.functionName, FUNCTION_REFERENCE.pattern, FUNCTION_REFERENCE.allowed),
    ...oneOf(of('packageType'), one.packageType, PACKAGE_TYPES),
    ...lambdaRuntime(of('runtime'), one.runtime),
    ...oneOf(of('architecture'), one.architecture, ARCHITECTURES),
    ...sizeProblems(where, one),
    ...wholeNumber(of('ephemeralStorageGiB'), one.ephemeralStorageGiB, EPHEMERAL_STORAGE_GIB),
    ...oneOf(of('capacity'), one.capacity, CAPACITIES),
    ...wholeNumber(of('concurrency'), one.concurrency, CONCURRENCY),
    ...policyArns(of('policyArns'), one.policyArns),
    ...roleArn(of('taskRoleArn'), one.taskRoleArn),
  ];
}

function sizeProblems(where: string, one: Worker): readonly Problem[] {
  if (one.capacity !== 'EC2') {
    const field = where === '' ? 'size' : `size of ${where.replace(/\.$/, '')}`;
    return fargateSize(field, sizeOf(one));
  }
  return [
    ...wholeNumber(`${where}cpu`, one.cpu, EC2_CPU),
    ...wholeNumber(`${where}memoryMiB`, one.memoryMiB, EC2_MEMORY_MIB),
  ];
}
