import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../eventually';
import {
  asServiceUser,
  type DatabaseKind,
  failureRows,
  isThere,
  openWithInput,
  runWithInput,
  serviceFolder,
} from './database';

/**
 * In the place of Aurora's native function, in each schema, as a trigger looks for it there. The call leaves at once, as
 * the real one does: a rollback does not undo what was written to MyISAM.
 */
const standIn = (schema: string) => `
CREATE DATABASE IF NOT EXISTS ${schema};
DELIMITER //
CREATE FUNCTION ${schema}.lambda_async(arn TEXT, payload LONGTEXT CHARACTER SET utf8mb4) RETURNS TEXT
BEGIN
  DO SLEEP((SELECT COALESCE(MAX(seconds), 0) FROM aws.delay));
  IF EXISTS (SELECT 1 FROM aws.failure WHERE payload LIKE CONCAT('%', part, '%')) THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Lambda does not answer';
  END IF;
  INSERT INTO aws.calls (arn, payload) VALUES (arn, payload);
  RETURN NULL;
END//
DELIMITER ;
`;

const ACCOUNT = `
CREATE DATABASE aws;
CREATE TABLE aws.calls (id BIGINT AUTO_INCREMENT PRIMARY KEY, arn TEXT, payload LONGTEXT) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
CREATE TABLE aws.failure (part VARCHAR(100)) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
CREATE TABLE aws.delay (seconds DECIMAL(5,2)) ENGINE=MyISAM;
`;

const PROGRAMS = ['mariadbd', 'mariadb'];

export const MARIADB: DatabaseKind = {
  engine: 'aurora-mysql3',
  name: 'MariaDB',
  missing: PROGRAMS.every(isThere)
    ? undefined
    : 'there is no MariaDB server here (Debian: apt-get install mariadb-server)',
  start: async () => {
    const folder = await serviceFolder('overtime-mariadb-');
    const [data, socket] = [path.join(folder, 'data'), path.join(folder, 'socket')];
    const [install, installWords] = asServiceUser('mariadb-install-db', [
      '--no-defaults',
      `--datadir=${data}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
    ]);
    await runWithInput(install, installWords, '');
    const [server, serverWords] = asServiceUser('mariadbd', [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${path.join(folder, 'pid')}`,
      '--skip-networking',
      '--event-scheduler=ON',
      '--character-set-server=utf8mb4',
      '--innodb-flush-log-at-trx-commit=0',
    ]);
    const child = spawn(server, serverWords, { cwd: '/', stdio: 'ignore' });
    const hasEnded = new Promise((resolve) => child.once('close', resolve));
    const client = ['--no-defaults', '-uroot', `--socket=${socket}`, '--default-character-set=utf8mb4', '-N', '-B'];
    const run = (sql: string) => runWithInput('mariadb', client, sql);
    await eventually('MariaDB', () => run('SELECT 1;').catch(() => undefined));
    await run(ACCOUNT);
    return {
      engine: 'aurora-mysql3',
      run,
      open: (sql) => openWithInput('mariadb', [...client, '--unbuffered'], sql),
      schema: async (name) => {
        await run(standIn(`\`${name.replaceAll('`', '``')}\``));
      },
      calls: async (from = 0) => {
        const answer = await run(`SELECT arn, HEX(payload) FROM aws.calls WHERE id > ${from} ORDER BY id;`);
        const lines = answer.split('\n').filter(Boolean);
        return lines.map((line) => {
          const [functionArn = '', payload = ''] = line.split('\t');
          return { functionArn, event: JSON.parse(Buffer.from(payload, 'hex').toString('utf8')) };
        });
      },
      fails: async (isFailing) => {
        await run(failureRows('aws.failure', isFailing));
      },
      delays: async (seconds) => {
        await run(`DELETE FROM aws.delay; INSERT INTO aws.delay VALUES (${seconds});`);
      },
      stop: async () => {
        child.kill('SIGTERM');
        await hasEnded;
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
