import { type Difference, type ModuleFiles, moduleDifferences, writeModules } from './module-files';

export interface ModulesCommandDeps {
  /** Where the modules are. */
  readonly folder: string;
  readonly generate: () => ModuleFiles;
  readonly say: (line: string) => void;
}

const DONE: Readonly<Record<Difference['kind'], string>> = {
  differs: 'written anew',
  missing: 'written',
  extra: 'removed',
};

const FOUND: Readonly<Record<Difference['kind'], string>> = {
  differs: 'differs from what stacks/ generates',
  missing: 'is missing',
  extra: 'belongs to no module',
};

/** What `npm run modules` does, and with --check only looks. Answers the exit code. */
export function modulesCommand(args: readonly string[], { folder, generate, say }: ModulesCommandDeps): number {
  const unknown = args.filter((arg) => arg !== '--check');
  if (unknown.length > 0) {
    say(`npm run modules knows no ${unknown.join(', ')}, only --check.`);
    return 2;
  }
  const expected = generate();
  if (!args.includes('--check')) {
    for (const { file, kind } of writeModules(folder, expected)) {
      say(`modules/${file} ${DONE[kind]}`);
    }
    return 0;
  }
  const differences = moduleDifferences(folder, expected);
  for (const { file, kind } of differences) {
    say(`modules/${file} ${FOUND[kind]}`);
  }
  if (differences.length === 0) {
    return 0;
  }
  say('Run npm run modules and commit what it writes.');
  return 1;
}
