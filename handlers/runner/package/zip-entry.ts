import path from 'node:path';

/** What a zip says of one of its entries. */
export interface ZipEntry {
  readonly fileName: string;
  readonly externalFileAttributes: number;
  readonly versionMadeBy: number;
  readonly isEncrypted: boolean;
}

/** Where an entry goes, or why it goes nowhere. Paths are relative to the root and have no `..`. */
export type Placement =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number }
  | { readonly kind: 'symlink'; readonly path: string }
  | { readonly kind: 'refused'; readonly reason: string };

const UNIX_HOST = 3;
const FILE_TYPE_MASK = 0o170000;
const SYMLINK_TYPE = 0o120000;
const DIRECTORY_TYPE = 0o040000;
const PERMISSIONS_MASK = 0o777;

/** A zip made elsewhere than on Unix has no permissions. */
const DEFAULT_FILE_MODE = 0o644;
/** The runner owns what it unpacks and must be able to read it, whatever the zip says. */
const OWNER_READ_WRITE = 0o600;

export function placeEntry(entry: ZipEntry): Placement {
  if (entry.isEncrypted) {
    return { kind: 'refused', reason: 'it is encrypted' };
  }
  const relative = path.posix.normalize(entry.fileName);
  if (escapes(relative) || entry.fileName.includes('\\') || entry.fileName.includes('\0')) {
    return { kind: 'refused', reason: 'it lies outside the zip' };
  }
  const unixMode = entry.versionMadeBy >>> 8 === UNIX_HOST ? entry.externalFileAttributes >>> 16 : 0;
  const fileType = unixMode & FILE_TYPE_MASK;
  if (entry.fileName.endsWith('/') || fileType === DIRECTORY_TYPE) {
    return { kind: 'directory', path: relative };
  }
  if (fileType === SYMLINK_TYPE) {
    return { kind: 'symlink', path: relative };
  }
  const permissions = unixMode & PERMISSIONS_MASK;
  return {
    kind: 'file',
    path: relative,
    mode: (permissions === 0 ? DEFAULT_FILE_MODE : permissions) | OWNER_READ_WRITE,
  };
}

/**
 * Whether a symbolic link at `linkPath`, a path without links, that says `target` stays within the root, whatever
 * other links there are or will be. Upwards it goes from its own folder alone: after a name, which may be a link, `..`
 * leads nobody knows where.
 */
export function linkStaysInside(linkPath: string, target: string): boolean {
  const steps = target.split('/').filter((step) => step !== '' && step !== '.');
  const firstName = steps.findIndex((step) => step !== '..');
  const goesUpAfterName = firstName !== -1 && steps.includes('..', firstName);
  const end = path.posix.join(path.posix.dirname(linkPath), target);
  return !path.posix.isAbsolute(target) && !goesUpAfterName && !escapes(linkPath) && !escapes(end);
}

function escapes(relative: string): boolean {
  return path.posix.isAbsolute(relative) || relative === '..' || relative.startsWith('../');
}
