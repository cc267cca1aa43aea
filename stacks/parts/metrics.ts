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

/** Names the table of schedules in the scheduler's metrics: handlers/scheduler/metrics.ts. By the library's name too. */
export const TABLE_DIMENSION = 'service';

/** Slots that nobody fired within their starting deadline. */
export const SLOTS_MISSED = 'SlotsMissed';
/** Slots whose run could not be started, after every retry. */
export const SLOTS_FAILED = 'SlotsFailed';
/** Slots whose request the starter refuses, whenever it is asked. */
export const SLOTS_REFUSED = 'SlotsRefused';
export const SLOT_COUNTS = [
  'SlotsFired',
  'SlotsSkipped',
  'SlotsBuffered',
  SLOTS_MISSED,
  SLOTS_FAILED,
  SLOTS_REFUSED,
] as const;
/** Milliseconds from a slot, with its jitter, until the starter was asked, each time that it was. */
export const SLOT_LATENESS = 'SlotLateness';
/** How many schedules a scheduler has; each says so once a minute. */
export const SCHEDULES = 'Schedules';
/** Rows that no schedule can be made of. */
export const SCHEDULES_SET_ASIDE = 'SchedulesSetAside';

/** Names the queue in the dispatcher's metrics: handlers/dispatcher/metrics.ts. By the library's name too. */
export const QUEUE_DIMENSION = 'service';

export const OBJECTS_DISPATCHED = 'ObjectsDispatched';
export const OBJECTS_SKIPPED = 'ObjectsSkipped';
/** Objects of which no message could be made, each time that it was tried. */
export const MESSAGES_FAILED = 'MessagesFailed';
export const WORKERS_STARTED = 'WorkersStarted';
export const WORKERS_RUNNING = 'WorkersRunning';
/** Workers that are wanted and could not be started, and those that were started and never ran. */
export const WORKERS_MISSING = 'WorkersMissing';
