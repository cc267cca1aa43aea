import { activities as picture } from '../../pictures/patterns/activities';
import { Activities } from '../activities';
import {
  type ActivitiesProps,
  DEFAULT_FAILED_TASKS_THRESHOLD,
  DEFAULT_LATE_TASK_SECONDS,
  FAILED_TASKS_THRESHOLD,
  LATE_TASK_SECONDS,
} from '../activities-props';
import { SENTENCES } from '../catalogue';
import { defineModule } from '../module-definition';
import { ACTIVITY_KEY, COUNT, ACTIVITY_DEFAULTS as DEFAULTS, HEARTBEAT_SECONDS, RETRIES } from '../parts/activity';
import { ACROSS, TOGETHER } from '../parts/activity-problems';
import { ARCHITECTURES, POLICY_ARNS } from '../parts/checks';
import { FARGATE_SIZES } from '../parts/fargate-sizes';
import { FUNCTION_REFERENCE, POLICY_ARN, ROLE_ARN } from '../parts/formats';
import { numberInput, structureInput } from '../parts/inputs';
import { LAMBDA_RUNTIMES } from '../parts/lambda-runtimes';
import {
  asManyAs,
  each,
  eachKey,
  eachOfSize,
  ofFormat,
  oneOf,
  orNull,
  type Rule,
  wholeNumberWithin,
} from '../parts/rules';
import { DEFAULT_SIZE } from '../parts/runtimes';
import {
  CAPACITIES,
  CONCURRENCY,
  EC2_CPU,
  EC2_MEMORY_MIB,
  EPHEMERAL_STORAGE_GIB,
  IDLE_SECONDS,
  PACKAGE_TYPES,
  WORK_TIMEOUT_SECONDS,
} from '../parts/worker';
import { nameInput } from './shared';
import { workerPlace, workerPlaceInputs } from './worker-place';

/** The fields of ActivityRow in stacks/parts/activity-rows.ts. */
const ACTIVITY_TYPE = `map(object({ ${[
  'function_name = optional(string)',
  'qualifier = optional(string)',
  `package_type = optional(string, "${DEFAULTS.packageType}")`,
  'image_config = optional(object({ entry_point = optional(list(string)), command = optional(list(string)), working_directory = optional(string) }))',
  'runtime = optional(string)',
  `architecture = optional(string, "${DEFAULTS.architecture}")`,
  'image = optional(string)',
  'command = optional(list(string))',
  'commands = optional(list(string))',
  `cpu = optional(number, ${DEFAULT_SIZE.cpu})`,
  `memory_mib = optional(number, ${DEFAULT_SIZE.memoryMiB})`,
  'ephemeral_storage_gib = optional(number)',
  `count = optional(number, ${DEFAULTS.count})`,
  `capacity = optional(string, "${DEFAULTS.capacity}")`,
  'environment = optional(map(string), {})',
  `concurrency = optional(number, ${DEFAULTS.concurrency})`,
  `heartbeat_seconds = optional(number, ${DEFAULTS.heartbeatSeconds})`,
  `timeout_seconds = optional(number, ${DEFAULTS.timeoutSeconds})`,
  'idle_seconds = optional(number)',
  `retries = optional(number, ${DEFAULTS.retries})`,
  'policy_arns = optional(list(string), [])',
  'task_role_arn = optional(string)',
].join(', ')} }))`;

const named = (rule: Rule, name: string): Rule => ({ ...rule, allowed: `as ${name} ${rule.allowed}` });

const field = (name: string, rule: Rule) => each(named(rule, name), `item.${name}`);

const optionalField = (name: string, rule: Rule) => field(name, orNull(rule));

const onFargate: Rule = {
  holds: (value) => eachOfSize(FARGATE_SIZES).holds(`[for row in ${value} : row if row.capacity != "EC2"]`),
  allowed: 'as cpu and memory_mib on Fargate a pair that it has, such as 1024 and 2048',
};

const onInstances = (name: string, rule: Rule): Rule => ({
  holds: (value) => each(rule, `item.${name}`).holds(`[for row in ${value} : row if row.capacity == "EC2"]`),
  allowed: `as ${name} on EC2 ${rule.allowed}`,
});

