/** What both majors of the provider know is all that Overtime uses. */
export const AWS_PROVIDER = { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } as const;

/** The first Terraform that runs all that Overtime writes. */
export const TERRAFORM_VERSION = '>= 1.9';
