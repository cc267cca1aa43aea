import type { Statement } from './policy-document';

// What the ECS agent of an instance does. Images are pulled and logs written with a task's execution role.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html and
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html

/** AWS knows no resource for it. */
export function findEcs(): Statement {
  return { Sid: 'FindEcs', Effect: 'Allow', Action: ['ecs:DiscoverPollEndpoint'], Resource: '*' };
}

/** Joins the one cluster, leaves it, and says how tasks are. */
export function joinCluster(clusterArn: string): Statement {
  return {
    Sid: 'JoinCluster',
    Effect: 'Allow',
    Action: [
      'ecs:DeregisterContainerInstance',
      'ecs:RegisterContainerInstance',
      'ecs:SubmitAttachmentStateChanges',
      'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ],
    Resource: clusterArn,
  };
}

/** @param instancesArn of any instance of the cluster */
export function hearFromEcs(instancesArn: string, clusterArn: string): Statement {
  return {
    Sid: 'HearFromEcs',
    Effect: 'Allow',
    Action: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
    Resource: instancesArn,
    Condition: { ArnEquals: { 'ecs:cluster': clusterArn } },
  };
}

export function trustInstances(): Statement {
  return {
    Sid: 'TrustInstances',
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: ['sts:AssumeRole'],
  };
}
