import { MYSQL } from './mysql-trigger-sql';
import { POSTGRESQL } from './postgresql-trigger-sql';

/**
 * What the SQL depends on: the value of Terraform's local `sql`, for whose parts the expressions below stand. Names may be
 * variables of a generated module, so that it is Terraform that quotes them.
 */
export interface SqlSettings {
  readonly engine: string;
  readonly function_arn: string;
  readonly region: string;
  readonly mode: string;
  /** By a name of the user's, which becomes part of the trigger's. */
  readonly triggers: unknown;
  /** Users of the database who create triggers. */
  readonly users: readonly string[];
  readonly outbox_schema: string;
  readonly outbox_seconds: number;
  /** Of the outbox. */
  readonly database: string;
}

export const SQL_LOCAL = 'sql';

function byEngine(mysql: string, postgresql: string): string {
  return `(startswith(local.sql.engine, "aurora-mysql") ? ${mysql} : ${postgresql})`;
}

function forEachTrigger(sql: string): string {
  return `{ for key, trigger in local.sql.triggers : key => ${sql} }`;
}

function ofOutbox(sql: string): string {
  return `(local.sql.mode == "outbox" ? ${sql} : "")`;
}

/** Expressions of Terraform's: texts, and by the trigger's name maps of texts. */
export const TRIGGER_SQL = {
  setup: byEngine(MYSQL.setup, POSTGRESQL.setup),
  install: forEachTrigger(byEngine(MYSQL.install, POSTGRESQL.install)),
  drop: forEachTrigger(byEngine(MYSQL.drop, POSTGRESQL.drop)),
  outboxInstall: ofOutbox(byEngine(MYSQL.outboxInstall, POSTGRESQL.outboxInstall)),
  outboxSchedule: ofOutbox(byEngine('""', POSTGRESQL.outboxSchedule)),
  outboxUnschedule: ofOutbox(byEngine('""', POSTGRESQL.outboxUnschedule)),
  outboxDrop: ofOutbox(byEngine(MYSQL.outboxDrop, POSTGRESQL.outboxDrop)),
} as const;
