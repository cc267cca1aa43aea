import { ECSClient } from '@aws-sdk/client-ecs';
import { ecsTaskDefinitions } from '../../../handlers/starter/aws/task-definitions';
import { type AwsAnswer, type AwsServer, startAwsServer } from '../../support/aws-server';
import { failureOf } from '../../support/starter/examples';

let answers: AwsAnswer[] = [];
let server: AwsServer;
let clock = 0;

beforeAll(async () => {
  server = await startAwsServer(() => answers.shift() ?? { status: 500, body: { message: 'No answer is left.' } });
});

afterAll(() => server.close());

function describeThatGets(...given: readonly AwsAnswer[]) {
  answers = [...given];
  clock = 0;
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const client = new ECSClient({ region: 'eu-west-1', endpoint: server.endpoint, credentials, maxAttempts: 1 });
  return ecsTaskDefinitions(client, () => new Date(clock));
}

const found = (revision: number): AwsAnswer => ({
  status: 200,
  body: { taskDefinition: { family: 'report', revision } },
});
const refusal = (type: string): AwsAnswer => ({ status: 400, body: { __type: type, message: 'why' } });

describe('a task definition', () => {
  test('is asked for by the name that the request has', async () => {
    const before = server.requests.length;

    expect(await describeThatGets(found(3))('report:3')).toEqual({ family: 'report', revision: 3 });
    expect(server.requests.slice(before).map(({ body }) => JSON.parse(body))).toEqual([{ taskDefinition: 'report:3' }]);
  });

  test('is asked for once in half a minute, and then anew', async () => {
    const describeOne = describeThatGets(found(3), found(4));
    const revisions = [];
    for (clock of [0, 29_999, 30_000]) {
      revisions.push((await describeOne('report')).revision);
    }

    expect(revisions).toEqual([3, 3, 4]);
  });

  test('that ECS does not know is asked for again: it may have been registered since', async () => {
    const describeOne = describeThatGets(refusal('ClientException'), found(1));
    const { name, message } = await failureOf(() => describeOne('report'));

    expect([name, message]).toEqual([
      'TASK_DEFINITION_NOT_FOUND',
      'ECS has no ACTIVE task definition report (why): register it, or give the name of one that is there. Nothing was started.',
    ]);
    expect(await describeOne('report')).toMatchObject({ revision: 1 });
  });

  test.each([
    ['AccessDeniedException', 'TASK_DEFINITION_ACCESS_DENIED'],
    ['InvalidParameterException', 'TASK_DEFINITION_NOT_FOUND'],
    ['ServerException', 'ServerException'],
  ])('%s is %s', async (type, name) => {
    expect(await failureOf(() => describeThatGets(refusal(type))('report'))).toMatchObject({ name });
  });
});
