import { type IResolvable, Token } from 'cdktf';
import type { DatabaseRows } from './database-rows';
import type { LambdaProgram } from './lambda-program';
import type { Outputs } from './outputs';
import { expression } from './terraform-text';
import { TRIGGER_SQL } from './trigger-sql';

interface Made {
  readonly program: LambdaProgram;
  readonly rows: DatabaseRows;
  readonly roleArn: string;
  readonly parameters: IResolvable;
}

/** What the module tells: what to give the database, and what to run there. */
export function databaseOutputs({ program, rows, roleArn, parameters }: Made): Outputs {
  return {
    role_arn: {
      value: roleArn,
      description:
        'ARN of the role in which the database invokes the router; a cluster of Aurora MySQL names it in iam_roles.',
    },
    cluster_parameters: {
      value: parameters,
      description: 'Parameters that a cluster of Aurora MySQL needs; of another engine none.',
    },
    function_name: { value: program.function.functionName, description: 'Name of the router.' },
    function_arn: { value: program.function.arn, description: 'ARN of the router, which the SQL calls.' },
    setup_sql: {
      value: expression(TRIGGER_SQL.setup),
      description: 'SQL to run once in the database, as its administrator, before any other.',
    },
    install_sql: {
      value: Token.asAny(expression(TRIGGER_SQL.install)),
      description: 'SQL that creates the triggers, by the names of triggers. It may be run again.',
    },
    drop_sql: {
      value: Token.asAny(expression(TRIGGER_SQL.drop)),
      description: 'SQL that drops the triggers, by the names of triggers.',
    },
    outbox_install_sql: {
      value: expression(TRIGGER_SQL.outboxInstall),
      description: 'SQL that creates the outbox, before the triggers; empty where mode is direct.',
    },
    outbox_schedule_sql: {
      value: expression(TRIGGER_SQL.outboxSchedule),
      description: 'SQL for the database of pg_cron, which then empties the outbox; empty for Aurora MySQL.',
    },
    outbox_unschedule_sql: {
      value: expression(TRIGGER_SQL.outboxUnschedule),
      description: 'SQL that ends the job of pg_cron; empty for Aurora MySQL.',
    },
    outbox_drop_sql: {
      value: expression(TRIGGER_SQL.outboxDrop),
      description: 'SQL that drops the outbox, after the triggers, with all that waits in it.',
    },
    dead_letter_queue_url: {
      value: program.deadLetters.url,
      description: 'URL of the queue of events for which nothing could be started.',
    },
    dead_letter_queue_arn: {
      value: program.deadLetters.arn,
      description: 'ARN of the queue of events for which nothing could be started.',
    },
    row_dead_letter_queue_url: {
      value: rows.deadLetters.url,
      description: 'URL of the queue of messages whose rows still wait in their table.',
    },
  };
}
