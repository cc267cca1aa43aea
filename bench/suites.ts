import type { Suite } from './suite';
import { ACTIVITIES } from './suites/activities';
import { PACING, PACING_ACCOUNTS } from './suites/pacing';
import { QUEUE } from './suites/queue';
import { RUNNER_ROUNDTRIP } from './suites/runner-roundtrip';
import { RUNNER_START } from './suites/runner-start';
import { SCHEDULER, SCHEDULER_DUE } from './suites/scheduler';
import { STARTER } from './suites/starter';
import { SYNTH } from './suites/synth';

/** In the order in which they run, and stand in bench/results. */
export const SUITES: readonly Suite[] = [
  RUNNER_START,
  RUNNER_ROUNDTRIP,
  STARTER,
  ACTIVITIES,
  QUEUE,
  SCHEDULER,
  SCHEDULER_DUE,
  PACING,
  PACING_ACCOUNTS,
  SYNTH,
];
