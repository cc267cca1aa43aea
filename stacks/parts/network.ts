import { DataAwsSubnets } from '@cdktf/provider-aws/lib/data-aws-subnets';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import type { Construct } from 'constructs';
import type { ChosenNetwork, Network } from '../deployment';

/** The network of a deployment, with the ids of the default VPC looked up in `scope`. */
export function resolveNetwork(scope: Construct, network: Network): ChosenNetwork {
  if (network !== 'default-vpc') {
    return network;
  }
  const vpc = new DataAwsVpc(scope, 'vpc', { default: true });
  const subnets = new DataAwsSubnets(scope, 'subnets', {
    filter: [
      { name: 'vpc-id', values: [vpc.id] },
      // The ones that AWS made, which are public: somebody's own in the same VPC need not be.
      { name: 'default-for-az', values: ['true'] },
    ],
  });
  return { vpcId: vpc.id, subnetIds: subnets.ids, assignPublicIp: true };
}
