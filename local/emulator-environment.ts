export interface EmulatorSettings {
  readonly bindHost: string;
  readonly port: number;
  /** The name of the emulator for a container, where that is not its own address. */
  readonly containerHost: string;
  /** Where Lambda functions and tasks find AWS: the emulator, or what stands in front of it. */
  readonly programsEndpoint: string;
  readonly dockerHost: string;
  readonly accountId: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly homeDirectory: string;
  readonly temporaryDirectory: string;
  /** Removed when the emulator ends; `undefined` keeps everything. */
  readonly removedDirectory: string | undefined;
  readonly searchPath: string;
  /** Where the emulator writes down what each role was allowed to do; `undefined` where nobody asks. */
  readonly callsFile: string | undefined;
}

export function endpointOf({ bindHost, port }: Pick<EmulatorSettings, 'bindHost' | 'port'>): string {
  return `http://${bindHost}:${port}`;
}

/** What a client needs to be the account's administrator: root, as it is what MiniStack takes these credentials for. */
export function administratorEnvironment(settings: EmulatorSettings): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpointOf(settings),
    AWS_ACCESS_KEY_ID: settings.accessKeyId,
    AWS_SECRET_ACCESS_KEY: settings.secretAccessKey,
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    // Nothing here has an instance's metadata service: do not wait for one.
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * The emulator's whole environment, from which MiniStack makes that of Lambda functions too.
 * https://github.com/ministackorg/ministack#configuration
 */
export function emulatorEnvironment(settings: EmulatorSettings): Readonly<Record<string, string>> {
  return {
    ...administratorEnvironment(settings),
    AWS_ENDPOINT_URL: settings.programsEndpoint,
    PATH: settings.searchPath,
    HOME: settings.homeDirectory,
    TMPDIR: settings.temporaryDirectory,
    AUTH: 'true',
    BIND_HOST: settings.bindHost,
    GATEWAY_PORT: String(settings.port),
    MINISTACK_HOST: settings.bindHost,
    MINISTACK_ACCOUNT_ID: settings.accountId,
    MINISTACK_REGION: settings.region,
    DOCKER_HOST: settings.dockerHost,
    LAMBDA_EXECUTOR: 'local',
    PERSIST_STATE: '0',
    // Two servers on fixed ports, which a second copy could not have.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    PYTHONUNBUFFERED: '1',
    OVERTIME_EMULATOR_CONTAINER_HOST: settings.containerHost,
    OVERTIME_EMULATOR_WORK_DIRECTORY: settings.removedDirectory ?? '',
    ...(settings.callsFile === undefined ? {} : { OVERTIME_EMULATOR_CALLS_FILE: settings.callsFile }),
  };
}
