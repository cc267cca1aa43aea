import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';

/** Where a module is deployed: the parts of every ARN that it writes. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export function currentPlace(scope: Construct): Place {
  return {
    partition: new DataAwsPartition(scope, 'partition').partition,
    // Not `name`, which provider 6 deprecates, and not `region`, which provider 5 does not have: `id` is the same in both.
    region: new DataAwsRegion(scope, 'region').id,
    account: currentAccount(scope),
  };
}

/** The account alone, for what writes no ARN. */
export function currentAccount(scope: Construct): string {
  return new DataAwsCallerIdentity(scope, 'account').accountId;
}

/** An ARN in this place. Joined by Terraform: CDKTF mistakes several tokens in one text for escapes, inside a function. */
export function arn({ partition, region, account }: Place, service: string, resource: string): string {
  return Fn.join(':', ['arn', partition, service, region, account, resource]);
}
