import { type Environment, optionalText, requiredText } from '../shared/settings';

export interface WatcherSettings {
  readonly ledgerTable: string;
  readonly launchQueueUrl: string;
  readonly region: string;
  /** Whether S3 is not AWS's own, and has no name for each bucket. */
  readonly hasOwnS3: boolean;
}

/** @throws {SettingError} for the first setting that is missing */
export function readSettings(environment: Environment): WatcherSettings {
  return {
    ledgerTable: requiredText(environment, 'OVERTIME_LEDGER_TABLE'),
    launchQueueUrl: requiredText(environment, 'OVERTIME_LAUNCH_QUEUE_URL'),
    region: requiredText(environment, 'AWS_REGION'),
    hasOwnS3: ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'].some((name) => optionalText(environment, name) !== undefined),
  };
}
