import type { GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import type { RunnerErrorCode } from '../errors';
import { unreadable } from '../function-description';
import type { ImageContainer } from './runtime-container';

/** A container-image function. All that it needs is in its task definition. */
export interface ImageFunction {
  /** Another one when the function has changed; '' where Lambda does not say. */
  readonly codeSha256: string;
  readonly container: ImageContainer;
}

export type DescribedImage =
  | { readonly kind: 'runnable'; readonly description: ImageFunction }
  | { readonly kind: 'refused'; readonly code: RunnerErrorCode; readonly message: string };

/**
 * Whether a function still has the image that the task runs: ECS runs what Terraform read, and a function that was
 * deployed since would run in an old version without a word.
 *
 * @param output what GetFunction said
 */
export function describeImage(
  functionArn: string,
  output: GetFunctionCommandOutput,
  container: ImageContainer,
): DescribedImage {
  const { imageUri } = container;
  const { Environment, FileSystemConfigs = [], KMSKeyArn } = output.Configuration ?? {};
  const current = output.Code?.ImageUri;
  if (current === undefined) {
    return {
      kind: 'refused',
      code: 'RUNTIME_MISMATCH',
      message: `${functionArn} is no container image, and this task runs ${imageUri}: run it on another task definition.`,
    };
  }
  if (Environment?.Error !== undefined) {
    const subject = `the environment variables of ${functionArn}`;
    return {
      kind: 'refused',
      code: 'FUNCTION_ENVIRONMENT_UNREADABLE',
      message: unreadable(subject, Environment.Error, KMSKeyArn),
    };
  }
  if (FileSystemConfigs.length > 0) {
    const paths = FileSystemConfigs.map(({ LocalMountPath }) => LocalMountPath).join(', ');
    return {
      kind: 'refused',
      code: 'FILE_SYSTEM_NOT_MOUNTED',
      message:
        `${functionArn} has a file system at ${paths}, which its task definition does not mount: give a taskDefinition ` +
        'of yours that does, with an image that has the runner.',
    };
  }
  return current === imageUri
    ? { kind: 'runnable', description: { container, codeSha256: output.Configuration?.CodeSha256 ?? '' } }
    : {
        kind: 'refused',
        code: 'IMAGE_OUTDATED',
        message:
          `${functionArn} has the image ${current} now, and this task runs ${imageUri}: run "terraform apply", which ` +
          'reads the function anew.',
      };
}
