import path from 'node:path';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { Fn, type IResolvable, Op, TerraformLocal, Token } from 'cdktf';
import { Construct } from 'constructs';
import {
  ARCHITECTURES,
  type Architecture,
  DEFAULT_LOG_RETENTION_DAYS,
  deploymentName,
  LOG_RETENTION_DAYS,
  oneOf,
  type Problem,
  refuse,
  securityGroupIds,
  subnetIds,
  topicArns,
  wholeNumber,
} from './parts/checks';
import { databaseAlarms } from './parts/database-alarms';
import { associateRole } from './parts/database-association';
import {
  COALESCE_KEY,
  DATABASE_IDENTIFIER,
  formatProblems,
  noMatchProblems,
  OUTBOX_SCHEMA,
  ruleProblems,
  SQL_NAME,
  type TableTrigger,
  type TriggerRule,
  triggerProblems,
} from './parts/database-checks';
import {
  DATABASE_ENGINES,
  type DatabaseEngine,
  TRIGGER_MODES,
  type TriggerMode,
  type TriggerOperation,
} from './parts/database-engines';
import { databaseOutputs } from './parts/database-outputs';
import { invokeOne, keepRows, sendRows, trustDatabase, writeRows } from './parts/database-permissions';
import { type DatabaseRows, databaseRows, endWindows, isCoalescing } from './parts/database-rows';
import type { Bounds } from './parts/formats';
import { type LambdaProgram, lambdaProgram, numberText } from './parts/lambda-program';
import type { Outputs } from './parts/outputs';
import { consumeQueue } from './parts/permissions';
import { currentPlace } from './parts/place';
import { role, rolePolicy } from './parts/role';
import { expression } from './parts/terraform-text';
import { SQL_LOCAL, type SqlSettings } from './parts/trigger-sql';

const ENTRY = path.resolve(__dirname, '../handlers/router/handler.ts');

/** Room for the rows of one run. */
const MEMORY_MIB = 1024;

/** The lock of handlers/router/coalesce.ts holds longer. */
const TIMEOUT_SECONDS = 60;

/** 0: rows do not wait. The longest delay of a queue is 15 minutes. */
export const COALESCE_SECONDS: Bounds = { minimum: 0, maximum: 900 };
/** What handlers/router/settings.ts takes. */
export const COALESCE_ROWS: Bounds = { minimum: 1, maximum: 5_000 };
export const DEFAULT_COALESCE_ROWS = 1_000;
/** -1: as many as the account allows. */
export const RESERVED_CONCURRENCY: Bounds = { minimum: -1, maximum: 1_000 };
/** What pg_cron takes as seconds: https://github.com/citusdata/pg_cron */
export const OUTBOX_SECONDS: Bounds = { minimum: 1, maximum: 59 };
export const DEFAULT_OUTBOX_SECONDS = 10;
export const DEFAULT_OUTBOX_SCHEMA = 'overtime';
export const DEFAULT_DATABASE = 'postgres';
const DEFAULT_OPERATIONS: readonly TriggerOperation[] = ['INSERT'];

