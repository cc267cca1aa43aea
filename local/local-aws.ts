import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CACHE_DIRECTORY } from './cache-directory';
import type { ImageCatalogue } from './docker-api/image-catalogue';
import { type ContainerEngine, startContainerEngine } from './docker-api/server';
import {
  administratorEnvironment,
  type EmulatorSettings,
  emulatorEnvironment,
  endpointOf,
} from './emulator-environment';
import { EmulatorError, EmulatorProcess } from './emulator-process';
import { type EmulatorAddress, emulatorAddress, type FoundEngine, findEngine, freePort } from './engine-discovery';
import { providePython } from './python-environment';
import { callsFile } from './recorded-calls';
import type { BackendChoice } from './start-options';

const REGION = 'us-east-1';

/** Twelve digits. Each copy has an account of its own, so that no two mean the same image by the same URL. */
function newAccountId(): string {
  return String(randomInt(100_000_000_000, 1_000_000_000_000));
}

/** Somebody else may take a free port before the emulator does. */
const PORT_ATTEMPTS = 3;

class NoContainerEngineError extends Error {
  override readonly name = 'NoContainerEngineError';
  readonly code = 'NO_CONTAINER_ENGINE';
}

export interface LocalAwsOptions {
  /** What stands for images where tasks are processes. More may be added later. */
  readonly images: ImageCatalogue;
  /** What ECS tasks are. "auto": containers where an engine answers, else processes. */
  readonly backend: BackendChoice;
  /** Socket of the engine, as in `unix:///var/run/docker.sock`. @default - DOCKER_HOST, else that one */
  readonly dockerHost?: string;
  /** Hears what takes time. */
  readonly onProgress: (line: string) => void;
  /**
   * Puts something between the programs and the emulator, such as a proxy that fails on purpose: gets the emulator's
   * address before it starts, and answers the one that Lambda functions and tasks shall have.
   *
   * @default - they have the emulator's
   */
  readonly frontDoor?: (endpoint: string) => Promise<string>;
  /** Gives up the start. A local AWS that is up is stopped with `stop`. */
  readonly signal?: AbortSignal;
  /** Leave the work directory, with the emulator's log, behind. @default false */
  readonly keepData?: boolean;
}

