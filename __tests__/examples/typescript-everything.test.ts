// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ALARM_TOPIC_ARN, alarmTopic } from '../../examples/typescript-everything/alarm-topic';
import { deployment } from '../../examples/typescript-everything/deployment';
import { workflow } from '../../examples/typescript-everything/workflow';
import { buildModules } from '../../stacks/app';
import { DeploymentStack } from '../../stacks/deployment-stack';
import { viewBuilt } from '../support/stack-view';

const FOLDER = path.join(__dirname, '../../examples/terraform-everything');

/** The files of examples/terraform-everything, one after the other. */
const HCL = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.tf'))
  .map((name) => readFileSync(path.join(FOLDER, name), 'utf8'))
  .join('\n');

const stacks = viewBuilt((options) => {
  const { app, built } = buildModules(deployment, options);
  if (built.activities === undefined) {
    throw new Error('The example asks for no activities.');
  }
  alarmTopic(new DeploymentStack(app, 'alarms', deployment));
  workflow(new DeploymentStack(app, 'workflow', deployment), {
    name: deployment.name,
    activities: built.activities,
  });
  return app;
});

/** A call of a module in HCL. */
const call = (name: string) => new RegExp(`^module "${name}" \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(HCL)?.[1] ?? '';

/** `name = value` of a call, whatever space there is. */
const said = (module: string, name: string) => new RegExp(`^ {2}${name} += (.+)$`, 'm').exec(call(module))?.[1];

test('the example has a stack for each way to start a run, one for the topic and one for the state machine', () => {
  expect(Object.keys(stacks)).toEqual([
    'cluster',
    'runner',
    'starter',
    'scheduler',
    'activities',
    'queue-worker-files',
    'database-trigger',
    'alarms',
    'workflow',
  ]);
});

test('all alarms of every module go to one topic, which the example makes', () => {
  const actions = Object.values(stacks).flatMap(({ all }) =>
    Object.values(all('aws_cloudwatch_metric_alarm')).map((alarm) => alarm['alarm_actions']),
  );

  expect(actions.length).toBeGreaterThan(20);
  expect(new Set(actions.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify([ALARM_TOPIC_ARN])]));
  expect(stacks['alarms']?.only('aws_sns_topic')['name']).toBe(ALARM_TOPIC_ARN.split(':')[5]);
});

test('in HCL every module that has alarms is given the topic too', () => {
  const calls = [...HCL.matchAll(/^module "(\w+)"/gm)].map(([, name = '']) => name);

  expect(calls.sort()).toEqual([
    'activities',
    'eventbridge_schedules',
    'objects',
    'overtime',
    'purchases',
    'schedules',
  ]);
  expect(calls.map((name) => said(name, 'alarm_actions'))).toEqual(calls.map(() => '[aws_sns_topic.alarms.arn]'));
});

test('its queue worker, its activity and its rows are those of examples/terraform-everything', () => {
  const worker = stacks['queue-worker-files']?.document.locals?.['settings'];
  const activities = stacks['activities']?.document.locals?.['activities'];
  const router = stacks['database-trigger']?.only('aws_lambda_function')['environment'];

  expect(worker).toMatchObject({
    bucket: JSON.parse(said('objects', 'bucket') ?? 'null'),
    prefixes: JSON.parse(said('objects', 'prefixes') ?? 'null'),
    runtime: JSON.parse(said('objects', 'runtime') ?? 'null'),
    timeout_seconds: 14_400,
  });
  expect(said('objects', 'timeout_seconds')).toBe('4 * 60 * 60');
  expect(activities).toMatchObject({ Report: { function_name: 'report', runtime: 'nodejs22.x', memory_mib: 4096 } });
  expect(call('activities')).toMatch(/Report = \{[^}]*memory_mib += 4096/);
  expect(router).toMatchObject({ variables: { OVERTIME_COALESCE_SECONDS: said('purchases', 'coalesce_seconds') } });
});

test('its schedule is that of examples/terraform-everything', () => {
  const rows = JSON.stringify(stacks['scheduler']?.document);

  for (const text of ['30 3 * * MON-FRI', 'Europe/Berlin', '<aws.scheduler.scheduled-time>']) {
    expect([text, rows.includes(text), call('schedules').includes(text)]).toEqual([text, true, true]);
  }
});

test('the state machine has the one state, with the time limits of the workers', () => {
  expect(stacks['workflow']?.json('aws_sfn_state_machine.state_machine', 'definition')).toEqual({
    StartAt: 'Report',
    States: {
      Report:
        '${jsondecode(data.terraform_remote_state.cross-stack-reference-input-activities.outputs.cross-stack-output-localstate_definitions.Report)}',
    },
  });
});
