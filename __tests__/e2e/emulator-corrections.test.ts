import path from 'node:path';
import { providePython } from '../../local/python-environment';
import { runCommand } from '../../local/run-command';

const EMULATOR = path.resolve(__dirname, '../../local/emulator');

jest.setTimeout(600_000);

describe('the corrections of the emulator', () => {
  let python: string;

  beforeAll(async () => {
    const cacheDirectory = path.resolve(__dirname, '../../.overtime');
    python = await providePython({ cacheDirectory, env: process.env, onProgress: () => undefined });
  });

  /** The value of a Python expression, with the names of one of the emulator's modules. */
  const evaluate = async (module: string, expression: string): Promise<unknown> => {
    const program = `import json; from ${module} import *; print(json.dumps(${expression}))`;
    const { stdout, stderr, exitCode } = await runCommand(python, ['-B', '-c', program], {
      env: { PATH: process.env['PATH'], PYTHONPATH: EMULATOR, TMPDIR: process.env['TMPDIR'] },
    });
    if (exitCode !== 0) {
      throw new Error(stderr);
    }
    return JSON.parse(stdout);
  };

  const MIB = 1024 * 1024;

  test.each([
    [
      "a container's own memory before the task's, and the task's CPU",
      "limits({'memory': 128}, {'memory': '512', 'cpu': '256'}, {}, 4)",
      { mem_limit: 128 * MIB, memswap_limit: 128 * MIB, nano_cpus: 249_999_872 },
    ],
    [
      "the request's size before the definition's",
      "limits({}, {'memory': '512', 'cpu': '256'}, {'memory': '1024', 'cpu': '1024'}, 4)",
      { mem_limit: 1024 * MIB, memswap_limit: 1024 * MIB, nano_cpus: 999_999_488 },
    ],
    ['no more CPUs than there are', "limits({}, {'cpu': '4096'}, {}, 2)", { nano_cpus: 1_999_998_976 }],
    ['no limit where the definition has none', 'limits({}, {}, {}, 2)', {}],
    [
      'what the definition says of the process',
      "definition_settings({'entryPoint': ['/x'], 'workingDirectory': '/w', 'user': '1000', 'readonlyRootFilesystem': True, 'linuxParameters': {'initProcessEnabled': True}})",
      { entrypoint: ['/x'], working_dir: '/w', user: '1000', read_only: true, init: true },
    ],
    ['nothing where it says nothing', "definition_settings({'name': 'x', 'entryPoint': []})", {}],
    [
      'the network of the first container for the others of an awsvpc task',
      "share_network({'image': 'i', 'network': None, 'ports': None, 'extra_hosts': {}}, {'networkMode': 'awsvpc'}, ['first', 'second'])",
      { image: 'i', network_mode: 'container:first' },
    ],
    [
      "the engine's network for the first container",
      "share_network({'network': None}, {'networkMode': 'awsvpc'}, [])",
      { network: null },
    ],
    [
      "the engine's network for every container of a bridge task",
      "share_network({'network': None}, {'networkMode': 'bridge'}, ['first'])",
      { network: null },
    ],
  ])('a container gets %s', async (_, expression, expected) => {
    expect(await evaluate('container_settings', expression)).toEqual(expected);
  });

  test.each([
    ['nothing before a worker has taken the task', "limit_passed({'taken': None}, {'HeartbeatSeconds': 1}, 9)", null],
    [
      'nothing within both limits',
      "limit_passed({'taken': 0, 'beat': 8}, {'HeartbeatSeconds': 2, 'TimeoutSeconds': 9}, 9)",
      null,
    ],
    ['the heartbeat', "limit_passed({'taken': 0, 'beat': 6}, {'HeartbeatSeconds': 2}, 9)", 'States.HeartbeatTimeout'],
    [
      'the whole, however it beats',
      "limit_passed({'taken': 0, 'beat': 9}, {'TimeoutSeconds': 8}, 9)",
      'States.Timeout',
    ],
    ['nothing without limits', "limit_passed({'taken': 0, 'beat': 0}, {}, 99999)", null],
    ['nothing of an output that just fits', "problem_of({'output': 'é' * 131072})", null],
    ['the length of an output in bytes', "problem_of({'output': 'é' * 131073}) is not None", true],
    ['the length of an error', "problem_of({'error': 'e' * 257}) is not None", true],
    ['the length of a cause', "problem_of({'cause': 'c' * 32769}) is not None", true],
  ])("an activity's task passes %s", async (_, expression, expected) => {
    expect(await evaluate('activities', expression)).toEqual(expected);
  });

  test.each([
    ['its stopTimeout', "stop_timeout_seconds({'stopTimeout': 120})", 120],
    ['30 s where it has none', 'stop_timeout_seconds({})', 30],
    ['no time where it is 0', "stop_timeout_seconds({'stopTimeout': 0})", 0],
    ['its exit code', "container_end({'ExitCode': 143})", { exitCode: 143, lastStatus: 'STOPPED' }],
    [
      'the reason of a lack of memory',
      "container_end({'ExitCode': 137, 'OOMKilled': True})",
      { exitCode: 137, lastStatus: 'STOPPED', reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ],
    ['no exit code where the engine lost it', 'container_end({})', {}],
  ])('a stopped container has %s', async (_, expression, expected) => {
    expect(await evaluate('task_stopping', expression)).toEqual(expected);
  });

  test.each([
    [
      'a check of its health',
      "health_check({'command': ['CMD', '/x'], 'interval': 5, 'timeout': 2, 'retries': 10, 'startPeriod': 60})",
      {
        test: ['CMD', '/x'],
        interval: 5_000_000_000,
        timeout: 2_000_000_000,
        retries: 10,
        start_period: 60_000_000_000,
      },
    ],
    [
      "ECS's defaults where the check has no times",
      "health_check({'command': ['CMD', '/x']})",
      {
        test: ['CMD', '/x'],
        interval: 30_000_000_000,
        timeout: 5_000_000_000,
        retries: 3,
        start_period: 0,
      },
    ],
    ['no check where there is none', 'health_check(None)', null],
    [
      'its turn once the other is healthy',
      "is_met('HEALTHY', {'Status': 'running', 'Health': {'Status': 'healthy'}})",
      true,
    ],
    [
      'no turn while the other is starting',
      "is_met('HEALTHY', {'Status': 'running', 'Health': {'Status': 'starting'}})",
      false,
    ],
    ['its turn once the other runs', "is_met('START', {'Status': 'running'})", true],
    ['its turn once the other has ended well', "is_met('SUCCESS', {'Status': 'exited', 'ExitCode': 0})", true],
    ['no turn where the other has failed', "is_met('SUCCESS', {'Status': 'exited', 'ExitCode': 1})", false],
    [
      'its end before those that it depends on',
      "stop_order([{'name': 'a'}, {'name': 'b', 'dependsOn': [{'containerName': 'a'}]}, {'name': 'c'}])",
      [[1, 2], [0]],
    ],
  ])('a container that depends on another has %s', async (_, expression, expected) => {
    expect(await evaluate('container_dependencies', expression)).toEqual(expected);
  });

  test.each([
    [
      "the task's own volumes, with nothing of the image in them",
      "task_binds({'mountPoints': [{'sourceVolume': 'code', 'containerPath': '/var/task', 'readOnly': True}, {'sourceVolume': 'control', 'containerPath': '/c'}]}, {'volumes': [{'name': 'code'}, {'name': 'control', 'host': {}}]}, '1234')",
      ['overtime-1234-code:/var/task:ro,nocopy', 'overtime-1234-control:/c:rw,nocopy'],
    ],
    [
      'no volume for a folder of the host, which is mounted as it is',
      "task_binds({'mountPoints': [{'sourceVolume': 'logs', 'containerPath': '/l'}]}, {'volumes': [{'name': 'logs', 'host': {'sourcePath': '/var/log'}}]}, '1234')",
      [],
    ],
    ['no volume where it mounts none', "task_binds({}, {'volumes': [{'name': 'code'}]}, '1234')", []],
  ])('a container mounts %s', async (_, expression, expected) => {
    expect(await evaluate('task_volumes', expression)).toEqual(expected);
  });

  const DEFINITION = "{'containerDefinitions': [{'name': 'probe'}], 'networkMode': 'awsvpc'}";

  test.each([
    ['nothing', "{'networkConfiguration': {'awsvpcConfiguration': {}}}", null],
    [
      'an override for another container',
      "{'networkConfiguration': {'x': 1}, 'overrides': {'containerOverrides': [{'name': 'other'}]}}",
      'Override for container named other is not a container in the TaskDefinition.',
    ],
    ['no network', '{}', "Network Configuration must be provided when networkMode 'awsvpc' is specified."],
  ])('RunTask finds wrong: %s', async (_, request, expected) => {
    expect(await evaluate('run_task', `parameter_problem(${request}, ${DEFINITION})`)).toBe(expected);
  });

  test.each([
    [
      'a list of structures',
      "structure({'Dimensions.member.1.Name': ['a'], 'Dimensions.member.2.Name': ['b'], 'AlarmName': ['x']})",
      { AlarmName: 'x', Dimensions: [{ Name: 'a' }, { Name: 'b' }] },
    ],
    [
      'more than nine members in their order',
      "structure({f'Names.member.{i}': [str(i)] for i in range(10, 0, -1)})",
      { Names: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'] },
    ],
  ])('the query protocol is read as %s', async (_, expression, expected) => {
    expect(await evaluate('alarms', expression)).toEqual(expected);
  });

  test.each([
    ['no roles', '[]', '<AssociatedRoles></AssociatedRoles>'],
    [
      'each role with its feature, and escapes',
      "[{'RoleArn': 'arn:aws:iam::1:role/a&b', 'FeatureName': 'Lambda'}]",
      '<AssociatedRoles><DBClusterRole><RoleArn>arn:aws:iam::1:role/a&amp;b</RoleArn>' +
        '<FeatureName>Lambda</FeatureName><Status>ACTIVE</Status></DBClusterRole></AssociatedRoles>',
    ],
  ])('a cluster of RDS tells %s', async (_, roles, expected) => {
    expect(await evaluate('databases', `roles_xml(${roles})`)).toBe(expected);
  });

  test.each([
    ['sqs:SendMessageBatch', 'sqs:SendMessage'],
    ['sqs:DeleteMessageBatch', 'sqs:DeleteMessage'],
    ['sqs:ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
    ['sqs:ReceiveMessage', 'sqs:ReceiveMessage'],
    [null, null],
  ])('%s needs the permission %s', async (action, permission) => {
    const named = action === null ? 'None' : `'${action}'`;

    expect(await evaluate('queue_permissions', `permission_of(${named})`)).toBe(permission);
  });

  test('the query protocol is written with members, truths and escapes, and without what is none', async () => {
    expect(
      await evaluate(
        'alarms',
        "xml_of({'MetricAlarms': [{'AlarmName': 'a<b', 'ActionsEnabled': True, 'Unit': None, 'StateUpdatedTimestamp': 0}]})",
      ),
    ).toBe(
      '<MetricAlarms><member><AlarmName>a&lt;b</AlarmName><ActionsEnabled>true</ActionsEnabled>' +
        '<StateUpdatedTimestamp>1970-01-01T00:00:00+00:00</StateUpdatedTimestamp></member></MetricAlarms>',
    );
  });

  test('another MiniStack than the corrected one is refused', async () => {
    const program = "import pinned_version as p; p.PINNED_VERSION = '0.0.1'; p.check_version()";
    const { exitCode, stderr } = await runCommand(python, ['-B', '-c', program], {
      env: { PATH: process.env['PATH'], PYTHONPATH: EMULATOR },
    });

    expect([exitCode, stderr]).toEqual([
      1,
      'local/emulator corrects MiniStack 0.0.1, and 1.5.33 is installed: install the versions in local/emulator/requirements.txt.',
    ]);
  });
});
