/** Reads a small file, `undefined` where there is none. */
type ReadText = (file: string) => string | undefined;

/**
 * Where the kernel keeps the most memory that a container's processes had at once, in bytes: control groups version 2,
 * then version 1.
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files and
 * https://docs.kernel.org/admin-guide/cgroup-v1/memory.html
 */
const PEAK_FILES = ['/sys/fs/cgroup/memory.peak', '/sys/fs/cgroup/memory/memory.max_usage_in_bytes'];

const BYTES_PER_MIB = 1_024 * 1_024;

/** `undefined` where one of the two is not known: a peak without a size says nothing. */
export function taskMemory(
  peak: number | undefined,
  size: number | undefined,
): { readonly peakMemoryMiB: number; readonly memorySizeMiB: number } | undefined {
  return peak === undefined || size === undefined ? undefined : { peakMemoryMiB: peak, memorySizeMiB: size };
}

/** The most memory that this container used, in MiB with one decimal; `undefined` where the kernel does not say. */
export function peakMemoryMiB(read: ReadText): number | undefined {
  for (const file of PEAK_FILES) {
    const bytes = Number(read(file)?.trim() ?? Number.NaN);
    if (Number.isFinite(bytes)) {
      return Math.round((bytes / BYTES_PER_MIB) * 10) / 10;
    }
  }
  return undefined;
}
