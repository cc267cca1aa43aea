/** The metrics that the programs write, as handlers/shared/metrics.ts names them. */
export const METRIC_NAMESPACE = 'Overtime';

/** Names the ledger table: two deployments of one account have two. The library's name for whose metrics they are. */
export const LEDGER_DIMENSION = 'service';
export const STATUS_DIMENSION = 'Status';

/** Runs that ended, by {@link STATUS_DIMENSION}. */
export const RUNS = 'Runs';
/** Seconds from the request until the runner began. */
export const START_LATENCY = 'StartLatency';
/** Seconds in the handler. */
export const DURATION = 'Duration';
/** The most memory that the task used, and what it had, in MiB. */
export const PEAK_MEMORY = 'PeakMemoryMiB';
export const MEMORY_SIZE = 'MemorySizeMiB';

export const STATUSES = ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'INTERRUPTED', 'CANCELLED', 'LOST'] as const;

/** Those on whose account somebody is called; LOST has an alarm of its own, and CANCELLED was wanted. */
export const ENDED_BADLY = ['FAILED', 'TIMED_OUT', 'INTERRUPTED'] as const;
