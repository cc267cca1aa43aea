import type { TaskOverride } from '@aws-sdk/client-ecs';
import type { FargateSize } from '../../stacks/parts/fargate-sizes';
import { gzipText, utf8Bytes } from '../shared/payload';
import { type ObjectPointer, type Payload, RUN_ENVIRONMENT_VARIABLE, type RunEnvelope } from '../shared/run';
import { OVERRIDES_CHARACTERS } from './limits';

/** All that the overrides of a run carry. The function's own environment is not part of it: DescribeTasks shows overrides. */
export interface OverridesInput {
  readonly containerName: string;
  readonly size: FargateSize;
  readonly storageGiB: number | undefined;
  readonly taskRoleArn: string | undefined;
  readonly envelope: RunEnvelope;
}

export interface PackRequest extends Omit<OverridesInput, 'envelope'> {
  /** With the last attempt's number, so that what fits fits for each. */
  readonly envelope: Omit<RunEnvelope, 'input'>;
  readonly input: unknown;
  /** Where the input goes if it does not fit; `undefined` when the deployment has no bucket. */
  readonly location: ObjectPointer | undefined;
}

export interface Upload extends ObjectPointer {
  /** The input's JSON text. */
  readonly body: string;
}

export type PackedInput =
  | { readonly kind: 'packed'; readonly input: Payload; readonly upload: Upload | undefined }
  | { readonly kind: 'no-bucket'; readonly inlineBytes: number; readonly gzipBytes: number }
  /** Not even a pointer fits: the rest of the overrides takes it all. */
  | { readonly kind: 'too-large'; readonly bytes: number };

export function taskOverrides({
  containerName,
  size,
  storageGiB,
  taskRoleArn,
  envelope,
}: OverridesInput): TaskOverride {
  return {
    // Of the task, not of the container: the runner's container has no limit of its own, so that it gets all of it.
    cpu: String(size.cpu),
    memory: String(size.memoryMiB),
    ...(storageGiB === undefined ? {} : { ephemeralStorage: { sizeInGiB: storageGiB } }),
    ...(taskRoleArn === undefined ? {} : { taskRoleArn }),
    containerOverrides: [
      { name: containerName, environment: [{ name: RUN_ENVIRONMENT_VARIABLE, value: JSON.stringify(envelope) }] },
    ],
  };
}

/** The length that ECS bounds, quotes and escapes included, counted as limits.ts says. */
export function overridesBytes(overrides: TaskOverride): number {
  return utf8Bytes(JSON.stringify(overrides));
}

/** The input of a run as its overrides take it: as it is if they stay short enough, else gzipped, else as a pointer. */
export function packInput(request: PackRequest): PackedInput {
  const bytesWith = (input: Payload) =>
    overridesBytes(taskOverrides({ ...request, envelope: { ...request.envelope, input } }));
  const inline = { inline: request.input };
  const inlineBytes = bytesWith(inline);
  if (inlineBytes <= OVERRIDES_CHARACTERS) {
    return { kind: 'packed', input: inline, upload: undefined };
  }
  const body = JSON.stringify(request.input);
  const gzipped = { gzip: gzipText(body) };
  const gzipBytes = bytesWith(gzipped);
  if (gzipBytes <= OVERRIDES_CHARACTERS) {
    return { kind: 'packed', input: gzipped, upload: undefined };
  }
  const { location } = request;
  if (location === undefined) {
    return { kind: 'no-bucket', inlineBytes, gzipBytes };
  }
  const pointer = { s3: { bucket: location.bucket, key: location.key } };
  const bytes = bytesWith(pointer);
  return bytes <= OVERRIDES_CHARACTERS
    ? { kind: 'packed', input: pointer, upload: { ...location, body } }
    : { kind: 'too-large', bytes };
}
