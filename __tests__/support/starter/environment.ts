import { SETTINGS } from './examples';

/** The variables that the starter's module sets, for {@link SETTINGS}. */
export const STARTER_ENVIRONMENT = {
  OVERTIME_CLUSTER: SETTINGS.cluster,
  OVERTIME_SUBNETS: SETTINGS.subnets.join(','),
  OVERTIME_SECURITY_GROUPS: SETTINGS.securityGroups.join(','),
  OVERTIME_ASSIGN_PUBLIC_IP: SETTINGS.assignPublicIp,
  OVERTIME_CONTAINER_NAME: SETTINGS.containerName,
  OVERTIME_TASK_DEFINITIONS: JSON.stringify(SETTINGS.taskDefinitions),
  OVERTIME_LEDGER_TABLE: SETTINGS.ledgerTable,
  OVERTIME_PAYLOAD_BUCKET: SETTINGS.payloadBucket ?? '',
  OVERTIME_TIMEOUT_SECONDS: String(SETTINGS.timeoutSeconds),
  OVERTIME_RUN_RETENTION_DAYS: String(SETTINGS.runRetentionDays),
  OVERTIME_LAUNCH_QUEUE_URL: SETTINGS.launchQueueUrl,
  OVERTIME_WATCHER_FUNCTION: SETTINGS.watcherFunction,
  OVERTIME_LAUNCH_BURST: String(SETTINGS.launchLimits.burst),
  OVERTIME_LAUNCHES_PER_SECOND: String(SETTINGS.launchLimits.launchesPerSecond),
  OVERTIME_DESTINATION_ARNS: JSON.stringify(SETTINGS.destinationArns),
  OVERTIME_CONTAINER_TASK_DEFINITIONS: JSON.stringify(SETTINGS.containerTaskDefinitions),
};
