import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type AwsAnswer, type AwsRequest, startAwsServer } from '../../../__tests__/support/aws-server';
import { FakeTable } from '../../../__tests__/support/fake-dynamodb';
import { CONFIGURATION } from '../../../__tests__/support/starter/examples';
import { systemClock } from '../../../handlers/shared/clock';
import { LEDGER_ATTEMPTS } from '../../../handlers/shared/ledger/table';
import { jsonLog } from '../../../handlers/shared/log';
import { lambdaFunctions } from '../../../handlers/starter/aws/functions';
import { launchQueue } from '../../../handlers/starter/aws/launch-queue';
import { dynamoLedger } from '../../../handlers/starter/aws/ledger';
import { dynamoPacer } from '../../../handlers/starter/aws/pacer';
import { dynamoRuns } from '../../../handlers/starter/aws/runs';
import { serverClock } from '../../../handlers/starter/aws/server-clock';
import { ecsTaskDefinitions } from '../../../handlers/starter/aws/task-definitions';
import { ecsStops, ecsTasks } from '../../../handlers/starter/aws/tasks';
import { PACER_KEY, type PacerLimits } from '../../../handlers/starter/pacer';
import { type Account, HotRow, LATENCY, LaunchQueue, settingsOf, type Time } from './account';
import { ThrottledEcs } from './ecs';

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** Each of the processes that are played here would have its own connections. */
const SOCKETS = 1_000;

const SYSTEM_TIME: Time = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex');

const notPlayed = () => Promise.reject(new Error('Nothing of that kind is played.'));

/** Answers a call in as long as AWS would take. */
function answers(ecs: ThrottledEcs, table: FakeTable, launches: LaunchQueue) {
  const row = new HotRow(SYSTEM_TIME);

  const dynamoDb = async (action: string, body: string): Promise<AwsAnswer> => {
    const request = JSON.parse(body);
    switch (action) {
      case 'GetItem':
        return { body: { Item: table.item(request.Key.runId.S) } };
      case 'PutItem':
        table.put(unmarshall(request.Item));
        return {};
      default: {
        if (request.Key.runId.S === PACER_KEY) {
          await row.turn();
        }
        const answer = table.update(request);
        if (answer.kind === 'updated') {
          return { body: { Attributes: answer.item } };
        }
        return answer.kind === 'condition-failed'
          ? { status: 400, body: { __type: 'ConditionalCheckFailedException', message: 'no', Item: answer.item } }
          : { status: 400, body: { __type: 'ValidationException', message: answer.message } };
      }
    }
  };

  const decide = async ({ action, body, url }: AwsRequest): Promise<{ latency: number; answer: AwsAnswer }> => {
    switch (action) {
      case 'GetItem':
      case 'PutItem':
      case 'UpdateItem':
        return { latency: LATENCY.dynamoDb, answer: await dynamoDb(action, body) };
      case 'RunTask': {
        const { clientToken } = JSON.parse(body);
        const tasks = [{ taskArn: `arn:aws:ecs:${REGION}:123456789012:task/overtime/${clientToken}` }];
        return {
          latency: LATENCY.ecs,
          answer:
            ecs.runTask(clientToken) === 'accepted'
              ? { body: { tasks, failures: [] } }
              : { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } },
        };
      }
      case 'SendMessage': {
        const { MessageBody, MessageDeduplicationId } = JSON.parse(body);
        launches.put(MessageBody, MessageDeduplicationId);
        return {
          latency: LATENCY.sqs,
          answer: { body: { MessageId: MessageDeduplicationId, MD5OfMessageBody: md5(MessageBody) } },
        };
      }
      default:
        return url.startsWith('/2015-03-31/functions/')
          ? { latency: LATENCY.lambda, answer: { body: CONFIGURATION } }
          : { latency: 0, answer: { status: 400, body: { __type: 'UnknownOperationException' } } };
    }
  };

  return async (request: AwsRequest) => {
    const { latency, answer } = await decide(request);
    await SYSTEM_TIME.sleep(latency);
    return answer;
  };
}

/** An account on loopback servers: the starter's code and the SDK as they are, in the time of this machine. */
export async function realAccount(limits: PacerLimits): Promise<{ account: Account; close: () => Promise<void> }> {
  const settings = settingsOf(limits);
  const { ledgerTable: tableName } = settings;
  const ecs = new ThrottledEcs(SYSTEM_TIME.now);
  const launches = new LaunchQueue();
  const server = await startAwsServer(answers(ecs, new FakeTable(tableName, 'runId'), launches));
  const client = {
    region: REGION,
    credentials: CREDENTIALS,
    endpoint: server.endpoint,
    requestHandler: { httpAgent: { maxSockets: SOCKETS } },
  };

  // One of each for all processes that are played: making hundreds would take this machine seconds.
  const dynamo = new DynamoDBClient({ ...client, maxAttempts: LEDGER_ATTEMPTS });
  const tasks = new ECSClient(client);
  const time = serverClock(dynamo, systemClock);
  const ports = {
    ledger: dynamoLedger(dynamo, tableName),
    lookUpFunction: lambdaFunctions(client),
    describeTaskDefinition: ecsTaskDefinitions(tasks, systemClock),
    uploadInput: notPlayed,
    runTask: ecsTasks(tasks),
    runs: dynamoRuns(dynamo, tableName),
    stopTask: ecsStops(tasks),
    queueLaunch: launchQueue(client, settings.launchQueueUrl),
    settle: notPlayed,
    countRun: notPlayed,
  };
  await ports.ledger.find('nobody');

  const starter: Account['starter'] = () => ({
    settings,
    now: systemClock,
    log: jsonLog(() => undefined, systemClock),
    sleep: SYSTEM_TIME.sleep,
    random: Math.random,
    ports: { ...ports, pacer: dynamoPacer({ client: dynamo, tableName, limits, time }) },
  });

  const runTaskCall: Account['runTaskCall'] = async () => {
    const inLoop = new ECSClient({ ...client, requestHandler: {} });
    return async (clientToken) => {
      await inLoop.send(new RunTaskCommand({ cluster: settings.cluster, taskDefinition: 'job', clientToken }));
    };
  };

  return { account: { time: SYSTEM_TIME, ecs, launches, starter, runTaskCall }, close: () => server.close() };
}
