import * as v from 'valibot';
import type { ImageProgram } from './image-catalogue';

const texts = v.nullish(
  v.union([
    v.pipe(
      v.string(),
      v.transform((text) => [text]),
    ),
    v.array(v.string()),
  ]),
);

/** What a create call asks for, as far as a process can have it. Docker's other members mean nothing to a process. */
const createBody = v.object({
  Image: v.string(),
  Env: v.nullish(v.array(v.string()), []),
  Entrypoint: texts,
  Cmd: texts,
  Labels: v.nullish(v.record(v.string(), v.string()), {}),
});

export interface ContainerSettings {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `undefined`: the image's own. */
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** @throws {v.ValiError} on a body that Docker would refuse too */
export function parseCreateBody(body: unknown): ContainerSettings {
  const { Image, Env, Entrypoint, Cmd, Labels } = v.parse(createBody, body);
  return {
    image: Image,
    environment: Object.fromEntries((Env ?? []).map(nameAndValue)),
    entrypoint: Entrypoint ?? undefined,
    command: Cmd ?? [],
    labels: Labels ?? {},
  };
}

function nameAndValue(entry: string): readonly [string, string] {
  const at = entry.indexOf('=');
  return at === -1 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
}

/** The program and its arguments: https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact */
export function commandLine(image: ImageProgram, settings: ContainerSettings): readonly string[] {
  const [program = '', ...args] = [...(settings.entrypoint ?? image.entrypoint), ...settings.command];
  return [image.programs?.[program] ?? program, ...args];
}

/** Folders that belong to one container alone. */
export interface ContainerFolders {
  readonly task: string;
  readonly layers: string;
  readonly work: string;
  readonly temporary: string;
  readonly home: string;
}

/**
 * The whole environment of a container's process. Of the developer's own it has the search path alone: no credentials,
 * no settings of theirs reach a task.
 */
export function processEnvironment(
  image: ImageProgram,
  settings: ContainerSettings,
  folders: ContainerFolders,
  searchPath: string,
): Readonly<Record<string, string>> {
  return {
    PATH: searchPath,
    HOME: folders.home,
    TMPDIR: folders.temporary,
    OVERTIME_TASK_ROOT: folders.task,
    OVERTIME_LAYERS_ROOT: folders.layers,
    OVERTIME_WORK_ROOT: folders.work,
    ...image.environment,
    ...settings.environment,
  };
}
