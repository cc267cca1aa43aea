/**
 * The sizes that Fargate runs, for Linux on x86_64 and arm64.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export interface FargateSize {
  /** 1,024 units are one vCPU. */
  readonly cpu: number;
  readonly memoryMiB: number;
}

interface MemoryRange {
  readonly cpu: number;
  readonly smallestMiB: number;
  readonly largestMiB: number;
  readonly stepMiB: number;
}

const GIB = 1024;

const MEMORY_RANGES: readonly MemoryRange[] = [
  // 256 units take 512, 1,024 and 2,048 MiB: its one gap (1,536) is handled in memorySizes.
  { cpu: 256, smallestMiB: 512, largestMiB: 2 * GIB, stepMiB: 512 },
  { cpu: 512, smallestMiB: 1 * GIB, largestMiB: 4 * GIB, stepMiB: GIB },
  { cpu: 1024, smallestMiB: 2 * GIB, largestMiB: 8 * GIB, stepMiB: GIB },
  { cpu: 2048, smallestMiB: 4 * GIB, largestMiB: 16 * GIB, stepMiB: GIB },
  { cpu: 4096, smallestMiB: 8 * GIB, largestMiB: 30 * GIB, stepMiB: GIB },
  { cpu: 8192, smallestMiB: 16 * GIB, largestMiB: 60 * GIB, stepMiB: 4 * GIB },
  { cpu: 16384, smallestMiB: 32 * GIB, largestMiB: 120 * GIB, stepMiB: 8 * GIB },
];

const SMALLEST_CPU_WITHOUT_1536_MIB = 256;

function memorySizes(range: MemoryRange): readonly number[] {
  const count = (range.largestMiB - range.smallestMiB) / range.stepMiB + 1;
  const sizes = Array.from({ length: count }, (_, step) => range.smallestMiB + step * range.stepMiB);
  return range.cpu === SMALLEST_CPU_WITHOUT_1536_MIB ? sizes.filter((size) => size !== 1536) : sizes;
}

/** Every legal pair, smallest first. */
export const FARGATE_SIZES: readonly FargateSize[] = MEMORY_RANGES.flatMap((range) =>
  memorySizes(range).map((memoryMiB) => ({ cpu: range.cpu, memoryMiB })),
);

export const FARGATE_CPU_UNITS: readonly number[] = MEMORY_RANGES.map((range) => range.cpu);

export const LARGEST_FARGATE_CPU = Math.max(...FARGATE_CPU_UNITS);

export const LARGEST_FARGATE_MEMORY_MIB = Math.max(...FARGATE_SIZES.map((size) => size.memoryMiB));

/** GiB of disk that each task has without asking, and the least and the most that it can ask for. */
export const FARGATE_EPHEMERAL_STORAGE_GIB = { included: 20, smallest: 21, largest: 200 } as const;

export function isFargateSize(size: FargateSize): boolean {
  return FARGATE_SIZES.some((legal) => legal.cpu === size.cpu && legal.memoryMiB === size.memoryMiB);
}

/**
 * The smallest legal size that has at least what is asked, fewest vCPUs first, as they cost the most.
 * `undefined` when no Fargate size is that large.
 */
export function snapToFargateSize(least: Partial<FargateSize>): FargateSize | undefined {
  return FARGATE_SIZES.find((size) => size.cpu >= (least.cpu ?? 0) && size.memoryMiB >= (least.memoryMiB ?? 0));
}
