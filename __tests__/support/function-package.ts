import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';

const FUNCTIONS = path.join(__dirname, 'functions');
const UNIX = 3;

/** The zip of a function under support/functions, as a user would upload it. */
export function functionPackage(name: string): Uint8Array {
  return folderPackage(functionFolder(name));
}

/** Where a function under support/functions lies, unpacked. */
export function functionFolder(name: string): string {
  return path.join(FUNCTIONS, name);
}

/** The zip of what lies in a folder. */
export function folderPackage(folder: string): Uint8Array {
  const files: Zippable = {};
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const full = path.join(folder, file);
    const stat = statSync(full);
    if (stat.isFile()) {
      files[file] = [readFileSync(full), { os: UNIX, attrs: stat.mode << 16 }];
    }
  }
  return zipSync(files);
}

/** A zip of files that are given as text, executable or not. */
export function textPackage(files: Readonly<Record<string, string>>, mode = 0o100644): Uint8Array {
  const attributes = { os: UNIX, attrs: mode << 16 };
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, [strToU8(text), attributes]])));
}
