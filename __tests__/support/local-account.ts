import { CloudWatchLogsClient, CreateLogGroupCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  type ContainerDefinition,
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { LocalAws } from '../../local/local-aws';
import { eventually } from './eventually';
import { PROBE_IMAGE } from './probe-image';

export const CLUSTER = 'main';
export const LOG_GROUP = '/tests/tasks';

type Statement = { readonly Action: unknown; readonly Resource: unknown; readonly Condition?: unknown };

/** The administrator of a local AWS, with what the tests put there. */
export class LocalAccount {
  readonly configuration;
  readonly ecs: ECSClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly #logs: CloudWatchLogsClient;
  /** The execution role of all task definitions that name no other. */
  executionRoleArn = '';

  constructor(readonly aws: LocalAws) {
    this.configuration = {
      region: aws.region,
      endpoint: aws.endpoint,
      credentials: {
        accessKeyId: String(aws.adminEnvironment['AWS_ACCESS_KEY_ID']),
        secretAccessKey: String(aws.adminEnvironment['AWS_SECRET_ACCESS_KEY']),
      },
    };
    this.ecs = new ECSClient(this.configuration);
    this.iam = new IAMClient(this.configuration);
    this.lambda = new LambdaClient(this.configuration);
    this.#logs = new CloudWatchLogsClient(this.configuration);
  }

  /** The cluster and the log group that every test uses. */
  async prepare(): Promise<void> {
    await this.ecs.send(new CreateClusterCommand({ clusterName: CLUSTER }));
    await this.#logs.send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    this.executionRoleArn = await this.role('execution', { Service: 'ecs-tasks.amazonaws.com' }, [
      this.mayWriteLogs(LOG_GROUP),
    ]);
  }

  mayWriteLogs(logGroup: string): Statement {
    return {
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: this.arn('logs', `log-group:${logGroup}:*`),
    };
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.aws.region}:${this.aws.accountId}:${resource}`;
  }

  /** @returns the role's ARN */
  async role(name: string, principal: object, statements: readonly Statement[] = []): Promise<string> {
    const document = (statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
    const { Role } = await this.iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: document([{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }]),
      }),
    );
    if (statements.length > 0) {
      const allowed = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
      await this.iam.send(
        new PutRolePolicyCommand({ RoleName: name, PolicyName: 'own', PolicyDocument: document(allowed) }),
      );
    }
    return String(Role?.Arn);
  }

  /** What a client needs that may do what the statements allow, and nothing else. */
  async limited(name: string, statements: readonly Statement[]): Promise<LocalAccount['configuration']> {
    const role = await this.role(name, { AWS: `arn:aws:iam::${this.aws.accountId}:root` }, statements);
    const { Credentials } = await new STSClient(this.configuration).send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'test' }),
    );
    const credentials = {
      accessKeyId: String(Credentials?.AccessKeyId),
      secretAccessKey: String(Credentials?.SecretAccessKey),
      sessionToken: String(Credentials?.SessionToken),
    };
    return { ...this.configuration, credentials };
  }

  async limitedEcs(name: string, statements: readonly Statement[]): Promise<ECSClient> {
    return new ECSClient(await this.limited(name, statements));
  }

  /** A task definition of one container, the probe, unless others are given. @returns its ARN */
  async taskDefinition(
    family: string,
    options: {
      readonly taskRoleArn?: string;
      readonly executionRoleArn?: string;
      readonly containers?: readonly Partial<ContainerDefinition>[];
    } = {},
  ): Promise<string> {
    const { containers = [{}], ...roles } = options;
    const { taskDefinition } = await this.ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        executionRoleArn: this.executionRoleArn,
        ...roles,
        networkMode: 'awsvpc',
        requiresCompatibilities: ['FARGATE'],
        cpu: '256',
        memory: '512',
        containerDefinitions: containers.map((container) => ({
          name: 'probe',
          image: PROBE_IMAGE,
          essential: true,
          ...container,
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': LOG_GROUP,
              'awslogs-region': this.aws.region,
              'awslogs-stream-prefix': family,
            },
          },
        })),
      }),
    );
    return String(taskDefinition?.taskDefinitionArn);
  }

  /** A RunTask request for a family, with the probe's arguments. */
  request(family: string, command?: readonly string[], more: Partial<RunTaskCommandInput> = {}): RunTaskCommandInput {
    return {
      cluster: CLUSTER,
      taskDefinition: family,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      ...(command === undefined
        ? {}
        : { overrides: { containerOverrides: [{ name: 'probe', command: [...command] }] } }),
      ...more,
    };
  }

  /** @returns the ARN of the one task */
  async run(family: string, command?: readonly string[], more: Partial<RunTaskCommandInput> = {}): Promise<string> {
    const { tasks } = await this.ecs.send(new RunTaskCommand(this.request(family, command, more)));
    return String(tasks?.[0]?.taskArn);
  }

  async task(taskArn: string): Promise<Task> {
    const { tasks } = await this.ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: [taskArn] }));
    const [task] = tasks ?? [];
    if (task === undefined) {
      throw new Error(`There is no task ${taskArn}`);
    }
    return task;
  }

  async stop(taskArn: string): Promise<void> {
    await this.ecs.send(new StopTaskCommand({ cluster: CLUSTER, task: taskArn, reason: 'test' }));
  }

  async stopped(taskArn: string): Promise<Task> {
    return eventually(`${taskArn} STOPPED`, async () => {
      const task = await this.task(taskArn);
      return task.lastStatus === 'STOPPED' ? task : undefined;
    });
  }

  /** Runs the probe to its end. */
  async runToEnd(family: string, command?: readonly string[], more: Partial<RunTaskCommandInput> = {}) {
    const task = await this.stopped(await this.run(family, command, more));
    return { task, lines: await this.lines(family, task) };
  }

  /** What a container of the task wrote. */
  async lines(family: string, task: Task, container = 'probe'): Promise<readonly string[]> {
    const stream = `${family}/${container}/${String(task.taskArn).split('/').at(-1)}`;
    const { events } = await this.#logs.send(
      new GetLogEventsCommand({ logGroupName: LOG_GROUP, logStreamName: stream, startFromHead: true }),
    );
    return (events ?? []).map(({ message }) => String(message));
  }

  async linesContain(family: string, taskArn: string, line: string): Promise<void> {
    await eventually(`"${line}" in the log of ${taskArn}`, async () => {
      try {
        return (await this.lines(family, await this.task(taskArn))).includes(line) ? true : undefined;
      } catch (error) {
        // The stream begins with the container.
        if (error instanceof Error && error.name === 'ResourceNotFoundException') {
          return undefined;
        }
        throw error;
      }
    });
  }
}
