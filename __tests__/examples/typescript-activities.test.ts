// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { deployment } from '../../examples/typescript-activities/deployment';
import { workflow } from '../../examples/typescript-activities/workflow';
import { buildModules } from '../../stacks/app';
import { DeploymentStack } from '../../stacks/deployment-stack';
import { viewBuilt } from '../support/stack-view';

const STATE =
  'jsondecode(data.terraform_remote_state.cross-stack-reference-input-activities.outputs.cross-stack-output-localstate_definitions.QueueGranules)';

const stacks = viewBuilt((options) => {
  const { app, built } = buildModules(deployment, options);
  if (built.activities === undefined) {
    throw new Error('The example asks for no activities.');
  }
  const { activities } = built;
  const stack = new DeploymentStack(app, 'workflow', deployment);
  workflow(stack, { name: deployment.name, functionName: 'queue-granules', activities });
  return app;
});

test('the example has the modules that its activities need, and a stack of its own', () => {
  expect(Object.keys(stacks)).toEqual(['cluster', 'runner', 'activities', 'workflow']);
});

test('its state machine runs the function in Lambda first and as an activity then, with the same input', () => {
  const once = { InputPath: '$.input' };
  const caught = (ResultPath: string, Next: string) => ({
    ResultPath,
    Catch: [{ ErrorEquals: ['NoGranules'], ResultPath, Next }],
  });
  const activity = `{"InputPath" = "$.input", "ResultPath" = "$.activity", "Catch" = [{"ErrorEquals" = ["NoGranules"], "ResultPath" = "$.activity", "Next" = "Done"}]}`;

  expect(stacks['workflow']?.json('aws_sfn_state_machine.state_machine', 'definition')).toEqual({
    StartAt: 'InLambda',
    States: {
      InLambda: {
        Type: 'Task',
        Resource: '${data.aws_lambda_function.queue_granules.arn}',
        ...once,
        ...caught('$.lambda', 'AsActivity'),
        Next: 'AsActivity',
      },
      AsActivity: `\${merge(${STATE}, ${activity})}`,
      Done: { Type: 'Succeed' },
    },
  });
});

test('the state comes from the activities, with the time limits of the workers', () => {
  const outputs = stacks['activities']?.outputs ?? {};

  expect(outputs['cross-stack-output-localstate_definitions']?.['value']).toBe('${local.state_definitions}');
  expect(stacks['activities']?.document.locals?.['activities']).toMatchObject({
    QueueGranules: { count: 2, heartbeat_seconds: 10, memory_mib: 4096 },
  });
});
