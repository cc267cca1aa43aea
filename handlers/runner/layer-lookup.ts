import { GetLayerVersionByArnCommand, type LambdaClient, type LayerVersionContentOutput } from '@aws-sdk/client-lambda';
import { messageOf, nameOf, RunnerError } from './errors';
import type { ArchiveLink } from './package/archive';

/** Finds a layer's content, with a fresh link each time. */
export type LookUpLayer = (layerArn: string, signal: AbortSignal) => Promise<ArchiveLink>;

/** @throws {RunnerError} when there is no such layer, or it may not be read */
export function layerLookup(client: LambdaClient): LookUpLayer {
  return async (layerArn, signal) => {
    const { Location, CodeSha256, CodeSize } = await getContent(client, layerArn, signal);
    if (Location === undefined || CodeSha256 === undefined || CodeSize === undefined) {
      throw new RunnerError(
        'LAYER_LOOKUP_FAILED',
        `GetLayerVersionByArn on ${layerArn} left out the location, hash or size of the layer's content.`,
      );
    }
    return { url: Location, sha256: CodeSha256, bytes: CodeSize };
  };
}

async function getContent(
  client: LambdaClient,
  layerArn: string,
  signal: AbortSignal,
): Promise<LayerVersionContentOutput> {
  try {
    const output = await client.send(new GetLayerVersionByArnCommand({ Arn: layerArn }), { abortSignal: signal });
    return output.Content ?? {};
  } catch (cause) {
    throw lookupError(layerArn, cause);
  }
}

function lookupError(layerArn: string, cause: unknown): RunnerError {
  switch (nameOf(cause)) {
    case 'ResourceNotFoundException':
      return new RunnerError(
        'LAYER_NOT_FOUND',
        `There is no layer ${layerArn} any more: the function keeps a version that was deleted, and nobody else can ` +
          'read it. Give the function a version that exists.',
        { cause },
      );
    case 'AccessDeniedException':
      return new RunnerError(
        'LAYER_ACCESS_DENIED',
        `The task role may not call lambda:GetLayerVersion on ${layerArn}: add the layer to layerArns of the runner ` +
          'module, or attach the runner policy to the role given. A layer of another account must allow this account ' +
          `too (aws lambda add-layer-version-permission). Lambda said: ${messageOf(cause)}`,
        { cause },
      );
    default:
      return new RunnerError(
        'LAYER_LOOKUP_FAILED',
        `lambda:GetLayerVersionByArn on ${layerArn} failed: ${messageOf(cause)}`,
        { cause },
      );
  }
}
