import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * The modules as the last release has them: of each its main.tf.json. When a release is made, they are kept by
 * `npx tsx __tests__/support/keep-release.ts`, so that the next one is held against them.
 */
export const PREVIOUS_RELEASE_FILE = path.resolve(__dirname, '../modules/previous-release.json.gz');

export type PreviousRelease = Readonly<Record<string, string>>;

export function previousRelease(): PreviousRelease {
  return JSON.parse(gunzipSync(readFileSync(PREVIOUS_RELEASE_FILE)).toString('utf8')) as PreviousRelease;
}
