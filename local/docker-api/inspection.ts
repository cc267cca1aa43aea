import type { ContainerSettings } from './container-settings';

export type ContainerState =
  | { readonly status: 'created' }
  | { readonly status: 'running'; readonly pid: number; readonly startedAt: Date }
  | { readonly status: 'exited'; readonly exitCode: number; readonly startedAt: Date; readonly finishedAt: Date };

export interface ContainerFacts {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly settings: ContainerSettings;
  readonly state: ContainerState;
}

/** Docker's time of something that has not happened. */
const NEVER = '0001-01-01T00:00:00Z';

/** The answer to an inspect call, as far as MiniStack and the SDKs read it. https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerInspect */
export function inspection({ id, name, createdAt, settings, state }: ContainerFacts) {
  return {
    Id: id,
    Name: `/${name}`,
    Created: createdAt.toISOString(),
    Image: settings.image,
    Config: {
      Image: settings.image,
      Labels: settings.labels,
      Env: Object.entries(settings.environment).map(([key, value]) => `${key}=${value}`),
      Entrypoint: settings.entrypoint ?? null,
      Cmd: settings.command,
      Tty: false,
    },
    State: {
      Status: state.status,
      Running: state.status === 'running',
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: state.status === 'running' ? state.pid : 0,
      ExitCode: state.status === 'exited' ? state.exitCode : 0,
      Error: '',
      StartedAt: state.status === 'created' ? NEVER : state.startedAt.toISOString(),
      FinishedAt: state.status === 'exited' ? state.finishedAt.toISOString() : NEVER,
    },
    HostConfig: {},
    Mounts: [],
    // All containers share this machine's network.
    NetworkSettings: { IPAddress: '127.0.0.1', Networks: { bridge: { IPAddress: '127.0.0.1' } } },
  };
}

/** One row of the list call. */
export function listing(facts: ContainerFacts) {
  return {
    Id: facts.id,
    Names: [`/${facts.name}`],
    Image: facts.settings.image,
    ImageID: facts.settings.image,
    Created: Math.floor(facts.createdAt.getTime() / 1000),
    Labels: facts.settings.labels,
    State: facts.state.status,
    Status: facts.state.status,
  };
}

export interface ListQuery {
  readonly all: boolean;
  /** "name" or "name=value"; all of them must hold. */
  readonly labels: readonly string[];
}

export function isListed(facts: ContainerFacts, { all, labels }: ListQuery): boolean {
  const own = facts.settings.labels;
  return (
    (all || facts.state.status === 'running') &&
    labels.every((label) => {
      const at = label.indexOf('=');
      return at === -1 ? own[label] !== undefined : own[label.slice(0, at)] === label.slice(at + 1);
    })
  );
}
