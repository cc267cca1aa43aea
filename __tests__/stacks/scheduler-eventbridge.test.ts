// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { ref } from 'cdktf';
import { writeOutputs } from '../../stacks/parts/outputs';
import type { Schedules } from '../../stacks/parts/schedules';
import { Scheduler } from '../../stacks/scheduler';
import { viewModule } from '../support/stack-view';

const STARTER_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:overtime-starter';

function view(schedules: Schedules = {}) {
  return viewModule((stack) => {
    const built = new Scheduler(stack, 'Default', {
      engine: 'eventbridge',
      name: 'overtime',
      starterFunctionArn: STARTER_ARN,
      schedules,
    });
    writeOutputs(stack, built.outputs);
  });
}

const eventbridge = view();

test('with EventBridge there are these resources: nothing that runs, and no table', () => {
  expect(eventbridge.addresses).toEqual([
    'aws_cloudwatch_metric_alarm.dead_letters_alarm',
    'aws_cloudwatch_metric_alarm.dropped_alarm',
    'aws_iam_role.role',
    'aws_iam_role_policy.policy',
    'aws_scheduler_schedule.schedule',
    'aws_scheduler_schedule_group.group',
    'aws_sqs_queue.dead_letters',
    'aws_sqs_queue_policy.dead_letters_policy',
  ]);
});

test('the schedules are these', () => {
  expect(eventbridge.only('aws_scheduler_schedule')).toEqual({
    for_each: '${local.eventbridge_schedules}',
    name: '${each.key}',
    description: '${each.value.description}',
    group_name: '${aws_scheduler_schedule_group.group.name}',
    schedule_expression: '${each.value.expression}',
    schedule_expression_timezone: '${each.value.time_zone}',
    start_date: '${each.value.start}',
    end_date: '${each.value.end}',
    state: '${each.value.state}',
    flexible_time_window: {
      mode: '${each.value.window_mode}',
      maximum_window_in_minutes: '${each.value.window_minutes}',
    },
    target: {
      arn: STARTER_ARN,
      role_arn: '${aws_iam_role.role.arn}',
      input: '${each.value.input}',
      retry_policy: {
        maximum_event_age_in_seconds: '${each.value.event_age_seconds}',
        maximum_retry_attempts: 185,
      },
      dead_letter_config: { arn: '${aws_sqs_queue.dead_letters.arn}' },
    },
    depends_on: ['aws_iam_role_policy.policy'],
  });
});

test('the role is for the schedules of the group, and may invoke the starter', () => {
  expect(eventbridge.json('aws_iam_role.role', 'assume_role_policy')).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TrustEventBridgeScheduler',
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Action: ['sts:AssumeRole'],
        Condition: {
          StringEquals: {
            'aws:SourceArn': '${aws_scheduler_schedule_group.group.arn}',
            'aws:SourceAccount': '${data.aws_caller_identity.account.account_id}',
          },
        },
      },
    ],
  });
  expect(eventbridge.json('aws_iam_role_policy.policy', 'policy')).toEqual({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'InvokeStarter', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: STARTER_ARN },
      {
        Sid: 'SendToDeadLetterQueue',
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: '${aws_sqs_queue.dead_letters.arn}',
      },
    ],
  });
});

test('expressions that are known stand in the stack as EventBridge reads them', () => {
  const { document } = view({
    nightly: { cronTime: '30 3 * * 1-5', definitionArn: 'jobs' },
    often: { rate: '5 minutes', definitionArn: 'jobs' },
    once: { at: '2026-12-24T18:00:00Z', definitionArn: 'jobs' },
  });

  expect(document.locals?.['expressions']).toEqual({
    nightly: 'cron(30 3 ? * MON,TUE,WED,THU,FRI *)',
    often: 'rate(5 minutes)',
    once: 'at(2026-12-24T18:00:00)',
  });
});

test('one that Terraform alone knows is worked out by Terraform', () => {
  const { document } = view({ nightly: { cronTime: ref('var.when').toString(), definitionArn: 'jobs' } });

  expect(document.locals?.['expressions']).toMatch(/^\$\{\{ for id, row in local\.declared_schedules : id => /);
});
