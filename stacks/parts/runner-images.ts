import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { conditional, Fn, type IResolvable, Op, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { CheckException } from './check-exception';
import { pullImages } from './permissions';
import { policyDocument } from './policy-document';
import { expression } from './terraform-text';

/**
 * Where the runner's images come from:
 * - `public`: nowhere. A task runs on AWS's public Lambda base images as they are, in two containers: Node.js's, in
 *   which the runner is fetched from the payload bucket, and that of the function's own runtime. It needs neither Docker
 *   nor a registry.
 * - `repository`: an ECR repository of the module's own, to which `npm run images -- --push` pushes one image for each
 *   runtime. A task is one container, and starts faster; its image is pinned, and private subnets reach it without NAT.
 */
export const RUNNER_IMAGES = ['public', 'repository'] as const;

export type RunnerImages = (typeof RUNNER_IMAGES)[number];

export const DEFAULT_RUNNER_IMAGES: RunnerImages = 'public';

/** The registry and folder of AWS's base images: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html */
export const BASE_IMAGE_PREFIX = 'public.ecr.aws/lambda';

export interface ImageRepositoryProps {
  readonly name: string;
  readonly runnerImages: RunnerImages;
  readonly forceDelete: boolean | IResolvable;
}

export interface ImageRepository {
  /** Whether there is one: an expression, as a variable of a generated module says so. */
  readonly isThere: TerraformLocal;
  /** None or one. */
  readonly arns: TerraformLocal;
  /** None or one. */
  readonly urls: TerraformLocal;
}

const UNTAGGED_IMAGE_DAYS = 7;

/** What checkov asks of the repository besides. */
export const REPOSITORY_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'CKV_AWS_51',
    asks: 'immutable tags in the repository',
    at: /^runner: aws_ecr_repository\.images$/,
    why: 'A tag is a runtime, and is pushed again with each release of the runner.',
  },
  {
    rule: 'CKV_AWS_136',
    asks: 'a KMS key for the repository',
    at: /^runner: aws_ecr_repository\.images$/,
    why: 'ECR encrypts with a key of its own, and the images hold public base images and our program.',
  },
];

/**
 * The repository of the runner's images, where one is asked for. A tag is a key of the runtimes and is pushed again with
 * each release, so tags are mutable; a task that ECS starts later pulls the newest, and what has lost its tag expires.
 */
export function imageRepository(scope: Construct, props: ImageRepositoryProps): ImageRepository {
  const { name, runnerImages, forceDelete } = props;
  const isThere = new TerraformLocal(
    scope,
    'has_image_repository',
    Token.isUnresolved(runnerImages) ? Op.eq(runnerImages, 'repository') : runnerImages === 'repository',
  );
  const count = oneIf(isThere.expression);
  const repository = new EcrRepository(scope, 'images', {
    count,
    name: `${name}-runner`,
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: [{ encryptionType: 'AES256' }],
    forceDelete,
  });
  const all = `${repository.terraformResourceType}.${repository.friendlyUniqueId}[*]`;
  const names = new TerraformLocal(scope, 'image_repository_names', expression(`${all}.name`));
  new EcrLifecyclePolicy(scope, 'images_expiry', {
    count,
    repository: Token.asString(Fn.one(names.asList)),
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
  return {
    isThere,
    arns: new TerraformLocal(scope, 'image_repository_arns', expression(`${all}.arn`)),
    urls: new TerraformLocal(scope, 'image_repository_urls', expression(`${all}.repository_url`)),
  };
}

/** Lets ECS pull from the repositories, a list that may turn out empty, for which IAM takes no statement. */
export function pullPolicy(scope: Construct, execution: IamRole, repositoryArns: TerraformLocal): void {
  new IamRolePolicy(scope, 'execution_images', {
    count: oneIf(Op.gte(Fn.lengthOf(repositoryArns.asList), 1)),
    name: 'images',
    role: execution.name,
    policy: policyDocument(pullImages(repositoryArns.asList)),
  });
}

function oneIf(condition: IResolvable | string): number {
  return Token.asNumber(conditional(condition, 1, 0));
}
