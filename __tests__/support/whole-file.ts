import { readFileSync } from 'node:fs';
import { GrowingFile } from '../../handlers/runner/package/growing-file';

/** A file that has been downloaded. */
export async function wholeFile(file: string): Promise<GrowingFile> {
  const content = readFileSync(file);
  const grown = await GrowingFile.create(file, content.byteLength, Math.max(content.byteLength, 1));
  for (const part of grown.parts) {
    grown.write(part, content);
  }
  return grown;
}