export interface DatabaseTriggerProps {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  readonly engine: DatabaseEngine;
  /** Of the cluster, or of the instance where the engine is rds-postgresql. */
  readonly databaseIdentifier: string;
  /** Of the starter module. */
  readonly starterFunctionArn: string;
  /** Of the runner module, as the next. */
  readonly payloadBucketName: string;
  readonly payloadBucketArn: string;
  /**
   * Which events start what; the first that matches counts.
   *
   * @default - none: with cluster, subnetIds and securityGroupIds the rule of the seed, for taskType BUY
   */
  readonly rules?: readonly TriggerRule[];
  /**
   * What becomes of an event without a rule: `error`, `ignore`, or the JSON text of a request.
   *
   * @default error
   */
  readonly noMatch?: string;
  /**
   * Where tasks run whose rule does not say, as the next two: ENV_CLUSTER, ENV_SUBNET and ENV_SECURITY_GROUP.
   *
   * @default - where the starter runs them
   */
  readonly cluster?: string;
  readonly subnetIds?: readonly string[];
  readonly securityGroupIds?: readonly string[];
  /**
   * How long a row waits for others that become one run with it, in seconds, at most 900.
   *
   * @default 0: each row starts a run of its own
   */
  readonly coalesceSeconds?: number;
  /**
   * Path of the event: rows that agree there become one run.
   *
   * @default - all rows of a rule do
   */
  readonly coalesceKey?: string;
  /**
   * The most rows of one run.
   *
   * @default 1000
   */
  readonly coalesceRows?: number;
  /**
   * The tables whose changes are told, by a name of yours.
   *
   * @default - none: the SQL is yours
   */
  readonly triggers?: Readonly<Record<string, TableTrigger>>;
  /**
   * Whether the database calls Lambda amid the transaction, or after its commit.
   *
   * @default direct
   */
  readonly mode?: TriggerMode;
  /**
   * Users of the database who create triggers.
   *
   * @default - none: the administrator does
   */
  readonly databaseUsers?: readonly string[];
  /**
   * Schema of the outbox.
   *
   * @default overtime
   */
  readonly outboxSchema?: string;
  /**
   * How often the outbox is emptied, in seconds, at most 59.
   *
   * @default 10
   */
  readonly outboxSeconds?: number;
  /**
   * The database of PostgreSQL in which the outbox is.
   *
   * @default postgres
   */
  readonly databaseName?: string;
  /**
   * Whether there is a parameter group for a cluster of Aurora MySQL.
   *
   * @default false
   */
  readonly parameterGroup?: boolean | IResolvable;
  /**
   * How many events the router handles at once; -1 means as many as the account allows.
   *
   * @default -1
   */
  readonly reservedConcurrency?: number;
  /**
   * ARNs of SNS topics that hear of the alarms.
   *
   * @default - the alarms are there, and nobody is told
   */
  readonly alarmActions?: readonly string[];
  /** @default arm64 */
  readonly architecture?: Architecture;
  /**
   * How long the router's log lines are kept, in days: one of the values that CloudWatch Logs takes.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;
}

export function databaseTriggerProblems(props: Partial<DatabaseTriggerProps>): readonly Problem[] {
  return [
    ...deploymentName('name', props.name),
    ...oneOf('engine', props.engine, DATABASE_ENGINES),
    ...formatProblems('databaseIdentifier', props.databaseIdentifier, DATABASE_IDENTIFIER),
    ...ruleProblems('rules', props.rules),
    ...noMatchProblems('noMatch', props.noMatch),
    ...subnetIds('subnetIds', props.subnetIds),
    ...securityGroupIds('securityGroupIds', props.securityGroupIds),
    ...wholeNumber('coalesceSeconds', props.coalesceSeconds, COALESCE_SECONDS),
    ...formatProblems('coalesceKey', props.coalesceKey, COALESCE_KEY),
    ...wholeNumber('coalesceRows', props.coalesceRows, COALESCE_ROWS),
    ...triggerProblems('triggers', props.triggers),
    ...oneOf('mode', props.mode, TRIGGER_MODES),
    ...(props.databaseUsers ?? []).flatMap((user, index) => formatProblems(`databaseUsers[${index}]`, user, SQL_NAME)),
    ...formatProblems('outboxSchema', props.outboxSchema, OUTBOX_SCHEMA),
    ...wholeNumber('outboxSeconds', props.outboxSeconds, OUTBOX_SECONDS),
    ...formatProblems('databaseName', props.databaseName, SQL_NAME),
    ...wholeNumber('reservedConcurrency', props.reservedConcurrency, RESERVED_CONCURRENCY),
    ...topicArns('alarmActions', props.alarmActions),
    ...oneOf('architecture', props.architecture, ARCHITECTURES),
    ...oneOf('logRetentionDays', props.logRetentionDays, LOG_RETENTION_DAYS),
  ];
}

/** Starts runs for rows of a database: the role that RDS takes, the router, and the SQL that calls it. */
export class DatabaseTrigger extends Construct {
  readonly function: LambdaFunction;
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: DatabaseTriggerProps) {
    super(scope, id);
    refuse('The database trigger', databaseTriggerProblems(props));
    const place = currentPlace(this);
    const seconds = props.coalesceSeconds ?? 0;
    const rows = databaseRows(this, props.name, seconds);
    const program = this.#program(props, rows);
    this.function = program.function;
    endWindows(this, program, rows, seconds);
    new TerraformLocal(this, SQL_LOCAL, sqlSettings(props, program.function.arn, place.region));
    const databaseRole = role(this, 'database_role', {
      namePrefix: `${props.name}-database-`,
      description: 'The role in which the database invokes the router of Overtime.',
      trust: trustDatabase(place, databaseResource(props)),
    });
    rolePolicy(databaseRole, this, 'database_policy', [invokeOne('InvokeRouter', program.function.arn)]);
    const parameters = associateRole(this, {
      name: props.name,
      engine: props.engine,
      databaseIdentifier: props.databaseIdentifier,
      role: databaseRole,
      parameterGroup: props.parameterGroup ?? false,
      mode: props.mode ?? 'direct',
    });
    databaseAlarms(this, {
      functionName: program.function.functionName,
      deadLetterQueueName: program.deadLetters.name,
      rowDeadLetterQueueName: rows.deadLetters.name,
      alarmActions: props.alarmActions ?? [],
    });
    this.outputs = databaseOutputs({ program, rows, roleArn: databaseRole.arn, parameters });
  }

