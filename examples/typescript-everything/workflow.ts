import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Fn, TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import type { Activities } from '../../stacks/activities';
import { policyDocument } from '../../stacks/parts/policy-document';

export interface WorkflowProps {
  readonly name: string;
  readonly activities: Activities;
}

/** A state machine whose one state takes as long as the function does. It needs no permission: the workers come to it. */
export function workflow(scope: Construct, { name, activities }: WorkflowProps): void {
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
  const machine = new SfnStateMachine(scope, 'state_machine', {
    name: `${name}-report`,
    roleArn: role.arn,
    definition: Fn.jsonencode({
      StartAt: 'Report',
      States: { Report: Fn.jsondecode(Fn.lookup(activities.stateDefinitions, 'Report')) },
    }),
  });
  new TerraformOutput(scope, 'state_machine_arn', {
    value: machine.arn,
    description: 'Start an execution with what the function takes.',
    staticId: true,
  });
}
