import { MOST_REFUSED } from './database-engines';
import { hclText, joined, replaced } from './hcl-text';
import { literal } from './terraform-text';

// SQL of Aurora MySQL, as expressions of Terraform's over the local `sql`: see trigger-sql.ts.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.NativeLambda.html

/** https://dev.mysql.com/doc/refman/8.0/en/identifiers.html */
function name(value: string): string {
  return hclText`\`${replaced(value, ['`', '``'])}\``;
}

/** https://dev.mysql.com/doc/refman/8.0/en/string-literals.html; safe with NO_BACKSLASH_ESCAPES, too. */
function text(value: string): string {
  return hclText`'${replaced(value, ['\\', '\\\\'], ["'", "''"])}'`;
}

function rowObject(version: 'NEW' | 'OLD'): string {
  const column = hclText`${text('column')}, ${literal(version)}.${name('column')}`;
  return hclText`JSON_OBJECT(${joined(', ', 'trigger.columns', 'column', column)})`;
}

/** One JSON document: what the values are, JSON's own functions say, so that no row can end a text in it. */
function event(operation: string): string {
  const newRow = `(${operation} == "DELETE" ? "NULL" : ${rowObject('NEW')})`;
  const oldRow = `(${operation} == "INSERT" ? "NULL" : ${rowObject('OLD')})`;
  return hclText`JSON_OBJECT('overtimeId', UUID(), 'operation', '${operation}', 'schema', ${text('trigger.schema')}, 'table', ${text('trigger.table')}, 'new', ${newRow}, 'old', ${oldRow})`;
}

const OUTBOX = hclText`${name('local.sql.outbox_schema')}.\`outbox\``;
const HAND_OVER = hclText`${name('local.sql.outbox_schema')}.\`hand_over\``;

function triggerName(operation: string): string {
  return hclText`${name('trigger.schema')}.${name(`format("overtime_%s_%s", key, lower(${operation}))`)}`;
}

/** SET, as DO takes an error for a success: a call that Lambda refuses would be lost without a word. */
const CALL = 'SET @overtime_call = lambda_async';

/** Without BEGIN and END, so that every client takes it as one statement. */
function body(operation: string): string {
  return `(local.sql.mode == "outbox" ? ${hclText`INSERT INTO ${OUTBOX} (event) VALUES (${event(operation)})`} : ${hclText`${literal(CALL)}(${text('local.sql.function_arn')}, ${event(operation)})`})`;
}

const CREATE_TRIGGER = hclText`DROP TRIGGER IF EXISTS ${triggerName('operation')};
CREATE TRIGGER ${triggerName('operation')} AFTER ${'operation'} ON ${name('trigger.schema')}.${name('trigger.table')}
FOR EACH ROW ${body('operation')};
`;

const USERS = joined(', ', 'local.sql.users', 'user', hclText`${text('user')}@'%'`);

/**
 * Version 3 grants a role, which a session activates; version 2 has a privilege of its own. ALL, as the roles that are
 * named here would replace those that a user has already.
 */
const GRANTS = `(local.sql.engine == "aurora-mysql2" ? ${hclText`GRANT INVOKE LAMBDA ON *.* TO ${USERS};
`} : ${hclText`GRANT AWS_LAMBDA_ACCESS TO ${USERS};
SET DEFAULT ROLE ALL TO ${USERS};
`})`;

/** Version 2 waits for rows that somebody else has locked, as it cannot skip them. */
const LOCKING = '(local.sql.engine == "aurora-mysql2" ? "FOR UPDATE" : "FOR UPDATE SKIP LOCKED")';

/**
 * A row that Lambda refuses is put behind the others, as it may be refused for ever: so it holds up none of them.
 * READ COMMITTED, as a stricter level locks the end of the table, too, and every insert would wait for all the calls.
 */
const OUTBOX_INSTALL = hclText`CREATE DATABASE IF NOT EXISTS ${name('local.sql.outbox_schema')};
CREATE TABLE IF NOT EXISTS ${OUTBOX} (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  event JSON NOT NULL,
  written_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  failures INT UNSIGNED NOT NULL DEFAULT 0,
  failure TEXT CHARACTER SET utf8mb4,
  KEY outbox_order (failures, id)
);
DROP PROCEDURE IF EXISTS ${HAND_OVER};
DELIMITER //
CREATE PROCEDURE ${HAND_OVER}(IN most INT)
BEGIN
  DECLARE is_finished BOOLEAN DEFAULT FALSE;
  DECLARE refused INT DEFAULT 0;
  DECLARE row_id BIGINT UNSIGNED;
  DECLARE row_event LONGTEXT CHARACTER SET utf8mb4;
  DECLARE waiting CURSOR FOR SELECT id, event FROM ${OUTBOX} ORDER BY failures, id LIMIT most ${LOCKING};
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET is_finished = TRUE;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
  START TRANSACTION;
  OPEN waiting;
  handing: LOOP
    FETCH waiting INTO row_id, row_event;
    IF is_finished OR refused >= ${String(MOST_REFUSED)} THEN LEAVE handing; END IF;
    BEGIN
      DECLARE reason TEXT CHARACTER SET utf8mb4;
      DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
        GET DIAGNOSTICS CONDITION 1 reason = MESSAGE_TEXT;
        UPDATE ${OUTBOX} SET failures = failures + 1, failure = reason WHERE id = row_id;
        SET refused = refused + 1;
      END;
      ${literal(CALL)}(${text('local.sql.function_arn')}, row_event);
      DELETE FROM ${OUTBOX} WHERE id = row_id;
    END;
  END LOOP;
  CLOSE waiting;
  COMMIT;
END//
DELIMITER ;
DROP EVENT IF EXISTS ${HAND_OVER};
CREATE EVENT ${HAND_OVER} ON SCHEDULE EVERY ${'local.sql.outbox_seconds'} SECOND DO CALL ${HAND_OVER}(1000);
`;

const OUTBOX_DROP = hclText`DROP EVENT IF EXISTS ${HAND_OVER};
DROP PROCEDURE IF EXISTS ${HAND_OVER};
DROP TABLE IF EXISTS ${OUTBOX};
`;

export const MYSQL = {
  setup: `(length(local.sql.users) == 0 ? "" : ${GRANTS})`,
  install: joined('', 'trigger.operations', 'operation', CREATE_TRIGGER),
  drop: joined(
    '',
    'trigger.operations',
    'operation',
    hclText`DROP TRIGGER IF EXISTS ${triggerName('operation')};
`,
  ),
  outboxInstall: OUTBOX_INSTALL,
  outboxDrop: OUTBOX_DROP,
} as const;
