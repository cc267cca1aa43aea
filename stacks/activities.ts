import type { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { SfnActivity } from '@cdktf/provider-aws/lib/sfn-activity';
import { Fn, type IResolvable, type MapTerraformIterator, TerraformIterator, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import {
  type ActivitiesProps,
  activitiesProblems,
  DEFAULT_FAILED_TASKS_THRESHOLD,
  DEFAULT_LATE_TASK_SECONDS,
} from './activities-props';
import { activityAlarms } from './parts/activity-alarms';
import { fetchFunction, readOutputs, takeActivityTasks } from './parts/activity-permissions';
import { activityRows } from './parts/activity-rows';
import { STATES } from './parts/activity-states';
import { activityTasks } from './parts/activity-tasks';
import { refuse } from './parts/checks';
import { sendTaskHeartbeats } from './parts/heartbeat-permissions';
import { RUNNER_NODE_OPTIONS } from './parts/node-options';
import type { Outputs } from './parts/outputs';
import {
  decryptFunctions,
  fetchLayers,
  keysOf,
  layersOf,
  readProgram,
  sendTaskOutcomes,
  writeOutputs,
} from './parts/permissions';
import { currentPlace, type Place } from './parts/place';
import { expression } from './parts/terraform-text';
import { functionOf, workerExecution, workerRoles } from './parts/worker-roles';
import { workerCapacity, workerServices } from './parts/worker-services';
import { placedTasks, workerFunctions } from './parts/worker-tasks';

interface Declared {
  /** Over the activities. */
  readonly each: MapTerraformIterator;
  readonly activity: SfnActivity;
  /** ARNs of the functions, by the key of the activity; null where it has none. */
  readonly functions: TerraformLocal;
}

/** Step Functions activities, and for each the workers that carry its tasks out: an ECS service of runners that poll. */
export class Activities extends Construct {
  /** ARNs by the key of the activity, as a token. */
  readonly activityArns: IResolvable;
  /** By the key of the activity, as a token: the JSON text of a state that has the activity do its work. */
  readonly stateDefinitions: IResolvable;
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: ActivitiesProps) {
    super(scope, id);
    refuse('The activities module', activitiesProblems(props));
    const { name } = props;
    const place = currentPlace(this);
    const rows = new TerraformLocal(this, 'activities', activityRows(props.activities));
    const each = TerraformIterator.fromMap(rows.asAnyMap);
    // Its id is its ARN, which has a name of its own only from the provider's version 6 on.
    // What an activity holds is encrypted with a key of AWS's own: https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    const activity = new SfnActivity(this, 'activity', { forEach: each, name: `${name}-${each.key}` });

    const functions = workerFunctions(this, 'local.activities');
    const execution = workerExecution(this, place, name, props.logGroupArn);
    const attached = this.#workerRoles(props, place, { each, activity, functions });
    activityTasks(this, {
      name,
      region: place.region,
      executionRoleArn: execution.roleArn,
      ...placedTasks(this, props, RUNNER_NODE_OPTIONS),
    });
    workerCapacity(this, props.ec2CapacityProvider, props.assignPublicIp);
    workerServices(this, {
      each,
      name: `${name}-activity-${each.key}`,
      clusterArn: props.clusterArn,
      desiredCount: each.getNumber('count'),
      subnetIds: props.subnetIds,
      securityGroupIds: props.securityGroupIds,
      dependsOn: [execution.policy, ...attached],
      // Another count would stop all workers, amid tasks that take hours.
      deployEachChange: false,
    });
    activityAlarms(this, {
      name,
      each,
      clusterArn: props.clusterArn,
      alarmActions: props.alarmActions ?? [],
      failedTasksThreshold: props.failedTasksThreshold ?? DEFAULT_FAILED_TASKS_THRESHOLD,
      lateStartSeconds: props.lateStartSeconds ?? DEFAULT_LATE_TASK_SECONDS,
    });
    this.activityArns = Token.asAny(
      new TerraformLocal(this, 'activity_arns', byKey('aws_sfn_activity.activity', 'id')).expression,
    );
    this.stateDefinitions = Token.asAny(new TerraformLocal(this, 'state_definitions', expression(STATES)).expression);
    this.outputs = this.#describe();
  }

  #workerRoles(
    props: ActivitiesProps,
    place: Place,
    { each, activity, functions }: Declared,
  ): readonly IamRolePolicyAttachment[] {
    const { name } = props;
    const keys = props.kmsKeyArns ?? [];
    return workerRoles(this, {
      place,
      name,
      each,
      rows: 'local.activities',
      whose: `the activity ${name}-${each.key}`,
      statements: [
        takeActivityTasks(Token.asString(Fn.lookupNested(activity.fqn, [each.key, 'id']))),
        sendTaskOutcomes(),
        sendTaskHeartbeats(),
        fetchFunction(functionOf(place, functions, each)),
        fetchLayers(layersOf(place, props.layerArns)),
        ...(keys.length === 0 ? [] : [decryptFunctions(keysOf(place, keys))]),
        readOutputs(props.payloadBucketArn),
        writeOutputs(props.payloadBucketArn),
        readProgram(Fn.join('/', [props.payloadBucketArn, props.programKey])),
      ],
    });
  }

  #describe(): Outputs {
    return {
      activity_arns: { value: this.activityArns, description: 'ARNs of the activities, by their keys.' },
      state_definitions: {
        value: this.stateDefinitions,
        description:
          'For each activity, by its key, the JSON text of a state of a state machine that has it do its work. It ends the machine: merge(jsondecode(…), { Next = "…" }) without End leads on.',
      },
      service_names: {
        value: byKey('aws_ecs_service.workers', 'name'),
        description: 'Names of the ECS services of workers, by the keys of the activities.',
      },
      task_definition_arns: {
        value: Token.asAny(expression('local.task_definition_arns')),
        description: 'ARNs of the task definitions of workers, by the keys of the activities.',
      },
      worker_role_arns: {
        value: byKey('aws_iam_role.worker_role', 'arn'),
        description: 'ARNs of the roles of workers that the module makes, by the keys of the activities.',
      },
      worker_policy_arns: {
        value: byKey('aws_iam_policy.worker_policy', 'arn'),
        description:
          'ARNs of the policies that a role given for the workers of an activity needs besides its own, by key.',
      },
    };
  }
}

/** An attribute of every resource of a loop, by its key. */
function byKey(resources: string, attribute: string): IResolvable {
  return Token.asAny(expression(`{ for key, one in ${resources} : key => one.${attribute} }`));
}
