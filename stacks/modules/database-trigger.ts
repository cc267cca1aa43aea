import { databaseTrigger as picture } from '../../pictures/patterns/database-trigger';
import { SENTENCES } from '../catalogue';
import {
  COALESCE_ROWS,
  COALESCE_SECONDS,
  DatabaseTrigger,
  type DatabaseTriggerProps,
  DEFAULT_COALESCE_ROWS,
  DEFAULT_DATABASE,
  DEFAULT_OUTBOX_SCHEMA,
  DEFAULT_OUTBOX_SECONDS,
  OUTBOX_SECONDS,
  RESERVED_CONCURRENCY,
} from '../database-trigger';
import { defineModule } from '../module-definition';
import { ARCHITECTURES, DEFAULT_LOG_RETENTION_DAYS, LOG_RETENTION_DAYS } from '../parts/checks';
import {
  COALESCE_KEY,
  DATABASE_IDENTIFIER,
  OUTBOX_SCHEMA,
  SQL_NAME,
  TRIGGER_KEY,
  type TriggerRule,
} from '../parts/database-checks';
import { DATABASE_ENGINES, TRIGGER_MODES, TRIGGER_OPERATIONS } from '../parts/database-engines';
import { fewRules, knownOperators, noMatch, ruleRequest, someOfEach } from '../parts/database-rules';
import { BUCKET_ARN, FUNCTION_ARN, SECURITY_GROUP_ID, SECURITY_GROUPS, SUBNET_ID, SUBNETS } from '../parts/formats';
import { booleanInput, choiceInput, numberInput, structureInput, textInput, textListInput } from '../parts/inputs';
import { asManyAs, each, eachKey, ofFormat, oneOf, wholeNumberWithin } from '../parts/rules';
import { alarmActionsInput, nameInput } from './shared';

const inputs = {
  name: { ...nameInput, description: 'Begins the names of all resources. A second database takes a second name.' },
  engine: choiceInput(DATABASE_ENGINES, {
    description:
      'The database: aurora-mysql3 (compatible with MySQL 8.0), aurora-mysql2 (5.7), aurora-postgresql or rds-postgresql.',
    example: '"aurora-postgresql"',
  }),
  database_identifier: textInput({
    description:
      'Identifier of the cluster, or of the instance where engine is rds-postgresql. It alone may take the role. For PostgreSQL the role is given to it, so it has to be there; a cluster of Aurora MySQL takes role_arn in iam_roles itself.',
    rules: [ofFormat(DATABASE_IDENTIFIER)],
    example: '"shop"',
  }),
  starter_function_arn: textInput({
    description: 'ARN of the starter: function_arn of the module overtime or starter.',
    rules: [ofFormat({ ...FUNCTION_ARN, allowed: "a function's ARN: function_arn of the starter module" })],
    example: 'module.overtime.function_arn',
  }),
  payload_bucket_name: textInput({
    description: 'Name of the S3 bucket of large inputs: payload_bucket_name of the module overtime or runner.',
    example: 'module.overtime.payload_bucket_name',
  }),
  payload_bucket_arn: textInput({
    description: 'ARN of the S3 bucket of large inputs: payload_bucket_arn of the module overtime or runner.',
    rules: [ofFormat(BUCKET_ARN)],
    example: 'module.overtime.payload_bucket_arn',
  }),
  rules: structureInput<readonly TriggerRule[]>('list(object({ pattern = string, request = string }))', {
    description:
      'Which events start what, as JSON texts; the first that matches counts. pattern is one of EventBridge, such as jsonencode({ table = ["purchases"] }); request is one to the starter, in whose texts <$.new.id> stands for a part of the event. Empty: with cluster, subnet_ids and security_group_ids, taskType BUY starts process-employee-purchases.',
    default: [],
    rules: [knownOperators('item.pattern'), each(ruleRequest('item.request')), fewRules()],
  }),
  no_match: textInput({
    description: 'What becomes of an event without a rule: error, ignore, or the JSON text of a request.',
    default: 'error',
    rules: [noMatch()],
  }),
  cluster: textInput({
    description: 'ECS cluster of tasks whose rule names none. Empty: the one of the starter.',
    default: '',
  }),
  subnet_ids: textListInput({
    description: 'Subnets of tasks whose rule names none. Empty: those of the starter.',
    default: [],
    rules: [asManyAs({ ...SUBNETS, minimum: 0 }), each(ofFormat(SUBNET_ID))],
  }),
  security_group_ids: textListInput({
    description: 'Security groups of tasks whose rule names none. Empty: those of the starter.',
    default: [],
    rules: [asManyAs({ ...SECURITY_GROUPS, minimum: 0 }), each(ofFormat(SECURITY_GROUP_ID))],
  }),
  coalesce_seconds: numberInput({
    description:
      'How long a row waits for others that become one run with it, in seconds, at most 900. 0: each row starts a run.',
    default: 0,
    rules: [wholeNumberWithin(COALESCE_SECONDS)],
  }),
  coalesce_key: textInput({
    description:
      'Path of the event, such as $.new.customer_id: rows that agree there become one run. Empty: all rows of a rule do.',
    default: '',
    rules: [ofFormat(COALESCE_KEY)],
  }),
  coalesce_rows: numberInput({
    description: 'How many rows one run may have; more rows are more runs.',
    default: DEFAULT_COALESCE_ROWS,
    rules: [wholeNumberWithin(COALESCE_ROWS)],
  }),
  triggers: structureInput<NonNullable<DatabaseTriggerProps['triggers']>>(
    'map(object({ schema = string, table = string, columns = list(string), operations = optional(list(string), ["INSERT"]) }))',
    {
      description:
        'The tables whose changes are told, by a name of yours: schema (in MySQL the database), table, the columns whose values an event has, and operations of INSERT, UPDATE, DELETE.',
      default: {},
      rules: [
        eachKey(TRIGGER_KEY),
        each(ofFormat(SQL_NAME), 'item.schema'),
        each(ofFormat(SQL_NAME), 'item.table'),
        { ...each(ofFormat(SQL_NAME), 'column'), holds: everyColumn },
        someOfEach('item.operations', TRIGGER_OPERATIONS),
      ],
      example:
        '{ purchases = { schema = "public", table = "purchases", columns = ["id", "task_type"], operations = ["INSERT"] } }',
    },
  ),
  mode: choiceInput(TRIGGER_MODES, {
    description:
      'When the database calls Lambda. direct: amid the transaction, also where that is rolled back; outbox: it writes events down, and calls after the commit.',
    default: 'direct',
  }),
  database_users: textListInput({
    description: 'Users of the database who create triggers: setup_sql grants them the call of Lambda.',
    default: [],
    rules: [each(ofFormat(SQL_NAME))],
  }),
  outbox_schema: textInput({
    description: 'Schema of the outbox, in MySQL the database.',
    default: DEFAULT_OUTBOX_SCHEMA,
    rules: [ofFormat(OUTBOX_SCHEMA)],
  }),
  outbox_seconds: numberInput({
    description: 'How often the outbox is emptied, in seconds, at most 59.',
    default: DEFAULT_OUTBOX_SECONDS,
    rules: [wholeNumberWithin(OUTBOX_SECONDS)],
  }),
  database_name: textInput({
    description: 'The database of PostgreSQL in which the outbox is.',
    default: DEFAULT_DATABASE,
    rules: [ofFormat(SQL_NAME)],
  }),
  parameter_group: booleanInput({
    description: 'A parameter group for a cluster of Aurora MySQL, with cluster_parameters in it.',
    default: false,
  }),
  reserved_concurrency: numberInput({
    description: 'How many events the router handles at once; -1 means as many as the account allows.',
    default: RESERVED_CONCURRENCY.minimum,
    rules: [wholeNumberWithin(RESERVED_CONCURRENCY)],
  }),
  alarm_actions: alarmActionsInput,
  architecture: choiceInput(ARCHITECTURES, {
    description: "Of the router's own Lambda function.",
    default: 'arm64',
  }),
  log_retention_days: numberInput({
    description: "How long the router's log lines are kept, in days: one of the values that CloudWatch Logs takes.",
    default: DEFAULT_LOG_RETENTION_DAYS,
    rules: [oneOf(LOG_RETENTION_DAYS)],
  }),
};

