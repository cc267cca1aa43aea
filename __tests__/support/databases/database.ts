import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DatabaseEngine } from '../../../stacks/parts/database-engines';

/** A call of a Lambda function that left the database, whatever became of the transaction. */
export interface DatabaseCall {
  readonly functionArn: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/** A real database in a folder of its own, with a stand-in for the call of Lambda, which Aurora alone has. */
export interface Database {
  readonly engine: DatabaseEngine;
  /** Runs SQL as the database's own client does. @throws {Error} with what the client said */
  readonly run: (sql: string) => Promise<string>;
  /** Runs SQL in a session that stays open. Answers what runs its last SQL and ends it. */
  readonly open: (sql: string) => Promise<(sql: string) => Promise<string>>;
  /** A schema, or what MySQL calls a database, in which triggers can call Lambda. */
  readonly schema: (name: string) => Promise<void>;
  /** The calls so far, in order, but for as many of the first as `from` says. */
  readonly calls: (from?: number) => Promise<readonly DatabaseCall[]>;
  /** Whether Lambda refuses calls from now on; a text: those whose event has it in it. */
  readonly fails: (isFailing: boolean | string) => Promise<void>;
  /** How long each call takes from now on. */
  readonly delays: (seconds: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface DatabaseKind {
  readonly engine: DatabaseEngine;
  readonly name: string;
  /** Why it cannot run here, with the fix; `undefined` where it can. */
  readonly missing: string | undefined;
  readonly start: () => Promise<Database>;
}

/** Databases refuse to run as root: then they run as this user, whom every Linux has. */
const NOBODY = 65_534;

const isRoot = process.getuid?.() === 0;

export function asServiceUser(program: string, args: readonly string[]): readonly [string, readonly string[]] {
  return isRoot
    ? ['setpriv', [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', program, ...args]]
    : [program, args];
}

export async function serviceFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), prefix));
  if (isRoot) {
    await chown(folder, NOBODY, NOBODY);
  }
  return folder;
}

export function isThere(program: string): boolean {
  const found: SpawnSyncReturns<Buffer> = spawnSync(program, ['--version'], { stdio: 'ignore' });
  return found.error === undefined && found.status === 0;
}

/** Runs a program with a text on its standard input. @throws {Error} with what it said */
export function runWithInput(program: string, args: readonly string[], input: string): Promise<string> {
  const { child, ended } = start(program, args);
  child.stdin.end(input);
  return ended;
}

const READY = 'this is done';

/** As `runWithInput`, but the program is kept for more SQL after the first, which it has carried out. */
export async function openWithInput(program: string, args: readonly string[], sql: string) {
  const { child, ended } = start(program, args);
  child.stdin.write(`${sql}\nSELECT '${READY}';\n`);
  const ready = new Promise<void>((resolve) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes(READY)) {
        resolve();
      }
    });
  });
  await Promise.race([ready, ended]);
  return (more: string): Promise<string> => {
    child.stdin.end(more);
    return ended;
  };
}

function start(program: string, args: readonly string[]) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
  const ended = new Promise<string>((resolve, reject) => {
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const said = Buffer.concat(errors).toString('utf8');
      if (code === 0) {
        resolve(Buffer.concat(output).toString('utf8'));
      } else {
        reject(new Error(`${path.basename(program)} ended with ${code}: ${said}`));
      }
    });
  });
  // What ends without reading says so by its exit code.
  child.stdin.on('error', () => undefined);
  return { child, ended };
}

/** SQL for the table of the stand-in that says which calls fail. */
export function failureRows(table: string, isFailing: boolean | string): string {
  const part = isFailing === true ? '' : isFailing;
  return `DELETE FROM ${table};${part === false ? '' : ` INSERT INTO ${table} VALUES ('${part}');`}`;
}
