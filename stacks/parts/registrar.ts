import path from 'node:path';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import type { Construct } from 'constructs';
import { type LambdaProgram, lambdaProgram } from './lambda-program';
import { invokeStarter, noteChanges, readChanges, withTables, writeSchedules } from './schedule-permissions';
import type { ScheduleTables } from './schedule-tables';

const ENTRY = path.resolve(__dirname, '../../handlers/registrar/handler.ts');

const MEMORY_MIB = 256;

/** CloudFormation waits for an answer, which is sent before this is over: a few calls of DynamoDB, and one over HTTPS. */
const TIMEOUT_SECONDS = 60;

export interface RegistrarProps {
  readonly name: string;
  readonly architecture: string;
  readonly logRetentionDays: number;
  readonly tables: ScheduleTables;
  /** ARNs of other tables that CloudFormation resources may name. */
  readonly otherTableArns: readonly string[];
  readonly starterFunctionName: string;
  readonly starterFunctionArn: string;
}

/**
 * The Lambda function that writes schedules, and notes those that others wrote. CloudFormation invokes a custom resource's
 * function with the rights of whoever deploys the stack, so the function needs no permission for it.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export function registrar(scope: Construct, props: RegistrarProps): LambdaProgram {
  const { name, tables } = props;
  const program = lambdaProgram(scope, {
    ids: {
      function: 'registrar_function',
      logs: 'registrar_logs',
      role: 'registrar_role',
      policy: 'registrar_policy',
      deadLetters: 'registrar_dead_letters',
    },
    program: 'registrar',
    entry: ENTRY,
    functionName: `${name}-registrar`,
    description: 'Writes the schedules of Overtime: for CloudFormation, for Terraform, and for whoever invokes it.',
    rolePrefix: `${name}-registrar-`,
    roleDescription: 'The role of the registrar of Overtime.',
    architecture: props.architecture,
    memoryMiB: MEMORY_MIB,
    timeoutSeconds: TIMEOUT_SECONDS,
    logRetentionDays: props.logRetentionDays,
    environment: {
      OVERTIME_SCHEDULES_TABLE: tables.schedules.name,
      OVERTIME_SCHEDULE_STATES_TABLE: tables.states.name,
      OVERTIME_STARTER_FUNCTION: props.starterFunctionName,
    },
    statements: [
      writeSchedules(withTables(tables.schedules.arn, props.otherTableArns)),
      noteChanges(tables.states.arn),
      invokeStarter(props.starterFunctionArn),
      readChanges(tables.schedules.arn),
    ],
  });
  changesOf(scope, tables.schedules, program);
  return program;
}

/** A note that fails is tried again for an hour, alone after a few halvings, so that it holds up no other for longer. */
const MAXIMUM_RECORD_AGE_SECONDS = 60 * 60;
const MAXIMUM_RETRIES = 10;
const BATCH_SIZE = 100;

/** From the first record on: a row that was written before the registrar listened is noted too. */
function changesOf(scope: Construct, table: DynamodbTable, program: LambdaProgram): void {
  new LambdaEventSourceMapping(scope, 'changes', {
    eventSourceArn: table.streamArn,
    functionName: program.function.arn,
    startingPosition: 'TRIM_HORIZON',
    batchSize: BATCH_SIZE,
    bisectBatchOnFunctionError: true,
    maximumRetryAttempts: MAXIMUM_RETRIES,
    maximumRecordAgeInSeconds: MAXIMUM_RECORD_AGE_SECONDS,
    destinationConfig: { onFailure: { destinationArn: program.deadLetters.arn } },
    // Lambda refuses a stream that the role may not read yet.
    dependsOn: [program.policy],
  });
}
