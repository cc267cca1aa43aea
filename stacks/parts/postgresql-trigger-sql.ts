import { MOST_REFUSED } from './database-engines';
import { hclText, joined, replaced } from './hcl-text';
import { literal } from './terraform-text';

// SQL of PostgreSQL 13 and newer, as expressions of Terraform's over the local `sql`: see trigger-sql.ts.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/PostgreSQL-Lambda.html

/** https://www.postgresql.org/docs/15/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
function name(value: string): string {
  return hclText`"${replaced(value, ['"', '""'])}"`;
}

function text(value: string): string {
  return hclText`'${replaced(value, ["'", "''"])}'`;
}

/** A function takes at most 100 arguments, so that a wide table takes several, whose objects are joined. */
function rowObject(version: 'NEW' | 'OLD'): string {
  const column = hclText`${text('column')}, ${literal(version)}.${name('column')}`;
  const some = hclText`pg_catalog.jsonb_build_object(${joined(', ', 'columns', 'column', column)})`;
  return joined(' || ', 'chunklist(trigger.columns, 40)', 'columns', some);
}

const OUTBOX_SCHEMA = name('local.sql.outbox_schema');
const FUNCTION_ARN = hclText`aws_commons.create_lambda_function_arn(${text('local.sql.function_arn')}, ${text('local.sql.region')})`;
const TRIGGER = name('format("overtime_%s", key)');

const HAND_OVER_NOW = hclText`PERFORM aws_lambda.invoke(${FUNCTION_ARN}, event, 'Event');`;
const WRITE_DOWN = hclText`INSERT INTO ${OUTBOX_SCHEMA}.outbox (event) VALUES (event);`;

const BODY = hclText`
DECLARE
  event jsonb := pg_catalog.jsonb_build_object('overtimeId', pg_catalog.gen_random_uuid(), 'operation', TG_OP, 'schema', ${text('trigger.schema')}, 'table', ${text('trigger.table')}, 'new', NULL, 'old', NULL);
BEGIN
  IF TG_OP <> 'DELETE' THEN
    event := event || pg_catalog.jsonb_build_object('new', ${rowObject('NEW')});
  END IF;
  IF TG_OP <> 'INSERT' THEN
    event := event || pg_catalog.jsonb_build_object('old', ${rowObject('OLD')});
  END IF;
  ${`(local.sql.mode == "outbox" ? ${WRITE_DOWN} : ${HAND_OVER_NOW})`}
  RETURN NULL;
END;
`;

/** No text can hold its own hash: so no name in the body ends it. */
function quoted(body: string): string {
  const tag = hclText`$overtime_${`substr(sha256(${body}), 0, 16)`}$`;
  return hclText`${tag}${body}${tag}`;
}

/** As its owner, so that who changes the table needs no right on Lambda; with a path that nobody can put a schema into. */
const OPTIONS = 'LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp';

const FUNCTION = hclText`${name('trigger.schema')}.${TRIGGER}()`;
const DROP_TRIGGER = hclText`DROP TRIGGER IF EXISTS ${TRIGGER} ON ${name('trigger.schema')}.${name('trigger.table')};
`;

/** Whoever may execute the function could put it on a table of his own, whose rows would then be taken for this one's. */
const INSTALL = hclText`CREATE OR REPLACE FUNCTION ${FUNCTION} RETURNS trigger ${literal(OPTIONS)} AS ${quoted(BODY)};
REVOKE EXECUTE ON FUNCTION ${FUNCTION} FROM PUBLIC;
${DROP_TRIGGER}CREATE TRIGGER ${TRIGGER} AFTER ${'join(" OR ", trigger.operations)'} ON ${name('trigger.schema')}.${name('trigger.table')}
FOR EACH ROW EXECUTE FUNCTION ${FUNCTION};
`;

const GRANT = hclText`GRANT USAGE ON SCHEMA aws_lambda, aws_commons TO ${name('user')};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA aws_lambda, aws_commons TO ${name('user')};
`;

/** A row that Lambda refuses is put behind the others, as it may be refused for ever: so it holds up none of them. */
const HAND_OVER_BODY = hclText`
DECLARE
  waiting record;
  handed integer := 0;
  refused integer := 0;
BEGIN
  FOR waiting IN SELECT id, event FROM ${OUTBOX_SCHEMA}.outbox ORDER BY failures, id LIMIT most FOR UPDATE SKIP LOCKED LOOP
    BEGIN
      PERFORM aws_lambda.invoke(${FUNCTION_ARN}, waiting.event, 'Event');
      DELETE FROM ${OUTBOX_SCHEMA}.outbox WHERE id = waiting.id;
      handed := handed + 1;
    EXCEPTION WHEN OTHERS THEN
      RAISE WARNING 'Overtime: row % of the outbox was refused: %', waiting.id, SQLERRM;
      UPDATE ${OUTBOX_SCHEMA}.outbox SET failures = failures + 1, failure = SQLERRM WHERE id = waiting.id;
      refused := refused + 1;
      EXIT WHEN refused >= ${String(MOST_REFUSED)};
    END;
  END LOOP;
  RETURN handed;
END;
`;

const OUTBOX_INSTALL = hclText`CREATE SCHEMA IF NOT EXISTS ${OUTBOX_SCHEMA};
CREATE TABLE IF NOT EXISTS ${OUTBOX_SCHEMA}.outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event jsonb NOT NULL,
  written_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
  failures integer NOT NULL DEFAULT 0,
  failure text
);
CREATE INDEX IF NOT EXISTS outbox_order ON ${OUTBOX_SCHEMA}.outbox (failures, id);
CREATE OR REPLACE FUNCTION ${OUTBOX_SCHEMA}.hand_over(most integer DEFAULT 1000) RETURNS integer ${literal(OPTIONS)} AS ${quoted(HAND_OVER_BODY)};
REVOKE EXECUTE ON FUNCTION ${OUTBOX_SCHEMA}.hand_over(integer) FROM PUBLIC;
`;

const HAND_OVER_CALL = hclText`SELECT ${OUTBOX_SCHEMA}.hand_over()`;

export const POSTGRESQL = {
  setup: hclText`CREATE EXTENSION IF NOT EXISTS aws_lambda CASCADE;
${joined('', 'local.sql.users', 'user', GRANT)}`,
  install: INSTALL,
  drop: hclText`${DROP_TRIGGER}DROP FUNCTION IF EXISTS ${FUNCTION};
`,
  outboxInstall: OUTBOX_INSTALL,
  /** In the database where pg_cron is: its jobs run in any. */
  outboxSchedule: hclText`SELECT cron.schedule_in_database('overtime_outbox', '${'local.sql.outbox_seconds'} seconds', ${text(HAND_OVER_CALL)}, ${text('local.sql.database')});
`,
  outboxUnschedule: hclText`SELECT cron.unschedule('overtime_outbox');
`,
  outboxDrop: hclText`DROP FUNCTION IF EXISTS ${OUTBOX_SCHEMA}.hand_over(integer);
DROP TABLE IF EXISTS ${OUTBOX_SCHEMA}.outbox;
`,
} as const;
