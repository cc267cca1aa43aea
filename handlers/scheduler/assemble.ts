import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { systemClock } from '../shared/clock';
import type { Log } from '../shared/log';
import { serverClock } from '../starter/aws/server-clock';
import { ledgerRuns } from './aws/runs';
import { dynamoSchedules } from './aws/schedules';
import { lambdaStarter } from './aws/starter';
import { dynamoStates } from './aws/states';
import { FleetView } from './fleet-view';
import { schedulerMetrics } from './metrics';
import { PACE } from './pace';
import { Scheduler } from './scheduler';
import type { SchedulerSettings } from './settings';
import { Tally } from './tally';
import { systemTimer } from './timer';

/** What the process itself gives to the scheduler. */
export interface Surroundings {
  readonly schedulerId: string;
  readonly log: Log;
  readonly stop: AbortSignal;
  /** Writes one line of metrics. */
  readonly print: (line: string) => void;
}

/** Connections to each service: starts and claims go on at once, 64 of each at most. */
const SOCKETS = 128;

/**
 * Longer than the starter's own timeout of a minute at most: a start that is given up here goes on there, and is asked for
 * again under the same key.
 */
const REQUEST_MILLISECONDS = 70_000;
const CONNECTION_MILLISECONDS = 5_000;

/** A table answers in milliseconds, or not at all. */
const TABLE_REQUEST_MILLISECONDS = 10_000;

const requestHandler = (requestTimeout: number) => ({
  connectionTimeout: CONNECTION_MILLISECONDS,
  requestTimeout,
  throwOnRequestTimeout: true,
  httpsAgent: { maxSockets: SOCKETS },
  httpAgent: { maxSockets: SOCKETS },
});

/** Builds the scheduler from its parts, with AWS behind them. */
export function assemble(settings: SchedulerSettings, { schedulerId, log, stop, print }: Surroundings): Scheduler {
  const { region, schedulesTable, statesTable, ledgerTable, starterFunction } = settings;
  const dynamo = new DynamoDBClient({ region, requestHandler: requestHandler(TABLE_REQUEST_MILLISECONDS) });
  // The scheduler's own tries have a deadline and a longer breath; those of the client would only hold a permit.
  const lambda = new LambdaClient({ region, maxAttempts: 1, requestHandler: requestHandler(REQUEST_MILLISECONDS) });
  const tableTime = serverClock(dynamo, systemClock);
  /** A clock that is set wrong fires nothing too soon: it is held within what the table's clock may show. */
  const now = () => {
    const { earliest, latest } = tableTime();
    return Math.min(Math.max(Date.now(), earliest), latest);
  };
  return new Scheduler({
    ports: {
      schedules: dynamoSchedules(dynamo, schedulesTable),
      states: dynamoStates(dynamo, statesTable),
      starter: lambdaStarter(lambda, starterFunction, ledgerTable),
      isRunAlive: ledgerRuns(dynamo, ledgerTable),
    },
    pace: PACE,
    scheduler: schedulerId,
    now,
    steady: () => performance.now(),
    pause: async (milliseconds) => {
      await sleep(milliseconds, undefined, { signal: stop }).catch(() => undefined);
    },
    random: Math.random,
    log,
    fleet: new FleetView(schedulerId, PACE.deadAfter),
    tally: new Tally(),
    stop,
    timer: systemTimer(now),
    report: (tallied, gauges) => print(schedulerMetrics(tallied, gauges, schedulesTable, systemClock())),
  });
}
