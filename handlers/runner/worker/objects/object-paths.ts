import path from 'node:path';
import { utf8Bytes } from '../../../shared/payload';

/** Where the files of one object's job lie. */
export interface ObjectPaths {
  /** All others lie in here. */
  readonly folder: string;
  /** The object itself. */
  readonly objectFile: string;
  /** Where the command is started: holds what the zip held, or else the object. */
  readonly inputFolder: string;
  /** What is there in the end is uploaded. */
  readonly outputFolder: string;
}

interface ObjectPlace {
  readonly key: string;
  /** Whether the object is unpacked. */
  readonly isArchive: boolean;
}

const ARCHIVE = /\.zip$/i;

/** Whether a key is that of a zip, however it is written. */
export function isArchiveKey(key: string): boolean {
  return ARCHIVE.test(key);
}

/** @param folder the job's own */
export function objectPaths(folder: string, { key, isArchive }: ObjectPlace): ObjectPaths {
  const inputFolder = path.join(folder, 'input');
  return {
    folder,
    // Beside what it holds, which may have any name.
    objectFile: path.join(isArchive ? path.join(folder, 'object') : inputFolder, objectFileName(key)),
    inputFolder,
    outputFolder: path.join(folder, 'output'),
  };
}

/** What a file system of Linux takes: https://github.com/torvalds/linux/blob/master/include/uapi/linux/limits.h */
const NAME_BYTES = 255;

const NAMELESS = 'object';

/** The last part of the key, as a file's name. A key may end in what is none: a slash, dots, or far more characters. */
export function objectFileName(key: string): string {
  const name = (key.split('/').at(-1) ?? '').replaceAll('\0', '_');
  if (['', '.', '..'].includes(name)) {
    return NAMELESS;
  }
  const { name: stem, ext } = path.posix.parse(name);
  const kept = utf8Bytes(ext) < NAME_BYTES / 2 ? ext : '';
  return utf8Bytes(name) <= NAME_BYTES ? name : `${cut(stem, NAME_BYTES - utf8Bytes(kept))}${kept}`;
}

/** The longest beginning, in whole characters, of so many bytes. */
function cut(text: string, bytes: number): string {
  let left = bytes;
  const characters: string[] = [];
  for (const character of text) {
    left -= utf8Bytes(character);
    if (left < 0) {
      break;
    }
    characters.push(character);
  }
  return characters.join('');
}
