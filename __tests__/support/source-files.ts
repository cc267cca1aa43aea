import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Module specifiers of every import, static and dynamic, type-only ones left out. */
  readonly imports: readonly string[];
}

const ROOT = path.resolve(__dirname, '../..');

export const SOURCE_FOLDERS = ['stacks', 'handlers', 'images', 'local', 'examples'] as const;

export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

function importsOf(text: string): string[] {
  const withoutTypes = withoutComments(text).replaceAll(/^(?:import|export)\s+type\s[\s\S]*?;$/gm, '');
  return [...withoutTypes.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*)'([^']+)'/g)].flatMap(
    (match) => (match[1] === undefined ? [] : [match[1]]),
  );
}

/** Every TypeScript file of the folders given, and the two at the root. */
export function sourceFiles(folders: readonly string[] = SOURCE_FOLDERS): readonly SourceFile[] {
  const inFolders = folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.posix.join(folder, name.split(path.sep).join('/'))),
  );
  return [...inFolders, 'main.ts', 'deployment.ts'].map((file) => {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    return { path: file, text, imports: importsOf(text) };
  });
}

/** The repository path that a relative import of `file` means, without its ending. */
export function resolveImport(file: SourceFile, specifier: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(file.path), specifier));
}
