// What Node.js is started with, in the images, in tasks on AWS's base images and in the measurements of bench/. The
// Dockerfiles say the same in their entry points.

/**
 * Of the runner. V8 would let short-lived objects take 48 MB before it looks for garbage: more than the
 * runner has in all, and none of it is left for the function. And it would have four threads to compile and to collect
 * garbage, each with memory of its own: while a package of 250 MB is unpacked they are in the way of those that unpack, and
 * take 4 MB (bench/suites/runner-start.ts).
 */
export const RUNNER_NODE_OPTIONS = ['--max-semi-space-size=1', '--v8-pool-size=1'] as const;

/**
 * Of the worker of a queue on AWS's base images: it makes an object of each message, and with 1 MB for them it took 8 to
 * 24 % more time (bench/suites/queue.ts). An image has one way to start, for runs too.
 */
export const QUEUE_WORKER_NODE_OPTIONS = ['--max-semi-space-size=4'] as const;

/**
 * Of the scheduler, whose short-lived objects are most of them pages of the table that were read: with Node.js's own 16 MB
 * of them 100,000 schedules take 161 MB, with these 137 (bench/suites/scheduler.ts).
 */
export const SCHEDULER_NODE_OPTIONS = ['--max-semi-space-size=4'] as const;
