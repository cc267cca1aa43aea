import type { GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import type { RunnerErrorCode } from '../errors';
import { unreadable } from '../function-description';
import { environmentSha256 } from './environment-sha256';
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
 * Whether a function still has the image and the variables that the task has: both are what Terraform read, and a function
 * that was changed since would run as it was before without a word.
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
  const { ImageUri: current, ResolvedImageUri } = output.Code ?? {};
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
  if (!isSameImage(imageUri, current, ResolvedImageUri)) {
    return {
      kind: 'refused',
      code: 'IMAGE_OUTDATED',
      message:
        `${functionArn} has the image ${ResolvedImageUri ?? current} now, and this task runs ${imageUri}: ` +
        'run "terraform apply", which reads the function anew.',
    };
  }
  if (environmentSha256(Environment?.Variables ?? {}) !== container.environmentSha256) {
    return {
      kind: 'refused',
      code: 'CONFIGURATION_OUTDATED',
      message:
        `The environment variables of ${functionArn} were changed since this task's definition was made, and the task ` +
        'has the old ones: run "terraform apply", which reads the function anew.',
    };
  }
  return { kind: 'runnable', description: { container, codeSha256: output.Configuration?.CodeSha256 ?? '' } };
}

/**
 * Lambda runs the image that a tag named when the function was deployed, and goes on doing so when the tag moves. A task
 * that names its image by digest is compared by digest.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html
 */
function isSameImage(ofTask: string, imageUri: string, resolvedUri: string | undefined): boolean {
  const digest = digestOf(ofTask);
  return digest === undefined ? ofTask === imageUri : digest === digestOf(resolvedUri ?? imageUri);
}

/** `undefined` for an image that is named by a tag, which may move. */
export function digestOf(uri: string): string | undefined {
  return uri.split('@')[1];
}
