import { Token } from 'cdktf';
import { ARCHITECTURES, type Architecture, fargateSize, lambdaRuntime, matching, oneOf, type Problem } from './checks';
import type { FargateSize } from './fargate-sizes';
import type { Format } from './formats';

/** The size of a task that is run without one. The starter always gives one. */
export interface SizedTask {
  /**
   * CPU units, 1,024 to the vCPU.
   *
   * @default 1024
   */
  readonly cpu?: number;
  /**
   * Memory in MiB.
   *
   * @default 2048
   */
  readonly memoryMiB?: number;
}

/** A runtime of Lambda on one architecture, for which there is a task definition. */
export interface RunnerRuntime extends SizedTask {
  /** As Lambda names it, e.g. nodejs22.x. */
  readonly runtime: string;
  readonly architecture: Architecture;
  /**
   * URI of a runner's image for it, whatever the other runtimes have.
   *
   * @default - what runnerImages says: AWS's base images, or the module's own repository with the runtime's key as tag
   */
  readonly image?: string;
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

export function sizeOf({ cpu, memoryMiB }: SizedTask): FargateSize {
  return { cpu: cpu ?? DEFAULT_SIZE.cpu, memoryMiB: memoryMiB ?? DEFAULT_SIZE.memoryMiB };
}

export function runtimeProblems(runtimes: RunnerRuntimes | undefined): readonly Problem[] {
  if (runtimes === undefined || Token.isUnresolved(runtimes)) {
    return [];
  }
  const entries = Object.entries(runtimes);
  const none = { field: 'runtimes', value: runtimes, allowed: 'at least one runtime, or leave it out for Node.js 22' };
  return [
    ...(entries.length === 0 ? [none] : []),
    ...entries.flatMap(([key, one]) => problemsOf(key, one)),
    ...duplicates(entries),
  ];
}

function problemsOf(key: string, one: RunnerRuntime): readonly Problem[] {
  const field = `runtimes.${key}`;
  return [
    ...matching('key of runtimes', key, RUNTIME_KEY.pattern, RUNTIME_KEY.allowed),
    ...lambdaRuntime(`${field}.runtime`, one.runtime),
    ...oneOf(`${field}.architecture`, one.architecture, ARCHITECTURES),
    ...fargateSize(`size of ${field}`, sizeOf(one)),
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
