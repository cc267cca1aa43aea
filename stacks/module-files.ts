import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The bytes of files, by their paths below modules/ with forward slashes. */
export type ModuleFiles = Readonly<Record<string, Uint8Array>>;

export interface Difference {
  /** Below modules/, with forward slashes. */
  readonly file: string;
  readonly kind: 'differs' | 'missing' | 'extra';
}

/** What stands between the files of a folder and those that it should have. Terraform's own files do not count. */
export function moduleDifferences(folder: string, expected: ModuleFiles): readonly Difference[] {
  const wrong = Object.entries(expected).flatMap(([file, bytes]): readonly Difference[] => {
    const target = path.join(folder, file);
    if (!existsSync(target)) {
      return [{ file, kind: 'missing' }];
    }
    return readFileSync(target).equals(bytes) ? [] : [{ file, kind: 'differs' }];
  });
  const extra = filesBelow(folder).filter((file) => expected[file] === undefined);
  return [...wrong, ...extra.map((file): Difference => ({ file, kind: 'extra' }))];
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !file.includes('/.terraform'))
    .sort();
}

/** Makes the folder have exactly the files expected. Answers what it had to change. */
export function writeModules(folder: string, expected: ModuleFiles): readonly Difference[] {
  const differences = moduleDifferences(folder, expected);
  for (const { file } of differences) {
    const target = path.join(folder, file);
    const bytes = expected[file];
    if (bytes === undefined) {
      rmSync(target);
      continue;
    }
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  return differences;
}
