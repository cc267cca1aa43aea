import { defineDeployment } from '../../stacks/define-deployment';
import { ALARM_TOPIC_ARN } from './alarm-topic';

const FUNCTION = { functionName: 'report', runtime: 'nodejs22.x', architecture: 'x86_64' } as const;

/** What examples/terraform-everything has, said in TypeScript. Schedules have one engine here: Overtime's own service. */
export const deployment = defineDeployment({
  name: 'overtime',
  region: 'us-east-1',
  backend: { kind: 'local' },
  network: 'default-vpc',
  modules: {
    cluster: {},
    runner: { alarmActions: [ALARM_TOPIC_ARN] },
    starter: { alarmActions: [ALARM_TOPIC_ARN] },
    scheduler: {
      alarmActions: [ALARM_TOPIC_ARN],
      schedules: {
        'nightly-report': {
          cronTime: '30 3 * * MON-FRI',
          timeZone: 'Europe/Berlin',
          overlap: 'skip',
          catchUp: 'latest',
          startingDeadlineSeconds: 7200,
          request: {
            arn: FUNCTION.functionName,
            memoryMiB: 4096,
            input: { day: '<aws.scheduler.scheduled-time>' },
          },
        },
      },
    },
    'queue-worker': {
      files: {
        ...FUNCTION,
        alarmActions: [ALARM_TOPIC_ARN],
        bucket: 'new',
        bucketForceDestroy: true,
        prefixes: ['in/'],
        timeoutSeconds: 4 * 60 * 60,
        messagesPerWorker: 1,
        maxWorkers: 4,
      },
    },
    activities: {
      alarmActions: [ALARM_TOPIC_ARN],
      activities: { Report: { ...FUNCTION, memoryMiB: 4096 } },
    },
    'database-trigger': {
      alarmActions: [ALARM_TOPIC_ARN],
      engine: 'aurora-mysql3',
      databaseIdentifier: 'shop',
      triggers: {
        purchases: { schema: 'shop', table: 'purchases', columns: ['id', 'customer_id', 'kind'] },
      },
      rules: [
        {
          pattern: JSON.stringify({ table: ['purchases'], new: { kind: ['BUY'] } }),
          request: JSON.stringify({ arn: FUNCTION.functionName }),
        },
      ],
      noMatch: 'ignore',
      coalesceSeconds: 5,
      coalesceKey: '$.new.customer_id',
    },
  },
});