const inputs = {
  name: nameInput,
  activities: structureInput<ActivitiesProps['activities']>(ACTIVITY_TYPE, {
    description: [
      'The activities and their workers, by a key that is part of their names.',
      "function_name is a function's name or ARN, with its runtime and architecture, or with package_type Image; image is that of a runner of your own, and command what carries a task out there in place of a function; commands are words for the runner's command line, and name no function that function_name does not.",
      'cpu is in CPU units, 1,024 to the vCPU. count is how many workers run, concurrency how many tasks each carries out at once: 1 where the function is an image.',
      'heartbeat_seconds is after how long a silence the state gives a worker up, timeout_seconds how long a task may take; retries how often the state tries a task again whose worker was stopped or fell silent.',
      "policy_arns say what the function itself may do; task_role_arn is another role than the module's, which needs the policy of worker_policy_arns.",
    ].join(' '),
    example: '{ QueueGranules = { function_name = "queue-granules", runtime = "nodejs22.x" } }',
    rules: [
      eachKey(ACTIVITY_KEY),
      ...TOGETHER.map(({ holds, allowed }) => each({ holds: () => holds, allowed })),
      optionalField('function_name', ofFormat(FUNCTION_REFERENCE)),
      field('package_type', oneOf(PACKAGE_TYPES)),
      optionalField('runtime', oneOf(LAMBDA_RUNTIMES)),
      field('architecture', oneOf(ARCHITECTURES)),
      field('capacity', oneOf(CAPACITIES)),
      onFargate,
      onInstances('cpu', wholeNumberWithin(EC2_CPU)),
      onInstances('memory_mib', wholeNumberWithin(EC2_MEMORY_MIB)),
      optionalField('ephemeral_storage_gib', wholeNumberWithin(EPHEMERAL_STORAGE_GIB)),
      field('count', wholeNumberWithin(COUNT)),
      field('concurrency', wholeNumberWithin(CONCURRENCY)),
      field('heartbeat_seconds', wholeNumberWithin(HEARTBEAT_SECONDS)),
      field('timeout_seconds', wholeNumberWithin(WORK_TIMEOUT_SECONDS)),
      optionalField('idle_seconds', wholeNumberWithin(IDLE_SECONDS)),
      field('retries', wholeNumberWithin(RETRIES)),
      field('policy_arns', asManyAs(POLICY_ARNS)),
      field('policy_arns', each(ofFormat(POLICY_ARN))),
      optionalField('task_role_arn', ofFormat(ROLE_ARN)),
      ...ACROSS.map(({ holds, allowed }) => each({ holds: () => holds, allowed })),
    ],
  }),
  ...workerPlaceInputs('no activity has the capacity EC2'),
  failed_tasks_threshold: numberInput({
    description: 'How many tasks of an activity that end badly in five minutes raise the alarm.',
    default: DEFAULT_FAILED_TASKS_THRESHOLD,
    rules: [wholeNumberWithin(FAILED_TASKS_THRESHOLD)],
  }),
  late_start_seconds: numberInput({
    description: 'How long a task may wait for a worker before the alarm is raised, in seconds.',
    default: DEFAULT_LATE_TASK_SECONDS,
    rules: [wholeNumberWithin(LATE_TASK_SECONDS)],
  }),
};

const STATE_NOTE =
  'A state machine has an activity do its work with `jsondecode(module.activities.state_definitions["QueueGranules"])` as a state: it has the time limits of the worker, and tries a task again whose worker was stopped or fell silent. An error of the function has its own name in `Catch`, as in Lambda.';

const CHANGE_NOTE =
  'Workers ask every minute whether the function’s code has changed (`OVERTIME_CODE_CHECK_SECONDS` in `environment`), and take the new code for the next task: nothing is to be deployed again. A function that is a container image has another task definition then, and `terraform apply` makes it.';

const SCALING_NOTE =
  'There is no scaling by itself. Step Functions has no metric of how many tasks wait, and ECS would stop workers in the middle of their tasks to have fewer. The alarms `untaken-tasks` and `late-tasks` tell that `count` is too small.';

export const activitiesModule = defineModule({
  name: 'activities',
  sentence: SENTENCES.activities,
  picture,
  exampleOf: ['cluster', 'runner', 'activities'],
  notes: [STATE_NOTE, CHANGE_NOTE, SCALING_NOTE],
  inputs,
  build: (stack, values) => {
    const props: Required<ActivitiesProps> = {
      name: values.name,
      activities: values.activities,
      ...workerPlace(values),
      failedTasksThreshold: values.failed_tasks_threshold,
      lateStartSeconds: values.late_start_seconds,
    };
    return new Activities(stack, 'Default', props).outputs;
  },
});
