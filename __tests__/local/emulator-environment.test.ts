import { administratorEnvironment, type EmulatorSettings, emulatorEnvironment } from '../../local/emulator-environment';

const SETTINGS: EmulatorSettings = {
  bindHost: '172.17.0.1',
  port: 4242,
  containerHost: '172.17.0.1',
  programsEndpoint: 'http://172.17.0.1:4242',
  dockerHost: 'unix:///engine.sock',
  accountId: '123456789012',
  region: 'us-east-1',
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'secret',
  homeDirectory: '/work/home',
  temporaryDirectory: '/work/tmp',
  removedDirectory: '/work',
  searchPath: '/usr/bin',
  callsFile: undefined,
};

const ADMINISTRATOR = {
  AWS_ENDPOINT_URL: 'http://172.17.0.1:4242',
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
};

test('the administrator reaches the local account, and no other', () => {
  expect(administratorEnvironment(SETTINGS)).toEqual(ADMINISTRATOR);
});

test('the emulator enforces IAM, and has nothing of the developer but the search path', () => {
  expect(emulatorEnvironment(SETTINGS)).toEqual({
    ...ADMINISTRATOR,
    PATH: '/usr/bin',
    HOME: '/work/home',
    TMPDIR: '/work/tmp',
    AUTH: 'true',
    BIND_HOST: '172.17.0.1',
    GATEWAY_PORT: '4242',
    MINISTACK_HOST: '172.17.0.1',
    MINISTACK_ACCOUNT_ID: '123456789012',
    MINISTACK_REGION: 'us-east-1',
    DOCKER_HOST: 'unix:///engine.sock',
    LAMBDA_EXECUTOR: 'local',
    PERSIST_STATE: '0',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    PYTHONUNBUFFERED: '1',
    OVERTIME_EMULATOR_CONTAINER_HOST: '172.17.0.1',
    OVERTIME_EMULATOR_WORK_DIRECTORY: '/work',
  });
});

test('what stands in front of the emulator is where programs find AWS, and the administrator does not', () => {
  const settings = { ...SETTINGS, programsEndpoint: 'http://172.17.0.1:9999' };

  expect(emulatorEnvironment(settings)['AWS_ENDPOINT_URL']).toBe('http://172.17.0.1:9999');
  expect(administratorEnvironment(settings)).toEqual(ADMINISTRATOR);
});

test('the calls of roles are written down where somebody asks for them', () => {
  const { OVERTIME_EMULATOR_CALLS_FILE: file, ...others } = emulatorEnvironment({
    ...SETTINGS,
    callsFile: '/calls/a.jsonl',
  });

  expect(file).toBe('/calls/a.jsonl');
  expect(others).toEqual(emulatorEnvironment(SETTINGS));
});
