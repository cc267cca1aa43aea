import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isThere } from './databases/database';
import { textPackage } from './function-package';

const ROOT = path.resolve(__dirname, '../..');

/** What renders a scene in the image of the POV-Ray demo. */
export const RENDER = path.join(ROOT, 'images/povray-worker/render');

/** Why nothing can be rendered here, with the fix; `undefined` where it can. */
export const povrayMissing = isThere('povray')
  ? undefined
  : 'POV-Ray is not on the PATH (Debian: apt-get install povray povray-includes)';

/** A file of the scene in examples/povray. */
export const sceneFile = (name: string) => readFileSync(path.join(ROOT, 'examples/povray/scene', name), 'utf8');

/** The scene of examples/povray in its small version, packed as its page says. */
export function smallScene(): Uint8Array {
  return textPackage({ 'hourglass.pov': sceneFile('hourglass.pov'), 'small.ini': sceneFile('small.ini') });
}

/** Of small.ini. */
export const SMALL = { width: 96, height: 54 };

/**
 * The size that a PNG's header names: https://www.w3.org/TR/png-3/#11IHDR
 *
 * @throws {Error} where there is no such header
 */
export function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const header = Buffer.from(bytes.subarray(0, 24));
  if (
    header.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n' ||
    header.toString('latin1', 12, 16) !== 'IHDR'
  ) {
    throw new Error(`These ${bytes.length} bytes are no PNG: ${header.toString('hex')}`);
  }
  return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
}
