/** What both majors of the provider know is all that Overtime uses. */
export const AWS_PROVIDER_VERSIONS = { oldest: '5.100.0', firstTooNew: '7.0.0' } as const;

export const AWS_PROVIDER = {
  source: 'hashicorp/aws',
  version: `>= ${AWS_PROVIDER_VERSIONS.oldest}, < ${AWS_PROVIDER_VERSIONS.firstTooNew}`,
} as const;

/** The first Terraform that runs all that Overtime writes. */
export const OLDEST_TERRAFORM = '1.9';

export const TERRAFORM_VERSION = `>= ${OLDEST_TERRAFORM}`;
