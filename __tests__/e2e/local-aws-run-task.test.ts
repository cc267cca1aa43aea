import { DescribeTasksCommand, type ECSClient, RunTaskCommand, type RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { backendUnderTest } from '../support/backend-under-test';
import { CLUSTER, type LocalAccount } from '../support/local-account';
import { type ProbeAccount, startProbeAccount } from '../support/probe-account';

jest.setTimeout(600_000);

const TASKS = { Service: 'ecs-tasks.amazonaws.com' };

describe(`RunTask on the local AWS, tasks as ${backendUnderTest()}`, () => {
  let probe: ProbeAccount;
  let account: LocalAccount;

  beforeAll(async () => {
    probe = await startProbeAccount();
    account = probe.account;
  }, 600_000);

  afterAll(() => probe?.stop());

  const refusal = async (client: ECSClient, request: RunTaskCommandInput): Promise<readonly string[]> => {
    try {
      await client.send(new RunTaskCommand(request));
      return ['no refusal'];
    } catch (error) {
      return error instanceof Error ? [error.name, error.message] : ['no error'];
    }
  };
  const runProbe = () => ({
    Action: 'ecs:RunTask',
    Resource: account.arn('ecs', 'task-definition/probe:*'),
    Condition: { ArnEquals: { 'ecs:cluster': account.arn('ecs', `cluster/${CLUSTER}`) } },
  });

  /** What every caller needs who starts a task of ours. */
  const passExecutionRole = () => ({
    Action: 'iam:PassRole',
    Resource: account.executionRoleArn,
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  });

  test('is allowed by family, on every revision of it, in the one cluster that the policy names', async () => {
    const ecs = await account.limitedEcs('may-run', [runProbe(), passExecutionRole()]);

    const { tasks } = await ecs.send(new RunTaskCommand(account.request('probe', ['say', 'x'])));

    expect(tasks).toHaveLength(1);
  });

  test('is refused for another family', async () => {
    const ecs = await account.limitedEcs('may-run-probe-only', [runProbe()]);
    const definition = await account.taskDefinition('other-family');

    const [name, message] = await refusal(ecs, account.request('other-family'));

    expect(name).toBe('AccessDeniedException');
    expect(message).toContain(`is not authorized to perform: ecs:RunTask on resource: ${definition} because`);
  });

  test('is refused in another cluster', async () => {
    const ecs = await account.limitedEcs('may-run-in-main-only', [runProbe()]);

    expect((await refusal(ecs, account.request('probe', ['say'], { cluster: 'another' })))[0]).toBe(
      'AccessDeniedException',
    );
  });

  test('is refused with tags where ecs:TagResource is not allowed', async () => {
    const ecs = await account.limitedEcs('may-not-tag', [runProbe()]);

    const [name, message] = await refusal(
      ecs,
      account.request('probe', ['say'], { tags: [{ key: 'overtime:run', value: '1' }] }),
    );

    expect([name, message]).toEqual(['AccessDeniedException', expect.stringContaining('ecs:TagResource')]);
  });

  test('is allowed with tags where ecs:TagResource is allowed for RunTask', async () => {
    const ecs = await account.limitedEcs('may-tag', [
      runProbe(),
      passExecutionRole(),
      {
        Action: 'ecs:TagResource',
        Resource: account.arn('ecs', `task/${CLUSTER}/*`),
        Condition: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
      },
    ]);

    expect(
      await refusal(ecs, account.request('probe', ['say'], { tags: [{ key: 'overtime:run', value: '1' }] })),
    ).toEqual(['no refusal']);
  });

  test.each(['taskRoleArn', 'executionRoleArn'] as const)(
    'is refused where iam:PassRole is not allowed on the %s of the definition or the request',
    async (which) => {
      const role = await account.role(`passed-${which}`, TASKS);
      await account.taskDefinition(`passes-${which}`, { [which]: role });
      const ecs = await account.limitedEcs(`may-not-pass-${which}`, [
        { Action: 'ecs:RunTask', Resource: '*' },
        passExecutionRole(),
      ]);

      const refusals = [
        await refusal(ecs, account.request(`passes-${which}`)),
        await refusal(ecs, account.request('probe', undefined, { overrides: { [which]: role } })),
      ];

      const expected = ['AccessDeniedException', expect.stringContaining(`iam:PassRole on resource: ${role} because`)];
      expect(refusals).toEqual([expected, expected]);
    },
  );

  test('is allowed where iam:PassRole is allowed to ECS tasks', async () => {
    const role = await account.role('passable', TASKS);
    await account.taskDefinition('passes', { taskRoleArn: role });
    const ecs = await account.limitedEcs('may-pass', [
      { Action: 'ecs:RunTask', Resource: '*' },
      passExecutionRole(),
      {
        Action: 'iam:PassRole',
        Resource: role,
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);

    expect(await refusal(ecs, account.request('passes', ['say']))).toEqual(['no refusal']);
  });

  test('is refused for a role that does not trust ECS tasks', async () => {
    const role = await account.role('of-lambda', { Service: 'lambda.amazonaws.com' });
    await account.taskDefinition('wrong-trust', { taskRoleArn: role });

    expect(await refusal(account.ecs, account.request('wrong-trust'))).toEqual([
      'ClientException',
      expect.stringContaining(`ECS was unable to assume the role '${role}'`),
    ]);
  });

  test('starts one task for one client token, and refuses another request with it', async () => {
    const request = account.request('probe', ['say', 'once'], { clientToken: 'run-1' });

    const first = await account.run('probe', ['say', 'once'], { clientToken: 'run-1' });
    const again = await account.run('probe', ['say', 'once'], { clientToken: 'run-1' });

    expect(again).toBe(first);
    await expect(account.ecs.send(new RunTaskCommand({ ...request, startedBy: 'other' }))).rejects.toMatchObject({
      name: 'ConflictException',
      resourceIds: [first],
    });
  });

  test.each([
    ['overrides of 8,193 characters', 8_193, 'InvalidParameterException'],
    ['overrides of 8,192 characters', 8_192, 'no refusal'],
  ])('%s', async (_, length, expected) => {
    const overrides = (value: string) => ({
      containerOverrides: [{ name: 'probe', command: ['say'], environment: [{ name: 'FILLER', value }] }],
    });
    const filler = 'x'.repeat(length - JSON.stringify(overrides('')).length);

    const [name] = await refusal(account.ecs, account.request('probe', undefined, { overrides: overrides(filler) }));

    expect(name).toBe(expected);
  });

  test('is refused in a cluster that does not exist', async () => {
    expect((await refusal(account.ecs, account.request('probe', [], { cluster: 'nowhere' })))[0]).toBe(
      'ClusterNotFoundException',
    );
  });

  test('DescribeTasks is refused on a task of another cluster than the policy names', async () => {
    const ecs = await account.limitedEcs('may-describe-others', [
      { Action: 'ecs:DescribeTasks', Resource: account.arn('ecs', 'task/another/*') },
    ]);

    await expect(ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: ['1234'] }))).rejects.toThrow(
      'is not authorized to perform: ecs:DescribeTasks',
    );
  });
});
