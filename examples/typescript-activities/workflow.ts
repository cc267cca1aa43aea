import { DataAwsLambdaFunction } from '@cdktf/provider-aws/lib/data-aws-lambda-function';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Fn, TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import type { Activities } from '../../stacks/activities';
import { policyDocument } from '../../stacks/parts/policy-document';

export interface WorkflowProps {
  readonly name: string;
  readonly functionName: string;
  readonly activities: Activities;
}

/** One function twice with the same input: as Lambda runs it, and as a task without Lambda's limits. */
export function workflow(scope: Construct, { name, functionName, activities }: WorkflowProps): void {
  const { arn } = new DataAwsLambdaFunction(scope, 'queue_granules', { functionName });
  const role = new IamRole(scope, 'state_machine_role', {
    namePrefix: `${name}-states-`,
    assumeRolePolicy: policyDocument([
      {
        Sid: 'TrustStates',
        Effect: 'Allow',
        Principal: { Service: 'states.amazonaws.com' },
        Action: ['sts:AssumeRole'],
      },
    ]),
  });
  // A state machine needs no permission for an activity: the workers come to it.
  new IamRolePolicy(scope, 'state_machine_policy', {
    name: 'invoke',
    role: role.name,
    policy: policyDocument([
      { Sid: 'InvokeFunction', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: arn },
    ]),
  });
  const machine = new SfnStateMachine(scope, 'state_machine', {
    name: `${name}-queue-granules`,
    roleArn: role.arn,
    definition: Fn.jsonencode({
      StartAt: 'InLambda',
      States: {
        InLambda: {
          Type: 'Task',
          Resource: arn,
          InputPath: '$.input',
          ResultPath: '$.lambda',
          // The error's own name, here and below.
          Catch: [{ ErrorEquals: ['NoGranules'], ResultPath: '$.lambda', Next: 'AsActivity' }],
          Next: 'AsActivity',
        },
        // It ends the machine, as the state of the module does.
        AsActivity: Fn.merge([
          Fn.jsondecode(Fn.lookup(activities.stateDefinitions, 'QueueGranules')),
          {
            InputPath: '$.input',
            ResultPath: '$.activity',
            Catch: [{ ErrorEquals: ['NoGranules'], ResultPath: '$.activity', Next: 'Done' }],
          },
        ]),
        Done: { Type: 'Succeed' },
      },
    }),
  });
  new TerraformOutput(scope, 'state_machine_arn', {
    value: machine.arn,
    description: 'Start an execution with {"input": {"granules": ["b", "a"]}}.',
    staticId: true,
  });
}
