import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { Fn, type IResolvable } from 'cdktf';
import type { Construct } from 'constructs';

export interface ImageRepositoryProps {
  readonly name: string;
  readonly forceDelete: boolean | IResolvable;
}

const UNTAGGED_IMAGE_DAYS = 7;

/**
 * The repository of the runner's images. A tag is a key of the runtimes and is pushed again with each release, so tags
 * are mutable; a task that ECS starts later pulls the newest, and what has lost its tag expires.
 */
export function imageRepository(scope: Construct, props: ImageRepositoryProps): EcrRepository {
  const repository = new EcrRepository(scope, 'images', {
    name: `${props.name}-runner`,
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: [{ encryptionType: 'AES256' }],
    forceDelete: props.forceDelete,
  });
  new EcrLifecyclePolicy(scope, 'images_expiry', {
    repository: repository.name,
    policy: Fn.jsonencode({
      rules: [
        {
          rulePriority: 1,
          description: `Images without a tag expire after ${UNTAGGED_IMAGE_DAYS} days.`,
          selection: {
            tagStatus: 'untagged',
            countType: 'sinceImagePushed',
            countUnit: 'days',
            countNumber: UNTAGGED_IMAGE_DAYS,
          },
          action: { type: 'expire' },
        },
      ],
    }),
  });
  return repository;
}
