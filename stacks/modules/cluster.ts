import { SENTENCES } from '../catalogue';
import { Cluster, type ClusterProps, CONTAINER_INSIGHTS, FARGATE_CAPACITY } from '../cluster';
import { defineModule } from '../module-definition';
import { DEFAULT_LOG_RETENTION_DAYS, LOG_RETENTION_DAYS } from '../parts/checks';
import { VPC_ID } from '../parts/formats';
import { choiceInput, numberInput, textInput } from '../parts/inputs';
import { ofFormat, oneOf } from '../parts/rules';
import { nameInput } from './shared';

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
  log_retention_days: numberInput({
    description: 'How long the log lines of tasks are kept, in days: one of the values that CloudWatch Logs takes.',
    default: DEFAULT_LOG_RETENTION_DAYS,
    rules: [oneOf(LOG_RETENTION_DAYS)],
  }),
};

export const clusterModule = defineModule({
  name: 'cluster',
  sentence: SENTENCES.cluster,
  exampleOf: ['cluster'],
  notes: [],
  inputs,
  build: (stack, values) => {
    const props: Required<ClusterProps> = {
      name: values.name,
      vpcId: values.vpc_id,
      containerInsights: values.container_insights,
      defaultCapacity: values.default_capacity,
      logRetentionDays: values.log_retention_days,
    };
    return new Cluster(stack, 'Default', props).outputs;
  },
});
