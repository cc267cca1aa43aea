import { everything as picture } from '../../pictures/patterns/everything';
import { SENTENCES } from '../catalogue';
import { Cluster, type ClusterProps, CONTAINER_INSIGHTS, FARGATE_CAPACITY } from '../cluster';
import { defineModule } from '../module-definition';
import { ARCHITECTURES, DEFAULT_LOG_RETENTION_DAYS, LOG_RETENTION_DAYS } from '../parts/checks';
import { DISK_GIB, EC2_DEFAULTS, IN_ORDER, INSTANCE_TYPE, INSTANCES } from '../parts/ec2-capacity';
import { SUBNET_ID, SUBNETS, VPC_ID } from '../parts/formats';
import { choiceInput, numberInput, structureInput, textInput, textListInput } from '../parts/inputs';
import { each, ofFormat, oneOf, type Rule, wholeNumberWithin } from '../parts/rules';
import { nameInput } from './shared';

const EC2_TYPE = `object({ ${[
  'instance_type = string',
  `architecture = optional(string, "${EC2_DEFAULTS.architecture}")`,
  `desired = optional(number, ${EC2_DEFAULTS.desired})`,
  `min = optional(number, ${EC2_DEFAULTS.min})`,
  `max = optional(number, ${EC2_DEFAULTS.max})`,
  `disk_gib = optional(number, ${EC2_DEFAULTS.diskGiB})`,
].join(', ')} })`;

const field = (name: string, rule: Rule): Rule => ({
  holds: (value) => rule.holds(`${value}.${name}`),
  allowed: `as ${name} ${rule.allowed}`,
});

const inputs = {
  name: nameInput,
  vpc_id: textInput({
    description: 'Id of the VPC in which tasks run: their security group belongs to it.',
    rules: [ofFormat(VPC_ID)],
    example: 'data.aws_vpc.default.id',
  }),
  container_insights: choiceInput(CONTAINER_INSIGHTS, {
    description: 'Metrics of the cluster and its tasks in CloudWatch, which charges for them.',
    default: 'disabled',
  }),
  default_capacity: choiceInput(FARGATE_CAPACITY, {
    description: 'Where tasks go that name no capacity. Those of the starter always name one.',
    default: 'FARGATE',
  }),
  ec2_capacity: structureInput<NonNullable<ClusterProps['ec2Capacity']>>(EC2_TYPE, {
    description:
      'Instances of EC2 beside Fargate, for tasks whose capacity is EC2: instance_type, such as t3.large, with its architecture; how many there are at first (desired), at least and at most; and the disk of each in GiB. Tasks on them have no public address, and need subnets with NAT. Null: none.',
    default: null,
    rules: [
      field('instance_type', ofFormat(INSTANCE_TYPE)),
      field('architecture', oneOf(ARCHITECTURES)),
      field('desired', wholeNumberWithin(INSTANCES)),
      field('min', wholeNumberWithin(INSTANCES)),
      field('max', wholeNumberWithin(INSTANCES)),
      field('disk_gib', wholeNumberWithin(DISK_GIB)),
      {
        holds: (value) => `${value}.min <= ${value}.desired && ${value}.desired <= ${value}.max`,
        allowed: IN_ORDER,
      },
    ],
  }),
  subnet_ids: textListInput({
    description: 'Where those instances run: ids of subnets of the VPC. Empty where there are none.',
    default: [],
    rules: [
      each(ofFormat(SUBNET_ID)),
      {
        holds: (value) =>
          `length(${value}) <= ${SUBNETS.maximum} && (length(${value}) > 0 || var.ec2_capacity == null)`,
        allowed: `1 to ${SUBNETS.maximum} with ec2_capacity`,
      },
    ],
  }),
  log_retention_days: numberInput({
    description: 'How long the log lines of tasks are kept, in days: one of the values that CloudWatch Logs takes.',
    default: DEFAULT_LOG_RETENTION_DAYS,
    rules: [oneOf(LOG_RETENTION_DAYS)],
  }),
};

export const clusterModule = defineModule({
  name: 'cluster',
  sentence: SENTENCES.cluster,
  picture,
  exampleOf: ['cluster'],
  notes: [],
  inputs,
  build: (stack, values) => {
    const props: Required<ClusterProps> = {
      name: values.name,
      vpcId: values.vpc_id,
      containerInsights: values.container_insights,
      defaultCapacity: values.default_capacity,
      ec2Capacity: values.ec2_capacity,
      subnetIds: values.subnet_ids,
      logRetentionDays: values.log_retention_days,
    };
    return new Cluster(stack, 'Default', props).outputs;
  },
});
