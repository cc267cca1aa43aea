import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { SchedulerScheduleGroup } from '@cdktf/provider-aws/lib/scheduler-schedule-group';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { TerraformIterator, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { CheckException } from './check-exception';
import { eventBridgeCron, eventBridgeRate } from './eventbridge-expression';
import { atOf, cronLocals, rateOf } from './eventbridge-hcl';
import { sendToQueue } from './permissions';
import { deadLetterQueue } from './queues';
import { role, rolePolicy } from './role';
import { invokeStarter, trustEventBridgeScheduler } from './schedule-permissions';
import type { ScheduleDeclaration, Schedules } from './schedules';
import { expression } from './terraform-text';

export interface EventBridgeSchedulesProps {
  readonly name: string;
  readonly account: string;
  readonly starterFunctionArn: string;
  readonly schedules: Schedules;
}

export interface EventBridgeSchedules {
  readonly group: SchedulerScheduleGroup;
  readonly deadLetters: SqsQueue;
}

/** An hour, as the service has it. */
const DEFAULT_EVENT_AGE_SECONDS = 3600;

/** As many as there are: the age ends them. */
const RETRIES = 185;

/** What runs of the schedule `id`: a request, or the task definition of a row. */
const REQUEST = [
  'try(jsondecode(row.request), {})',
  '{ for name, value in { taskDefinition = try(row.definition_arn, null), cluster = try(row.ecs_cluster_arn, null) } : name => value if value != null }',
  // The same form as the service's: whichever engine fires a slot, the starter makes the same run of it.
  '{ idempotencyKey = format("schedule:%s:<aws.scheduler.scheduled-time>", id) }',
].join(', ');

/** jsonencode writes < and > as escapes, in which EventBridge would not find its context attributes. */
const INPUT = `replace(replace(jsonencode(merge(${REQUEST})), "\\\\u003c", "<"), "\\\\u003e", ">")`;

const WHEN = `try(row.cron_time, null) != null ? local.cron_expressions[id] : try(row.rate, null) != null ? ${rateOf('row.rate')} : ${atOf('row.at')}`;

const JITTER_MINUTES = 'ceil(coalesce(try(row.jitter_seconds, null), 0) / 60)';

/** What checkov asks of a schedule besides. */
export const SCHEDULE_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'CKV_AWS_297',
    asks: 'a KMS key for the schedule',
    at: /^scheduler-eventbridge: aws_scheduler_schedule\.schedule$/,
    why: 'EventBridge Scheduler encrypts with a key of its own, and a request holds no secret.',
  },
];

/**
 * The declared schedules as EventBridge Scheduler's own, in a group, which fire by invoking the starter as the service
 * does. There is no table, as EventBridge itself keeps the schedules, and no registrar: it would be another's to write.
 */
export function eventBridgeSchedules(scope: Construct, props: EventBridgeSchedulesProps): EventBridgeSchedules {
  const { name, account, starterFunctionArn } = props;
  const group = new SchedulerScheduleGroup(scope, 'group', { name });
  const deadLetters = deadLetterQueue(scope, 'dead_letters', `${name}-schedules-dead-letters`);
  const owner = role(scope, 'role', {
    namePrefix: `${name}-schedules-`,
    description: 'Lets EventBridge Scheduler invoke the starter of Overtime, and nothing else.',
    trust: trustEventBridgeScheduler(group.arn, account),
  });
  const policy = rolePolicy(owner, scope, 'policy', [invokeStarter(starterFunctionArn), sendToQueue(deadLetters.arn)]);
  expressions(scope, props.schedules);
  const rows = new TerraformLocal(
    scope,
    'eventbridge_schedules',
    expression(
      `{ for id, row in local.declared_schedules : id => { expression = local.expressions[id], time_zone = try(row.cron_time, null) == null ? "UTC" : coalesce(try(row.time_zone, null), "UTC"), start = try(row.start_at, null), end = try(row.end_at, null), state = coalesce(try(row.enabled, null), true) ? "ENABLED" : "DISABLED", window_mode = ${JITTER_MINUTES} == 0 ? "OFF" : "FLEXIBLE", window_minutes = ${JITTER_MINUTES} == 0 ? null : ${JITTER_MINUTES}, event_age_seconds = coalesce(try(row.starting_deadline_seconds, null), ${DEFAULT_EVENT_AGE_SECONDS}), description = coalesce(try(row.name, null), id), input = ${INPUT} } }`,
    ),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  new SchedulerSchedule(scope, 'schedule', {
    forEach: each,
    name: each.key,
    description: each.getString('description'),
    groupName: group.name,
    scheduleExpression: each.getString('expression'),
    scheduleExpressionTimezone: each.getString('time_zone'),
    startDate: each.getString('start'),
    endDate: each.getString('end'),
    state: each.getString('state'),
    flexibleTimeWindow: {
      mode: each.getString('window_mode'),
      maximumWindowInMinutes: each.getNumber('window_minutes'),
    },
    target: {
      arn: starterFunctionArn,
      roleArn: owner.arn,
      input: each.getString('input'),
      retryPolicy: {
        maximumEventAgeInSeconds: each.getNumber('event_age_seconds'),
        maximumRetryAttempts: RETRIES,
      },
      deadLetterConfig: { arn: deadLetters.arn },
    },
    // A slot may be due at once: the role has its rights first.
    dependsOn: [policy],
  });
  return { group, deadLetters };
}

/** EventBridge's expression of each schedule: known here, or worked out by Terraform where a variable has them. */
function expressions(scope: Construct, schedules: Schedules): void {
  if (Token.isUnresolved(schedules) || Object.values(schedules).some(isOfTerraform)) {
    for (const [local, hcl] of Object.entries(cronLocals())) {
      new TerraformLocal(scope, local, expression(hcl));
    }
    new TerraformLocal(scope, 'expressions', expression(`{ for id, row in local.declared_schedules : id => ${WHEN} }`));
    return;
  }
  const known = Object.entries(schedules).map(([id, one]) => [id, expressionOf(one)]);
  new TerraformLocal(scope, 'expressions', Object.fromEntries(known));
}

function isOfTerraform({ cronTime, rate, at }: ScheduleDeclaration): boolean {
  return [cronTime, rate, at].some((value) => Token.isUnresolved(value));
}

/** Those that EventBridge does not have were refused before: eventbridge-problems.ts. */
function expressionOf({ cronTime, rate = '', at }: ScheduleDeclaration): string {
  if (at !== undefined) {
    return `at(${at.replace(/Z$/, '')})`;
  }
  const found = cronTime === undefined ? eventBridgeRate(rate) : eventBridgeCron(cronTime);
  return found.kind === 'expression' ? found.expression : found.reason;
}
