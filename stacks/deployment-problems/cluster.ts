import { type ClusterProps, clusterProblems } from '../cluster';
import type { Modules } from '../deployment';
import type { Problem } from '../parts/checks';
import type { Ec2Capacity } from '../parts/ec2-capacity';
import { type Kind, number, optional, readFields, text } from '../parts/fields';
import { type Kinds, within } from './fields-of-module';

const EC2_CAPACITY: Kinds<Ec2Capacity> = {
  instanceType: text,
  architecture: optional(text),
  desired: optional(number),
  min: optional(number),
  max: optional(number),
  diskGiB: optional(number),
};

const ec2Capacity: Kind = {
  allowed: 'an object of { instanceType, architecture, desired, min, max, diskGiB }, of which instanceType is needed',
  fits: (value) => readFields('', value, EC2_CAPACITY).problems.length === 0,
};

const CLUSTER: Kinds<NonNullable<Modules['cluster']>> = {
  containerInsights: optional(text),
  defaultCapacity: optional(text),
  ec2Capacity: optional(ec2Capacity),
  logRetentionDays: optional(number),
};

export function clusterModuleProblems(value: unknown): readonly Problem[] {
  // The subnets of instances are the network's.
  return within<ClusterProps>('modules.cluster', value, CLUSTER, (props) =>
    clusterProblems(props).filter(({ field }) => field !== 'subnetIds'),
  );
}
