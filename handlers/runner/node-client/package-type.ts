import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Whether .js files in `folder` are ES modules: the nearest package.json says so. node_modules starts afresh. */
export function isModuleFolder(folder: string): boolean {
  if (path.basename(folder) === 'node_modules') {
    return false;
  }
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    return typeOf(file) === 'module';
  }
  const parent = path.dirname(folder);
  return parent !== folder && isModuleFolder(parent);
}

function typeOf(file: string): unknown {
  try {
    const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof document === 'object' && document !== null && 'type' in document ? document.type : undefined;
  } catch {
    // An unreadable package.json names no type.
    return undefined;
  }
}
