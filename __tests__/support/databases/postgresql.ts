import { readdirSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  asServiceUser,
  type DatabaseKind,
  failureRows,
  isThere,
  openWithInput,
  runWithInput,
  serviceFolder,
} from './database';

const DEBIAN = '/usr/lib/postgresql';

/** Debian keeps the server's programs off the PATH, by version. */
function programsFolder(): string | undefined {
  if (isThere('initdb')) {
    return '';
  }
  try {
    const [newest] = readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one));
    const folder = newest === undefined ? undefined : path.join(DEBIAN, newest, 'bin');
    return folder !== undefined && isThere(path.join(folder, 'initdb')) ? folder : undefined;
  } catch {
    return undefined;
  }
}

/**
 * In the place of AWS's extensions. The call leaves at once, as the real one does: COPY to a file is not undone by a
 * rollback. It is SECURITY DEFINER, as COPY to a file takes a superuser.
 */
const standIn = (calls: string) => `
CREATE SCHEMA aws_commons;
CREATE TYPE aws_commons._lambda_function_arn_1 AS (function_name text, region text);
CREATE FUNCTION aws_commons.create_lambda_function_arn(function_name text, region text DEFAULT NULL)
RETURNS aws_commons._lambda_function_arn_1 LANGUAGE sql AS 'SELECT ROW(function_name, region)::aws_commons._lambda_function_arn_1';
CREATE SCHEMA aws_lambda;
CREATE SEQUENCE aws_lambda.numbers;
CREATE TABLE aws_lambda.failure (part text);
CREATE TABLE aws_lambda.delay (seconds double precision);
CREATE FUNCTION aws_lambda.invoke(function_arn aws_commons._lambda_function_arn_1, payload jsonb, invocation_type text DEFAULT 'RequestResponse')
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS $stand_in$
DECLARE
  call text := jsonb_build_object('arn', function_arn.function_name, 'region', function_arn.region, 'type', invocation_type, 'payload', payload)::text;
BEGIN
  PERFORM pg_sleep((SELECT coalesce(max(seconds), 0) FROM aws_lambda.delay));
  IF EXISTS (SELECT 1 FROM aws_lambda.failure WHERE payload::text LIKE '%' || part || '%') THEN RAISE EXCEPTION 'Lambda does not answer'; END IF;
  EXECUTE format('COPY (SELECT replace(encode(convert_to(%L, ''UTF8''), ''base64''), chr(10), '''')) TO %L',
    call, '${calls}/' || lpad(nextval('aws_lambda.numbers')::text, 9, '0'));
  RETURN 202;
END
$stand_in$;
`;

interface StoredCall {
  readonly arn: string;
  readonly region: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const programs = programsFolder();

export const POSTGRESQL: DatabaseKind = {
  engine: 'aurora-postgresql',
  name: 'PostgreSQL',
  missing:
    programs === undefined ? 'there is no PostgreSQL server here (Debian: apt-get install postgresql)' : undefined,
  start: async () => {
    const program = (name: string) => path.join(programs ?? '', name);
    const folder = await serviceFolder('overtime-postgresql-');
    const [data, calls] = [path.join(folder, 'data'), path.join(folder, 'calls')];
    const serve = (name: string, args: readonly string[]) => {
      const [file, words] = asServiceUser(program(name), args);
      return runWithInput(file, words, '');
    };
    const client = ['-h', folder, '-U', 'postgres', '-X', '-q', '-At', '-v', 'ON_ERROR_STOP=1'];
    const run = (sql: string) => runWithInput('psql', client, sql);
    await serve('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']);
    await serve('pg_ctl', [
      ...['-D', data, '-w', '-l', path.join(folder, 'log')],
      ...['-o', `-k ${folder} -c listen_addresses='' -c fsync=off`, 'start'],
    ]);
    const [makeFolder, folderNames] = asServiceUser('mkdir', [calls]);
    await runWithInput(makeFolder, folderNames, '');
    await run(standIn(calls));
    return {
      engine: 'aurora-postgresql',
      run,
      open: (sql) => openWithInput('psql', client, sql),
      schema: async (name) => {
        await run(`CREATE SCHEMA "${name.replaceAll('"', '""')}";`);
      },
      calls: async (from = 0) => {
        const names = (await readdir(calls)).sort().slice(from);
        const texts = await Promise.all(names.map((name) => readFile(path.join(calls, name), 'utf8')));
        return texts.map((text) => {
          const { arn, payload } = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as StoredCall;
          return { functionArn: arn, event: payload };
        });
      },
      fails: async (isFailing) => {
        await run(failureRows('aws_lambda.failure', isFailing));
      },
      delays: async (seconds) => {
        await run(`DELETE FROM aws_lambda.delay; INSERT INTO aws_lambda.delay VALUES (${seconds});`);
      },
      stop: async () => {
        await serve('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
