import path from 'node:path';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { type LambdaProgram, lambdaProgram } from './lambda-program';
import { closeRuns, describeTasks, findOpenRuns, readPayloads, sendLaunches, stopTasks } from './permissions';
import type { Place } from './place';
import type { Statement } from './policy-document';
import { invokeByRule } from './rule-target';

const ENTRY = path.resolve(__dirname, '../../handlers/watcher/handler.ts');

const MEMORY_MIB = 256;

/** A sweep that has more to do than it has time for goes on a minute later. */
const TIMEOUT_SECONDS = 60;

export interface WatcherProps {
  readonly name: string;
  readonly place: Place;
  readonly architecture: string;
  readonly logRetentionDays: number;
  readonly ledgerTableName: string;
  readonly ledgerTableArn: string;
  readonly payloadBucketArn: string;
  readonly launchQueueUrl: string;
  readonly launchQueueArn: string;
  /** To deliver outcomes that their runner could not deliver. */
  readonly deliveries: readonly Statement[];
}

/** The Lambda function that hears of every stopped task and closes the runs that nobody else closed; and its sweep. */
export function watcher(scope: Construct, props: WatcherProps): LambdaProgram {
  const { name, place } = props;
  const program = lambdaProgram(scope, {
    ids: {
      function: 'watcher_function',
      logs: 'watcher_logs',
      role: 'watcher_role',
      policy: 'watcher_policy',
      deadLetters: 'watcher_dead_letters',
    },
    program: 'watcher',
    entry: ENTRY,
    functionName: `${name}-watcher`,
    description: 'Closes the runs of Overtime whose task stopped without a word.',
    rolePrefix: `${name}-watcher-`,
    roleDescription: 'The role of the watcher of Overtime.',
    architecture: props.architecture,
    memoryMiB: MEMORY_MIB,
    timeoutSeconds: TIMEOUT_SECONDS,
    logRetentionDays: props.logRetentionDays,
    environment: {
      OVERTIME_LAUNCH_QUEUE_URL: props.launchQueueUrl,
      OVERTIME_LEDGER_TABLE: props.ledgerTableName,
    },
    statements: [
      closeRuns(props.ledgerTableArn),
      findOpenRuns(props.ledgerTableArn),
      describeTasks(place),
      stopTasks(place),
      sendLaunches(props.launchQueueArn),
      readPayloads(props.payloadBucketArn),
      ...props.deliveries,
    ],
  });
  const stopped = new CloudwatchEventRule(scope, 'stopped_tasks', {
    name: `${name}-stopped-tasks`,
    description: 'Tasks of Overtime that have stopped.',
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
    eventPattern: Fn.jsonencode({
      source: ['aws.ecs'],
      'detail-type': ['ECS Task State Change'],
      detail: { lastStatus: ['STOPPED'], startedBy: [{ prefix: 'run-' }] },
    }),
  });
  invokeByRule(scope, 'stopped_tasks', { rule: stopped, target: program.function });
  const sweep = new CloudwatchEventRule(scope, 'sweep', {
    name: `${name}-sweep`,
    description: 'Looks for runs of Overtime of whose end no event told.',
    scheduleExpression: 'rate(1 minute)',
  });
  invokeByRule(scope, 'sweep', { rule: sweep, target: program.function, input: Fn.jsonencode({ action: 'sweep' }) });
  return program;
}
