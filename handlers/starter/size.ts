import {
  FARGATE_EPHEMERAL_STORAGE_GIB,
  type FargateSize,
  LARGEST_FARGATE_CPU,
  snapToFargateSize,
} from '../../stacks/parts/fargate-sizes';
import type { FunctionRequest, StartRequest } from './start-request';

/** What a function's configuration says of its size, in Lambda's units; left out, it is Lambda's default. */
export interface FunctionSize {
  /** Called MB by Lambda; they are MiB. */
  readonly memoryMiB: number;
  /** Size of /tmp. */
  readonly temporaryStorageMiB: number;
}

const CPU_UNITS_PER_VCPU = 1024;
const MIB_PER_GIB = 1024;

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: at 1,769 MB a function has one vCPU. */
const MEMORY_MIB_PER_VCPU = 1769;

/** What the runner and the runtime's supervision take beside the function, which is to have all that Lambda gives it. */
const RUNNER_MEMORY_MIB = 128;

/**
 * A package on disk: 250 MB unpacked with its layers, and its zips while they are unpacked.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const PACKAGE_MIB = 512;

/** What of the task's disk the image may take: AWS's largest base image has under 1 GiB. */
const IMAGE_MIB = 1024;

/**
 * The smallest Fargate size for a run: what the request asks for, else what Lambda gives the function. A request's
 * memory is the task's; the function's own gets the runner's on top. `undefined` when Fargate has none that large.
 */
export function taskSize(
  request: Pick<FunctionRequest, 'cpu' | 'memoryMiB'>,
  own: FunctionSize,
): FargateSize | undefined {
  const ownCpu = Math.ceil((own.memoryMiB / MEMORY_MIB_PER_VCPU) * CPU_UNITS_PER_VCPU);
  return snapToFargateSize({
    cpu: request.cpu ?? Math.min(ownCpu, LARGEST_FARGATE_CPU),
    memoryMiB: request.memoryMiB ?? own.memoryMiB + RUNNER_MEMORY_MIB,
  });
}

/** GiB of disk to ask for, or `undefined` where what each task has anyway is enough. */
export function taskStorageGiB(
  request: Pick<StartRequest, 'ephemeralStorageGiB'>,
  own: FunctionSize,
): number | undefined {
  const neededGiB =
    request.ephemeralStorageGiB ?? Math.ceil((own.temporaryStorageMiB + PACKAGE_MIB + IMAGE_MIB) / MIB_PER_GIB);
  return neededGiB > FARGATE_EPHEMERAL_STORAGE_GIB.included ? neededGiB : undefined;
}
