import { type Environment, requiredText } from '../shared/settings';

export interface WatcherSettings {
  readonly ledgerTable: string;
  readonly launchQueueUrl: string;
}

/** @throws {SettingError} for the first setting that is missing */
export function readSettings(environment: Environment): WatcherSettings {
  return {
    ledgerTable: requiredText(environment, 'OVERTIME_LEDGER_TABLE'),
    launchQueueUrl: requiredText(environment, 'OVERTIME_LAUNCH_QUEUE_URL'),
  };
}
