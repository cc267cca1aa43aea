import type { TaskOverride } from '@aws-sdk/client-ecs';
import type { FargateSize } from '../../stacks/parts/fargate-sizes';
import { gzipText, utf8Bytes } from '../shared/payload';
import { type ObjectPointer, type Payload, RUN_ENVIRONMENT_VARIABLE, type RunEnvelope } from '../shared/run';
import { OVERRIDES_CHARACTERS } from './limits';

/** All that the overrides of a run carry. The function's own environment is not part of it: DescribeTasks shows overrides. */
export interface OverridesRequest {
  readonly containerName: string;
  readonly size: FargateSize;
  readonly storageGiB: number | undefined;
  readonly taskRoleArn: string | undefined;
  readonly envelope: Omit<RunEnvelope, 'input'>;
  readonly input: unknown;
  /** Where the input goes if it does not fit; `undefined` when the deployment has no bucket. */
  readonly location: ObjectPointer | undefined;
}

export interface Upload extends ObjectPointer {
  /** The input's JSON text. */
  readonly body: string;
}

export type PackedOverrides =
  | { readonly kind: 'packed'; readonly overrides: TaskOverride; readonly upload: Upload | undefined }
  | { readonly kind: 'too-large'; readonly inlineBytes: number; readonly gzipBytes: number };

function withInput(request: OverridesRequest, input: Payload): TaskOverride {
  const { containerName, size, storageGiB, taskRoleArn } = request;
  const envelope: RunEnvelope = { ...request.envelope, input };
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

/** The overrides of a run with its input as it is if that fits, else gzipped, else as a pointer to an object. */
export function packOverrides(request: OverridesRequest): PackedOverrides {
  const inline = withInput(request, { inline: request.input });
  const inlineBytes = overridesBytes(inline);
  if (inlineBytes <= OVERRIDES_CHARACTERS) {
    return { kind: 'packed', overrides: inline, upload: undefined };
  }
  const body = JSON.stringify(request.input);
  const gzipped = withInput(request, { gzip: gzipText(body) });
  const gzipBytes = overridesBytes(gzipped);
  if (gzipBytes <= OVERRIDES_CHARACTERS) {
    return { kind: 'packed', overrides: gzipped, upload: undefined };
  }
  const { location } = request;
  return location === undefined
    ? { kind: 'too-large', inlineBytes, gzipBytes }
    : { kind: 'packed', overrides: withInput(request, { s3: location }), upload: { ...location, body } };
}
