import { createHash, randomUUID } from 'node:crypto';
import { accessSync, constants, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CACHE_DIRECTORY } from '../../../local/cache-directory';
import { runCommand } from '../../../local/run-command';

const SUPPORT = path.resolve(__dirname, '..');

/** A program that was built from a folder under support/. */
export interface BuildOptions {
  readonly name: string;
  /** Folders under support/ whose contents decide the result; they are copied side by side, each under its own name. */
  readonly sources: readonly string[];
  /** Builds in `folder`, which has the copies. */
  readonly build: (folder: string) => Promise<void>;
}

/** The folder of a build, made at first use and kept from run to run: one for each state of its sources. */
export async function built({ name, sources, build }: BuildOptions): Promise<string> {
  const folder = path.join(CACHE_DIRECTORY, 'runtime-clients', `${name}-${await hashOf(sources)}`);
  if (await isThere(folder)) {
    return folder;
  }
  const fresh = `${folder}.${randomUUID()}`;
  await mkdir(fresh, { recursive: true });
  try {
    for (const source of sources) {
      await cp(path.join(SUPPORT, source), path.join(fresh, path.basename(source)), { recursive: true });
    }
    await build(fresh);
    // Where another worker was quicker, its result is the same.
    await rename(fresh, folder).catch(() => undefined);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return folder;
}

/** @throws {Error} with the last lines that the command wrote, when it fails */
export async function compile(
  cwd: string,
  file: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { exitCode, stdout, stderr } = await runCommand(file, args, { cwd, env: { ...process.env, ...variables } });
  if (exitCode !== 0) {
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`${[file, ...args].join(' ')} ended with exit code ${exitCode}: ${said}`);
  }
}

/** A program of one line of shell, for OVERTIME_BOOTSTRAP. */
export async function bootstrapFile(folder: string, name: string, line: string): Promise<string> {
  const file = path.join(folder, `${name}-bootstrap`);
  await writeFile(file, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  return file;
}

/** The version that a file under support/ pins. */
export function pinnedVersion(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(path.join(SUPPORT, file), 'utf8'))?.[1];
  if (version === undefined) {
    throw new Error(`${file} has nothing like ${pattern}.`);
  }
  return version;
}

export function missingPrograms(programs: readonly string[]): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return programs.filter((program) => !folders.some((folder) => isExecutable(path.join(folder, program))));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function hashOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const source of sources) {
    const folder = path.join(SUPPORT, source);
    for (const name of (await readdir(folder, { recursive: true })).sort()) {
      const file = path.join(folder, name);
      if ((await stat(file)).isFile()) {
        hash.update(`${source}/${name}\n`).update(await readFile(file));
      }
    }
  }
  return hash.digest('hex').slice(0, 16);
}