export interface LocalAws {
  /** For example http://127.0.0.1:41234: an IP address, so that S3 clients put the bucket into the path by themselves. */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  readonly accountId: string;
  readonly backend: 'processes' | 'containers';
  /** The engine's DOCKER_HOST where tasks are containers. */
  readonly dockerHost: string | undefined;
  /** What Terraform, the AWS CLI and SDK clients need to be the account's administrator. */
  readonly adminEnvironment: Readonly<Record<string, string>>;
  /** This copy's own folder, removed by `stop`. */
  readonly workDirectory: string;
  /** What the emulator wrote. */
  readonly logFile: string;
  /** Adds programs for images, or replaces them. Where tasks are containers the engine has its own images. */
  readonly addImages: (images: ImageCatalogue) => void;
  /** Ends the emulator, Lambda functions and tasks, and removes what they left. May be called more than once. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts an AWS of this machine's own with IAM enforced. Any number of copies may run at once. All of it ends with
 * this process, even where that is killed.
 *
 * @throws {PythonEnvironmentError} where the emulator cannot be installed
 * @throws {NoContainerEngineError} where containers are asked for and no engine answers
 * @throws {EmulatorError} where the emulator does not come up, with the last lines of its log
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const engine = await chosenEngine(options);
  const { onProgress, signal } = options;
  const python = await providePython({
    cacheDirectory: CACHE_DIRECTORY,
    env: process.env,
    onProgress,
    ...(signal === undefined ? {} : { signal }),
  });
  const workDirectory = await mkdtemp(path.join(tmpdir(), 'overtime-aws-'));
  try {
    return await start(options, { engine, python, workDirectory, address: await emulatorAddress(engine) });
  } catch (error) {
    await rm(workDirectory, { recursive: true, force: true });
    throw error;
  }
}

async function chosenEngine({ backend, dockerHost }: LocalAwsOptions): Promise<FoundEngine | undefined> {
  const engine = backend === 'processes' ? undefined : await findEngine(dockerHost, process.env);
  if (backend === 'containers' && engine === undefined) {
    throw new NoContainerEngineError(
      'No container engine answers: start one and name its Unix socket in DOCKER_HOST, or take the backend "processes".',
    );
  }
  return engine;
}

interface Ground {
  readonly engine: FoundEngine | undefined;
  readonly address: EmulatorAddress;
  readonly python: string;
  readonly workDirectory: string;
}

async function start(options: LocalAwsOptions, ground: Ground): Promise<LocalAws> {
  const { engine, workDirectory } = ground;
  const folder = (name: string) => path.join(workDirectory, name);
  await Promise.all(['home', 'tmp', 'containers'].map((name) => mkdir(folder(name))));
  let emulator: EmulatorProcess | undefined;
  const processes =
    engine === undefined
      ? await startContainerEngine({
          socketPath: folder('docker.sock'),
          directory: folder('containers'),
          searchPath: process.env['PATH'] ?? '',
          now: () => new Date(),
          onGroup: (event, pid) => emulator?.tell(event, pid),
        })
      : undefined;
  processes?.addImages(options.images);
  try {
    const started = await startEmulator(options, ground, engine?.dockerHost ?? processes?.dockerHost ?? '');
    emulator = started.emulator;
    options.onProgress(`A local AWS answers at ${endpointOf(started.settings)}`);
    return localAws(options, ground, { ...started, processes });
  } catch (error) {
    await processes?.stop();
    throw error;
  }
}

interface Started {
  readonly emulator: EmulatorProcess;
  readonly settings: EmulatorSettings;
}

async function startEmulator(options: LocalAwsOptions, ground: Ground, dockerHost: string): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    const settings = await emulatorSettings(options, ground, dockerHost);
    try {
      const emulator = await EmulatorProcess.start({
        python: ground.python,
        environment: emulatorEnvironment(settings),
        endpoint: endpointOf(settings),
        logFile: logFileOf(ground),
        directory: ground.workDirectory,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      return { emulator, settings };
    } catch (error) {
      const lostPort = error instanceof EmulatorError && /already in use/i.test(error.message);
      if (!lostPort || attempt === PORT_ATTEMPTS) {
        throw error;
      }
    }
  }
}

async function emulatorSettings(
  { keepData, frontDoor }: LocalAwsOptions,
  { address, workDirectory }: Ground,
  dockerHost: string,
): Promise<EmulatorSettings> {
  const port = await freePort(address.bindHost);
  if (port === undefined) {
    throw new EmulatorError(`No port is free at ${address.bindHost}.`);
  }
  const endpoint = endpointOf({ bindHost: address.bindHost, port });
  return {
    ...address,
    port,
    programsEndpoint: frontDoor === undefined ? endpoint : await frontDoor(endpoint),
    dockerHost,
    accountId: newAccountId(),
    region: REGION,
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
    homeDirectory: path.join(workDirectory, 'home'),
    temporaryDirectory: path.join(workDirectory, 'tmp'),
    removedDirectory: keepData === true ? undefined : workDirectory,
    searchPath: process.env['PATH'] ?? '',
    callsFile: callsFile(process.env),
  };
}

function logFileOf({ workDirectory }: Ground): string {
  return path.join(workDirectory, 'emulator.log');
}

function localAws(
  options: LocalAwsOptions,
  ground: Ground,
  { emulator, settings, processes }: Started & { readonly processes: ContainerEngine | undefined },
): LocalAws {
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await emulator.stop();
    await processes?.stop();
    if (options.keepData !== true) {
      await rm(ground.workDirectory, { recursive: true, force: true });
    }
  };
  return {
    endpoint: endpointOf(settings),
    port: settings.port,
    region: settings.region,
    accountId: settings.accountId,
    backend: ground.engine === undefined ? 'processes' : 'containers',
    dockerHost: ground.engine?.dockerHost,
    adminEnvironment: administratorEnvironment(settings),
    workDirectory: ground.workDirectory,
    logFile: logFileOf(ground),
    addImages: (images) => processes?.addImages(images),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
