import type { TaskOverride } from '@aws-sdk/client-ecs';
import { utf8Bytes } from '../shared/payload';
import { CONTAINER_VARIABLES, type ObjectPointer, type Payload } from '../shared/run';
import { OVERRIDES_CHARACTERS } from './limits';
import { overridesBytes, type Upload } from './overrides';

/** All that the overrides of a container run carry but what changes from one attempt to the next. */
export interface ContainerOverridesInput {
  readonly containerName: string;
  readonly size: { readonly cpu?: number; readonly memoryMiB?: number };
  readonly storageGiB?: number | undefined;
  readonly taskRoleArn?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly input?: Payload | undefined;
}

function inputVariable(input: Payload | undefined): Readonly<Record<string, string>> {
  if (input === undefined) {
    return {};
  }
  if ('s3' in input) {
    return { [CONTAINER_VARIABLES.inputUri]: `s3://${input.s3.bucket}/${input.s3.key}` };
  }
  return 'inline' in input ? { [CONTAINER_VARIABLES.input]: JSON.stringify(input.inline) } : {};
}

export function containerOverrides(
  run: ContainerOverridesInput,
  { runId, attempt }: { readonly runId: string; readonly attempt: number },
): TaskOverride {
  const { containerName, size, storageGiB, taskRoleArn, command, environment, input } = run;
  const variables = {
    ...environment,
    [CONTAINER_VARIABLES.runId]: runId,
    [CONTAINER_VARIABLES.attempt]: String(attempt),
    ...inputVariable(input),
  };
  return {
    // Of the task, as the request means them: what its containers have of it the task definition says.
    ...(size.cpu === undefined ? {} : { cpu: String(size.cpu) }),
    ...(size.memoryMiB === undefined ? {} : { memory: String(size.memoryMiB) }),
    ...(storageGiB === undefined ? {} : { ephemeralStorage: { sizeInGiB: storageGiB } }),
    ...(taskRoleArn === undefined ? {} : { taskRoleArn }),
    containerOverrides: [
      {
        name: containerName,
        ...(command === undefined ? {} : { command: [...command] }),
        environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
      },
    ],
  };
}

export type PackedContainerInput =
  | { readonly kind: 'packed'; readonly input: Payload | undefined; readonly upload: Upload | undefined }
  | { readonly kind: 'no-bucket'; readonly bytes: number }
  /** Not even a pointer fits, or there is no input: the rest of the overrides takes it all. */
  | { readonly kind: 'too-large'; readonly bytes: number };

/**
 * The input of a container run as its overrides take it: as it is if they stay short enough, else as a pointer. Not
 * gzipped: the container is no program of ours. Measured with the last attempt's number, so that what fits fits for each.
 */
export function packContainerInput(
  run: Omit<ContainerOverridesInput, 'input'>,
  last: { readonly runId: string; readonly attempt: number },
  input: unknown,
  location: ObjectPointer | undefined,
): PackedContainerInput {
  const bytesWith = (payload: Payload | undefined) =>
    overridesBytes(containerOverrides({ ...run, input: payload }, last));
  const inline = input === undefined ? undefined : { inline: input };
  const inlineBytes = bytesWith(inline);
  if (inlineBytes <= OVERRIDES_CHARACTERS) {
    return { kind: 'packed', input: inline, upload: undefined };
  }
  if (inline === undefined) {
    return { kind: 'too-large', bytes: inlineBytes };
  }
  if (location === undefined) {
    return { kind: 'no-bucket', bytes: inlineBytes };
  }
  const pointer = { s3: { bucket: location.bucket, key: location.key } };
  const bytes = bytesWith(pointer);
  return bytes <= OVERRIDES_CHARACTERS
    ? { kind: 'packed', input: pointer, upload: { ...location, body: JSON.stringify(input) } }
    : { kind: 'too-large', bytes };
}

/** What the ledger says of the input's size. */
export function inputBytesOf(input: unknown): number {
  return input === undefined ? 0 : utf8Bytes(JSON.stringify(input));
}
