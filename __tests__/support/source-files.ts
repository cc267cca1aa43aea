import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Module specifiers of every import that is there when the program runs, static and dynamic. */
  readonly imports: readonly string[];
  /** Those, and the ones that import types alone. */
  readonly allImports: readonly string[];
}

const ROOT = path.resolve(__dirname, '../..');

export const SOURCE_FOLDERS = ['stacks', 'bench', 'handlers', 'images', 'local', 'pictures', 'examples'] as const;

export function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}

function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|\brequire\(\s*)'([^']+)'/g)].flatMap(
    (match) => match[1] ?? [],
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
    const code = withoutComments(text);
    const atRunTime = code.replaceAll(/^(?:import|export)\s+type\s[\s\S]*?;$/gm, '');
    return { path: file, text, imports: importsOf(atRunTime), allImports: importsOf(code) };
  });
}

/** The repository path that a relative import of `file` means, without its ending. */
export function resolveImport(file: SourceFile, specifier: string): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(file.path), specifier));
}
