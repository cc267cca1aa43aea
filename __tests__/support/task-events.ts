/**
 * AWS's sample of the event, with what it says of a task that has stopped.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function taskEvent(detail: Readonly<Record<string, unknown>> = {}) {
  const taskArn = 'arn:aws:ecs:us-west-2:111122223333:task/FargateCluster/c13b4cb40f1f4fe4a2971f76ae5a47ad';
  return {
    version: '0',
    id: '3317b2af-7005-947d-b652-f55e762e571a',
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account: '111122223333',
    time: '2020-01-23T17:57:58Z',
    region: 'us-west-2',
    resources: [taskArn],
    detail: {
      attachments: [
        {
          id: '1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8',
          type: 'eni',
          status: 'DELETED',
          details: [
            { name: 'subnetId', value: 'subnet-abcd1234' },
            { name: 'networkInterfaceId', value: 'eni-abcd1234' },
          ],
        },
      ],
      availabilityZone: 'us-west-2c',
      clusterArn: 'arn:aws:ecs:us-west-2:111122223333:cluster/FargateCluster',
      containers: [
        {
          containerArn: 'arn:aws:ecs:us-west-2:111122223333:container/cf159fd6-3e3f-4a9e-84f9-66cbe726af01',
          lastStatus: 'STOPPED',
          name: 'FargateApp',
          image: '111122223333.dkr.ecr.us-west-2.amazonaws.com/hello-repository:latest',
          imageDigest: 'sha256:74b2c688c700ec95a93e478cdb959737c148df3fbf5ea706abe0318726e885e6',
          runtimeId: 'ad64cbc71c7fb31c55507ec24c9f77947132b03d48d9961115cf24f3b7307e1e',
          taskArn,
          networkInterfaces: [
            { attachmentId: '1789bcae-ddfb-4d10-8ebe-8ac87ddba5b8', privateIpv4Address: '10.0.0.139' },
          ],
          cpu: '0',
          exitCode: 137,
          reason: 'OutOfMemoryError: Container killed due to memory usage',
        },
      ],
      createdAt: '2020-01-23T17:57:34.402Z',
      launchType: 'FARGATE',
      cpu: '256',
      memory: '512',
      desiredStatus: 'STOPPED',
      group: 'family:sample-fargate',
      lastStatus: 'STOPPED',
      overrides: { containerOverrides: [{ name: 'FargateApp' }] },
      connectivity: 'CONNECTED',
      connectivityAt: '2020-01-23T17:57:38.453Z',
      pullStartedAt: '2020-01-23T17:57:52.103Z',
      startedAt: '2020-01-23T17:57:58.103Z',
      startedBy: 'run-1',
      stopCode: 'EssentialContainerExited',
      stoppedAt: '2020-01-23T18:57:58.103Z',
      stoppedReason: 'Essential container in task exited',
      pullStoppedAt: '2020-01-23T17:57:55.103Z',
      updatedAt: '2020-01-23T18:57:58.103Z',
      taskArn,
      taskDefinitionArn: 'arn:aws:ecs:us-west-2:111122223333:task-definition/sample-fargate:1',
      version: 4,
      platformVersion: '1.3.0',
      ...detail,
    },
  };
}
