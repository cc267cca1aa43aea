import { type Environment, requiredText } from '../shared/settings';

export interface RegistrarSettings {
  readonly schedulesTable: string;
  readonly statesTable: string;
  readonly starterFunction: string;
  readonly region: string;
}

/** @throws {SettingError} for the first setting that is missing */
export function readSettings(environment: Environment): RegistrarSettings {
  return {
    schedulesTable: requiredText(environment, 'OVERTIME_SCHEDULES_TABLE'),
    statesTable: requiredText(environment, 'OVERTIME_SCHEDULE_STATES_TABLE'),
    starterFunction: requiredText(environment, 'OVERTIME_STARTER_FUNCTION'),
    region: requiredText(environment, 'AWS_REGION'),
  };
}
