import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
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
import { activityTasks, FUNCTION_ARNS } from './parts/activity-tasks';
import { refuse } from './parts/checks';
import { ECR_URI } from './parts/container-functions';
import { sendTaskHeartbeats } from './parts/heartbeat-permissions';
import type { Outputs } from './parts/outputs';
import {
  decryptFunctions,
  fetchLayers,
  keysOf,
  layersOf,
  pullImages,
  readProgram,
  sendTaskOutcomes,
  trustEcs,
  trustTasks,
  writeLog,
  writeOutputs,
} from './parts/permissions';
import { arn, currentPlace, type Place } from './parts/place';
import { policyDocument } from './parts/policy-document';
import { role, rolePolicy } from './parts/role';
import { BASE_IMAGE_PREFIX, DEFAULT_RUNNER_IMAGES } from './parts/runner-images';
import { fetchedRunner } from './parts/runner-program';
import { expression } from './parts/terraform-text';

interface Declared {
  /** Over the activities. */
  readonly each: MapTerraformIterator;
  readonly activity: SfnActivity;
  /** ARNs of the functions, by the key of the activity; null where it has none. */
  readonly functionArns: TerraformLocal;
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

    const functionArns = new TerraformLocal(this, 'function_arns', expression(FUNCTION_ARNS));

    const execution = role(this, 'execution', {
      namePrefix: `${name}-workers-`,
      description: 'Lets ECS fetch the images of Overtime workers and write their logs.',
      trust: trustEcs(),
    });
    const attached = this.#workerRoles(props, place, { each, activity, functionArns });
    const tasks = activityTasks(this, {
      name,
      region: place.region,
      executionRoleArn: execution.arn,
      logGroupName: props.logGroupName,
      payloadBucket: props.payloadBucketName,
      program: fetchedRunner(this, {
        bucket: props.payloadBucketName,
        key: props.programKey,
        sha256: props.programSha256,
      }),
      baseImagePrefix: props.baseImagePrefix ?? BASE_IMAGE_PREFIX,
      runnerImages: props.runnerImages ?? DEFAULT_RUNNER_IMAGES,
      imageRepositoryUrl: props.imageRepositoryUrl ?? '',
    });
    const started = rolePolicy(execution, this, 'execution_policy', [
      writeLog(props.logGroupArn),
      ...pullImages(this.#repositoryArns(place)),
    ]);
    this.#services(props, each, tasks.taskDefinitionArn, [started, ...attached]);
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

  /** A role for each, also where another is given: Terraform could not tell from an ARN that is still to come. */
  #workerRoles(
    props: ActivitiesProps,
    place: Place,
    { each, activity, functionArns }: Declared,
  ): readonly IamRolePolicyAttachment[] {
    const { name } = props;
    const worker = new IamRole(this, 'worker_role', {
      forEach: each,
      namePrefix: `${name}-worker-`,
      description: `The role of the workers of the activity ${name}-${each.key}.`,
      assumeRolePolicy: policyDocument([trustTasks(place)]),
    });
    const keys = props.kmsKeyArns ?? [];
    // No function has a name with a dot: IAM takes no statement without a resource.
    const noFunction = arn(place, 'lambda', 'function:no.function');
    const functionArn = Fn.coalesce([Fn.lookupNested(functionArns.fqn, [each.key]), noFunction]);
    const policy = new IamPolicy(this, 'worker_policy', {
      forEach: each,
      namePrefix: `${name}-worker-`,
      description: `What a worker of the activity ${name}-${each.key} does itself, whatever its function may do.`,
      policy: policyDocument([
        takeActivityTasks(Token.asString(Fn.lookupNested(activity.fqn, [each.key, 'id']))),
        sendTaskOutcomes(),
        sendTaskHeartbeats(),
        fetchFunction(Token.asString(functionArn)),
        fetchLayers(layersOf(place, props.layerArns)),
        ...(keys.length === 0 ? [] : [decryptFunctions(keysOf(place, keys))]),
        readOutputs(props.payloadBucketArn),
        writeOutputs(props.payloadBucketArn),
        readProgram(Fn.join('/', [props.payloadBucketArn, props.programKey])),
      ]),
    });
    const runner = new IamRolePolicyAttachment(this, 'worker_runner', {
      forEach: each,
      role: expression(`${worker.terraformResourceType}.${worker.friendlyUniqueId}[each.key].name`),
      policyArn: expression(`${policy.terraformResourceType}.${policy.friendlyUniqueId}[each.key].arn`),
    });
    const given = new TerraformLocal(
      this,
      'given_policies',
      // By position: the ARN of a policy may be one that is still to come.
      expression(
        'merge({}, [for key, row in local.activities : { for index, policy in row.policy_arns : join("/", [key, index]) => { activity = key, policy = policy } }]...)',
      ),
    );
    const eachGiven = TerraformIterator.fromMap(given.asAnyMap);
    const own = new IamRolePolicyAttachment(this, 'worker_own', {
      forEach: eachGiven,
      role: expression(`${worker.terraformResourceType}.${worker.friendlyUniqueId}[each.value.activity].name`),
      policyArn: eachGiven.getString('policy'),
    });
    return [runner, own];
  }

  /** Of the images that are in an ECR repository; the one of no repository, whose name has no capitals, stands for others. */
  #repositoryArns(place: Place): readonly string[] {
    const none = new TerraformLocal(this, 'no_repository', arn(place, 'ecr', 'repository/NONE'));
    const found = `format("arn:%s:ecr:%[3]s:%[2]s:repository/%[4]s", concat([data.aws_partition.partition.partition], regex(${ECR_URI}, image))...)`;
    const arns = new TerraformLocal(
      this,
      'image_repository_arns',
      expression(
        `distinct([for image in local.images : can(regex(${ECR_URI}, image)) ? ${found} : local.${none.friendlyUniqueId}])`,
      ),
    );
    return arns.asList;
  }

  /**
   * On Fargate the new workers of a deployment stand beside the old ones until they run. Instances may have no room for
   * both, and a task only waits in between: there the old ones go first.
   */
  #services(
    props: ActivitiesProps,
    each: MapTerraformIterator,
    taskDefinition: string,
    dependsOn: readonly (IamRolePolicy | IamRolePolicyAttachment)[],
  ): void {
    const onInstances = (yes: string, no: string) => expression(`each.value.capacity == "EC2" ? ${yes} : ${no}`);
    new TerraformLocal(this, 'ec2_capacity_provider', props.ec2CapacityProvider ?? '');
    new TerraformLocal(this, 'assign_public_ip', props.assignPublicIp);
    new EcsService(this, 'workers', {
      forEach: each,
      name: `${props.name}-activity-${each.key}`,
      cluster: props.clusterArn,
      taskDefinition,
      desiredCount: each.getNumber('count'),
      capacityProviderStrategy: [
        { capacityProvider: onInstances('local.ec2_capacity_provider', 'each.value.capacity'), weight: 1 },
      ],
      networkConfiguration: {
        subnets: [...props.subnetIds],
        securityGroups: [...props.securityGroupIds],
        // ECS gives tasks on instances none: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
        assignPublicIp: Token.asAny(onInstances('false', 'local.assign_public_ip')),
      },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: Token.asNumber(onInstances('0', '100')),
      deploymentMaximumPercent: Token.asNumber(onInstances('100', '200')),
      // Else ECS would stop workers in the middle of their tasks to spread them anew.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
      availabilityZoneRebalancing: 'DISABLED',
      enableEcsManagedTags: true,
      propagateTags: 'SERVICE',
      dependsOn: [...dependsOn],
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
