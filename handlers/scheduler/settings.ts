import { type Environment, requiredText, wholeNumber } from '../shared/settings';

export interface SchedulerSettings {
  /** Where schedules are put, by whomever. */
  readonly schedulesTable: string;
  /** Where changes are told, and slots are claimed. */
  readonly statesTable: string;
  /** Name or ARN of the starter's function. */
  readonly starterFunction: string;
  readonly ledgerTable: string;
  readonly healthPort: number;
  /** How long ECS waits between SIGTERM and SIGKILL. */
  readonly stopTimeoutSeconds: number;
  readonly region: string;
}

const PORTS = { minimum: 1, maximum: 65_535, fallback: 8_080 } as const;

/**
 * ECS's own default; the most that a task definition takes on EC2 is not documented, and Fargate's is 120 s.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_timeout
 */
const STOP_TIMEOUT_SECONDS = { minimum: 1, maximum: 3_600, fallback: 30 } as const;

/** @throws {SettingError} for the first setting that is missing or wrong */
export function readSettings(environment: Environment): SchedulerSettings {
  return {
    schedulesTable: requiredText(environment, 'OVERTIME_SCHEDULES_TABLE'),
    statesTable: requiredText(environment, 'OVERTIME_SCHEDULE_STATES_TABLE'),
    starterFunction: requiredText(environment, 'OVERTIME_STARTER_FUNCTION'),
    ledgerTable: requiredText(environment, 'OVERTIME_LEDGER_TABLE'),
    healthPort: wholeNumber(environment, 'OVERTIME_HEALTH_PORT', PORTS),
    stopTimeoutSeconds: wholeNumber(environment, 'OVERTIME_STOP_TIMEOUT_SECONDS', STOP_TIMEOUT_SECONDS),
    region: requiredText(environment, 'AWS_REGION'),
  };
}
