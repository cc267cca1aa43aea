import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient, ListClustersCommand, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListScheduleGroupsCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListActivitiesCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../local/clients';

/** Of every kind of resource that Overtime and its examples make, those in the local account whose name has `part` in it. */
export async function inventory(
  environment: Readonly<Record<string, string>>,
  part: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const settings = clientSettings(environment);
  const [ecs, iam, lambda] = [new ECSClient(settings), new IAMClient(settings), new LambdaClient(settings)];
  const [scheduler, states] = [new SchedulerClient(settings), new SFNClient(settings)];
  const all: Readonly<Record<string, Promise<readonly (string | undefined)[] | undefined>>> = {
    activities: states
      .send(new ListActivitiesCommand({}))
      .then(({ activities }) => activities?.map(({ name }) => name)),
    buckets: new S3Client(settings)
      .send(new ListBucketsCommand({}))
      .then(({ Buckets }) => Buckets?.map(({ Name }) => Name)),
    clusters: ecs.send(new ListClustersCommand({})).then(({ clusterArns }) => clusterArns),
    eventSourceMappings: lambda
      .send(new ListEventSourceMappingsCommand({}))
      .then(({ EventSourceMappings }) => EventSourceMappings?.map(({ FunctionArn }) => FunctionArn)),
    functions: lambda
      .send(new ListFunctionsCommand({}))
      .then(({ Functions }) => Functions?.map(({ FunctionName }) => FunctionName)),
    logGroups: new CloudWatchLogsClient(settings)
      .send(new DescribeLogGroupsCommand({}))
      .then(({ logGroups }) => logGroups?.map(({ logGroupName }) => logGroupName)),
    policies: iam
      .send(new ListPoliciesCommand({ Scope: 'Local' }))
      .then(({ Policies }) => Policies?.map(({ Arn }) => Arn)),
    queues: new SQSClient(settings).send(new ListQueuesCommand({})).then(({ QueueUrls }) => QueueUrls),
    repositories: new ECRClient(settings)
      .send(new DescribeRepositoriesCommand({}))
      .then(({ repositories }) => repositories?.map(({ repositoryName }) => repositoryName)),
    roles: iam.send(new ListRolesCommand({})).then(({ Roles }) => Roles?.map(({ RoleName }) => RoleName)),
    rules: new EventBridgeClient(settings)
      .send(new ListRulesCommand({}))
      .then(({ Rules }) => Rules?.map(({ Name }) => Name)),
    scheduleGroups: scheduler
      .send(new ListScheduleGroupsCommand({}))
      .then(({ ScheduleGroups }) => ScheduleGroups?.map(({ Name }) => Name)),
    schedules: scheduler.send(new ListSchedulesCommand({})).then(({ Schedules }) => Schedules?.map(({ Arn }) => Arn)),
    securityGroups: new EC2Client(settings)
      .send(new DescribeSecurityGroupsCommand({}))
      .then(({ SecurityGroups }) => SecurityGroups?.map(({ GroupName }) => GroupName)),
    stateMachines: states
      .send(new ListStateMachinesCommand({}))
      .then(({ stateMachines }) => stateMachines?.map(({ name }) => name)),
    tables: new DynamoDBClient(settings).send(new ListTablesCommand({})).then(({ TableNames }) => TableNames),
    taskDefinitions: ecs
      .send(new ListTaskDefinitionsCommand({ status: 'ACTIVE' }))
      .then(({ taskDefinitionArns }) => taskDefinitionArns),
    topics: new SNSClient(settings)
      .send(new ListTopicsCommand({}))
      .then(({ Topics }) => Topics?.map(({ TopicArn }) => TopicArn)),
  };
  const listed = await Promise.all(
    Object.entries(all).map(async ([kind, names]) => {
      const named = ((await names) ?? []).flatMap((name) => (name?.includes(part) === true ? [name] : []));
      return [kind, named] as const;
    }),
  );
  return Object.fromEntries(listed);
}