/** At least one column, and each a name. */
function everyColumn(value: string): string {
  const isName = ofFormat(SQL_NAME).holds('column');
  return `alltrue([for item in ${value} : length(item.columns) > 0 && alltrue([for column in item.columns : ${isName}])])`;
}

const ROUTER_NOTE =
  'Run `setup_sql`, then `outbox_install_sql` where `mode` is `outbox`, then each of `install_sql` with the client of the database. An event is `{"overtimeId", "operation", "schema", "table", "new", "old"}`.';

export const databaseTriggerModule = defineModule({
  name: 'database-trigger',
  sentence: SENTENCES['database-trigger'],
  picture,
  exampleOf: ['overtime', 'database-trigger'],
  notes: [ROUTER_NOTE],
  inputs,
  build: (stack, values) => {
    const props: Required<DatabaseTriggerProps> = {
      name: values.name,
      engine: values.engine,
      databaseIdentifier: values.database_identifier,
      starterFunctionArn: values.starter_function_arn,
      payloadBucketName: values.payload_bucket_name,
      payloadBucketArn: values.payload_bucket_arn,
      rules: values.rules,
      noMatch: values.no_match,
      cluster: values.cluster,
      subnetIds: values.subnet_ids,
      securityGroupIds: values.security_group_ids,
      coalesceSeconds: values.coalesce_seconds,
      coalesceKey: values.coalesce_key,
      coalesceRows: values.coalesce_rows,
      triggers: values.triggers,
      mode: values.mode,
      databaseUsers: values.database_users,
      outboxSchema: values.outbox_schema,
      outboxSeconds: values.outbox_seconds,
      databaseName: values.database_name,
      parameterGroup: values.parameter_group,
      reservedConcurrency: values.reserved_concurrency,
      alarmActions: values.alarm_actions,
      architecture: values.architecture,
      logRetentionDays: values.log_retention_days,
    };
    return new DatabaseTrigger(stack, 'Default', props).outputs;
  },
});
