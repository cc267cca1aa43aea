import { Token } from 'cdktf';
import { ARCHITECTURES, type Architecture, fargateSize, lambdaRuntime, matching, oneOf, type Problem } from './checks';
import type { FargateSize } from './fargate-sizes';
import type { Format } from './formats';

/** A runtime of Lambda on one architecture, for which there is a task definition. */
export interface RunnerRuntime {
  /** As Lambda names it, e.g. nodejs22.x. */
  readonly runtime: string;
  readonly architecture: Architecture;
  /**
   * URI of the runner's image for it.
   *
   * @default - the module's own repository with the runtime's key as tag
   */
  readonly image?: string;
  /**
   * CPU units, 1,024 to the vCPU, for a task that is run without a size. The starter always gives one.
   *
   * @default 1024
   */
  readonly cpu?: number;
  /**
   * Memory for a task that is run without a size, in MiB.
   *
   * @default 2048
   */
  readonly memoryMiB?: number;
}

/** By a key that is the task definition's name and the image's tag, such as nodejs22-x86_64. */
export type RunnerRuntimes = Readonly<Record<string, RunnerRuntime>>;

export const DEFAULT_RUNTIMES: RunnerRuntimes = {
  'nodejs22-arm64': { runtime: 'nodejs22.x', architecture: 'arm64' },
  'nodejs22-x86_64': { runtime: 'nodejs22.x', architecture: 'x86_64' },
};

// Nearly the vCPU and memory at which Lambda gives a function one whole vCPU (1,769 MB).
export const DEFAULT_SIZE: FargateSize = { cpu: 1024, memoryMiB: 2048 };

// A part of a task definition's name and a tag of an image; a letter first as Terraform shows it in addresses.
const LONGEST_KEY = 63;
export const RUNTIME_KEY: Format = {
  pattern: new RegExp(`^[a-z][a-z0-9_-]{0,${LONGEST_KEY - 1}}$`),
  allowed: `up to ${LONGEST_KEY} lower-case letters, digits, hyphens and underscores, a letter first, such as nodejs22-arm64`,
};

function sizeOf({ cpu, memoryMiB }: RunnerRuntime): FargateSize {
  return { cpu: cpu ?? DEFAULT_SIZE.cpu, memoryMiB: memoryMiB ?? DEFAULT_SIZE.memoryMiB };
}

export function runtimeProblems(runtimes: RunnerRuntimes | undefined, hasRepository: boolean): readonly Problem[] {
  if (runtimes === undefined || Token.isUnresolved(runtimes)) {
    return [];
  }
  const entries = Object.entries(runtimes);
  const none = { field: 'runtimes', value: runtimes, allowed: 'at least one runtime, or leave it out for Node.js 22' };
  return [
    ...(entries.length === 0 ? [none] : []),
    ...entries.flatMap(([key, one]) => problemsOf(key, one, hasRepository)),
    ...duplicates(entries),
  ];
}

function problemsOf(key: string, one: RunnerRuntime, hasRepository: boolean): readonly Problem[] {
  const field = `runtimes.${key}`;
  const noImage = one.image === undefined && !hasRepository;
  return [
    ...matching('key of runtimes', key, RUNTIME_KEY.pattern, RUNTIME_KEY.allowed),
    ...lambdaRuntime(`${field}.runtime`, one.runtime),
    ...oneOf(`${field}.architecture`, one.architecture, ARCHITECTURES),
    ...fargateSize(`size of ${field}`, sizeOf(one)),
    ...(noImage
      ? [{ field: `${field}.image`, value: undefined, allowed: 'one, or let createImageRepository be true' }]
      : []),
  ];
}

function duplicates(entries: readonly (readonly [string, RunnerRuntime])[]): readonly Problem[] {
  return entries.flatMap(([key, one], index) => {
    const earlier = entries
      .slice(0, index)
      .find(([, other]) => other.runtime === one.runtime && other.architecture === one.architecture);
    const allowed = `another runtime or architecture than runtimes.${earlier?.[0]}: the starter could not choose`;
    return earlier === undefined ? [] : [{ field: `runtimes.${key}`, value: one, allowed }];
  });
}

/** What a task definition's loop sees of a runtime, in Terraform's spelling: the generated module has a variable of it. */
export interface RuntimeRow {
  readonly runtime: string;
  readonly architecture: string;
  readonly image: string | null;
  readonly cpu: number;
  readonly memory_mib: number;
}

/** A map that is a token is passed on: it has rows of that shape already. */
export function runtimeRows(runtimes: RunnerRuntimes): Readonly<Record<string, RuntimeRow>> | RunnerRuntimes {
  if (Token.isUnresolved(runtimes)) {
    return runtimes;
  }
  return Object.fromEntries(
    Object.entries(runtimes).map(([key, one]) => {
      const { cpu, memoryMiB } = sizeOf(one);
      const { runtime, architecture, image } = one;
      return [key, { runtime, architecture, image: image ?? null, cpu, memory_mib: memoryMiB }];
    }),
  );
}