  #program(props: DatabaseTriggerProps, rows: DatabaseRows): LambdaProgram {
    const program = lambdaProgram(this, {
      ids: { function: 'function', logs: 'logs', role: 'role', policy: 'policy', deadLetters: 'dead_letters' },
      program: 'router',
      entry: ENTRY,
      functionName: `${props.name}-router`,
      description: 'Starts runs for rows of a database, by rules.',
      rolePrefix: `${props.name}-router-`,
      roleDescription: 'The role of the router of Overtime.',
      architecture: props.architecture ?? 'arm64',
      memoryMiB: MEMORY_MIB,
      timeoutSeconds: TIMEOUT_SECONDS,
      logRetentionDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
      environment: environment(this, props, rows),
      statements: [
        invokeOne('InvokeStarter', props.starterFunctionArn),
        keepRows(rows.table.arn),
        sendRows(rows.queue.arn),
        consumeQueue('ConsumeRows', rows.queue.arn),
        writeRows(props.payloadBucketArn),
      ],
    });
    program.function.reservedConcurrentExecutions = props.reservedConcurrency ?? RESERVED_CONCURRENCY.minimum;
    return program;
  }
}

/** A cluster of Aurora's, or an instance: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.html */
function databaseResource({ engine, databaseIdentifier }: DatabaseTriggerProps): string {
  const kind = Token.asString(Fn.conditional(Op.eq(engine, 'rds-postgresql'), 'db', 'cluster'));
  return Fn.join(':', [kind, databaseIdentifier]);
}

function sqlSettings(props: DatabaseTriggerProps, functionArn: string, region: string): SqlSettings {
  return {
    engine: props.engine,
    function_arn: functionArn,
    region,
    mode: props.mode ?? 'direct',
    triggers: triggerRows(props.triggers ?? {}),
    users: props.databaseUsers ?? [],
    outbox_schema: props.outboxSchema ?? DEFAULT_OUTBOX_SCHEMA,
    outbox_seconds: props.outboxSeconds ?? DEFAULT_OUTBOX_SECONDS,
    database: props.databaseName ?? DEFAULT_DATABASE,
  };
}

/** A generated module's variable has its defaults already, and passes as it is. */
function triggerRows(triggers: Readonly<Record<string, TableTrigger>>): unknown {
  return Token.isUnresolved(triggers)
    ? triggers
    : Object.fromEntries(
        Object.entries(triggers).map(([key, trigger]) => [key, { operations: DEFAULT_OPERATIONS, ...trigger }]),
      );
}

/** What handlers/router/settings.ts reads. */
function environment(
  scope: Construct,
  props: DatabaseTriggerProps,
  rows: DatabaseRows,
): Readonly<Record<string, string>> {
  new TerraformLocal(scope, 'rules', props.rules ?? []);
  const isWaiting = isCoalescing(props.coalesceSeconds ?? 0);
  return {
    ENV_CLUSTER: props.cluster ?? '',
    ENV_SECURITY_GROUP: Fn.join(',', [...(props.securityGroupIds ?? [])]),
    // Sorted: a data source may give them in another order each time.
    ENV_SUBNET: Fn.join(',', Token.asList(Fn.sort([...(props.subnetIds ?? [])]))),
    OVERTIME_COALESCE_KEY: props.coalesceKey ?? '',
    OVERTIME_COALESCE_ROWS: numberText(props.coalesceRows ?? DEFAULT_COALESCE_ROWS),
    OVERTIME_COALESCE_SECONDS: numberText(props.coalesceSeconds ?? 0),
    OVERTIME_NO_MATCH: props.noMatch ?? 'error',
    OVERTIME_PAYLOAD_BUCKET: props.payloadBucketName,
    OVERTIME_ROWS_QUEUE_URL: Token.asString(Fn.conditional(isWaiting, rows.queue.url, '')),
    OVERTIME_ROWS_TABLE: rows.table.name,
    // Terraform puts the texts together, as it alone knows those that are variables.
    OVERTIME_RULES: expression(
      'jsonencode([for rule in local.rules : { pattern = jsondecode(rule.pattern), request = jsondecode(rule.request) }])',
    ),
    OVERTIME_STARTER_FUNCTION: props.starterFunctionArn,
  };
}
