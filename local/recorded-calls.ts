import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModuleFiles } from '../stacks/module-files';
import { CACHE_DIRECTORY } from './cache-directory';
import { parseCalls, type RoleCall, roleCalls } from './role-calls';

/** Names the folder in which each local AWS writes down what it allowed to whom. Set by `npm test`. */
export const CALLS_DIRECTORY_VARIABLE = 'OVERTIME_CALLS_DIRECTORY';

/** Where `npm test` has them written. */
export const CALLS_DIRECTORY = path.join(CACHE_DIRECTORY, 'calls');

/** The calls that are known: what __tests__/modules/permissions.test.ts holds the roles against. */
export const KNOWN_CALLS_FILE = path.resolve(__dirname, '../__tests__/modules/recorded-calls.txt');

/** Where a local AWS writes down the calls of its roles: a file of its own. `undefined` where nobody asks for them. */
export function callsFile(env: NodeJS.ProcessEnv): string | undefined {
  const directory = env[CALLS_DIRECTORY_VARIABLE];
  return directory === undefined ? undefined : path.join(path.resolve(directory), `${randomUUID()}.jsonl`);
}

/** What every local AWS wrote down since the folder was emptied. */
export async function readRecordedCalls(directory: string, modules: ModuleFiles): Promise<readonly RoleCall[]> {
  await mkdir(directory, { recursive: true });
  const files = (await readdir(directory)).filter((file) => file.endsWith('.jsonl'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(directory, file), 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n')).filter((line) => line !== '');
  return roleCalls(lines, rolesOf(modules));
}

export async function readKnownCalls(): Promise<readonly RoleCall[]> {
  return parseCalls(await readFile(KNOWN_CALLS_FILE, 'utf8'));
}

/** Of every role of every module the part of its name that says what it is for. Two modules may have roles of one name. */
export function rolesOf(modules: ModuleFiles): readonly string[] {
  const parts = Object.entries(modules)
    .filter(([file]) => file.endsWith('/main.tf.json'))
    .flatMap(([, bytes]) => {
      const { resource } = JSON.parse(new TextDecoder().decode(bytes)) as ModuleDocument;
      return Object.values(resource?.aws_iam_role ?? {}).map(({ name_prefix: prefix }) => rolePart(prefix));
    });
  return [...new Set(parts)].sort();
}

/** @param prefix of a role's name in a module: `${var.name}-starter-` */
export function rolePart(prefix: string): string {
  return /^\$\{var\.name\}-([a-z]+)-$/.exec(prefix)?.[1] ?? prefix;
}

interface ModuleDocument {
  readonly resource?: { readonly aws_iam_role?: Readonly<Record<string, { readonly name_prefix: string }>> };
}
