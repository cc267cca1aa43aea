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
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/' });
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
    // What ends without reading says so by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** SQL for the table of the stand-in that says which calls fail. */
export function failureRows(table: string, isFailing: boolean | string): string {
  const part = isFailing === true ? '' : isFailing;
  return `DELETE FROM ${table};${part === false ? '' : ` INSERT INTO ${table} VALUES ('${part}');`}`;
}
