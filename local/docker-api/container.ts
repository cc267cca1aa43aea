import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../engine-discovery';
import { ContainerLog } from './container-log';
import { ContainerProcess } from './container-process';
import { type ContainerFolders, type ContainerSettings, commandLine, processEnvironment } from './container-settings';
import type { ImageProgram } from './image-catalogue';
import type { ContainerFacts, ContainerState } from './inspection';

const LOOPBACK = '127.0.0.1';

export interface ContainerOptions {
  readonly id: string;
  readonly name: string;
  readonly settings: ContainerSettings;
  readonly image: ImageProgram;
  /** The container's own folder: made at its start, removed with it. */
  readonly directory: string;
  /** Where programs are searched: of the machine's environment the one thing that a container sees. */
  readonly searchPath: string;
  readonly now: () => Date;
  /** Hears of the process group, so that somebody can end it should this process die. */
  readonly onGroup: (event: 'group' | 'ended', pid: number) => void;
}

/** A container that is a process group of this machine. */
export class Container {
  readonly log = new ContainerLog();
  readonly #options: ContainerOptions;
  readonly #createdAt: Date;
  #state: ContainerState = { status: 'created' };
  #process: ContainerProcess | undefined;
  readonly #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;

  constructor(options: ContainerOptions) {
    this.#options = options;
    this.#createdAt = options.now();
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get facts(): ContainerFacts {
    const { id, name, settings } = this.#options;
    return { id, name, settings, createdAt: this.#createdAt, state: this.#state };
  }

  /** @throws {Error} with the system's code when the program cannot be started */
  async start(): Promise<void> {
    const { settings, image, searchPath, now, onGroup } = this.#options;
    const folders = await this.#makeFolders();
    const startedAt = now();
    const process = await ContainerProcess.start({
      commandLine: commandLine(image, settings),
      environment: {
        ...processEnvironment(image, settings, folders, searchPath),
        ...(await ownPorts(image.portVariables ?? [])),
      },
      workingDirectory: image.workingDirectory ?? folders.task,
      log: this.log,
      onEnd: (exitCode) => {
        this.#state = { status: 'exited', exitCode, startedAt, finishedAt: now() };
        onGroup('ended', process.pid);
        this.#resolveEnded();
      },
    });
    this.#process = process;
    this.#state = { status: 'running', pid: process.pid, startedAt };
    onGroup('group', process.pid);
  }

  /** Waits for the end. @returns the exit code */
  async wait(): Promise<number> {
    await this.#ended;
    return this.#state.status === 'exited' ? this.#state.exitCode : 0;
  }

  signal(signal: NodeJS.Signals): void {
    if (signal === 'SIGKILL') {
      this.#process?.kill();
    } else {
      this.#process?.signal(signal);
    }
  }

  /** SIGTERM, then SIGKILL to all of it where the time runs out. Returns when it has ended. */
  async stop(timeoutSeconds: number): Promise<void> {
    if (this.#state.status !== 'running') {
      return;
    }
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), timeoutSeconds * 1000);
    await this.#ended;
    clearTimeout(timer);
  }

  /** Ends what still runs, and removes the container's folder. */
  async remove(): Promise<void> {
    await this.stop(0);
    await rm(this.#options.directory, { recursive: true, force: true });
  }

  async #makeFolders(): Promise<ContainerFolders> {
    const inside = (name: string) => path.join(this.#options.directory, name);
    const folders = {
      task: inside('task'),
      layers: inside('layers'),
      work: inside('work'),
      temporary: inside('tmp'),
      home: inside('home'),
    };
    await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })));
    return folders;
  }
}

async function ownPorts(variables: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const ports = await Promise.all(variables.map(async (name) => [name, String(await freePort(LOOPBACK))] as const));
  return Object.fromEntries(ports);
}
