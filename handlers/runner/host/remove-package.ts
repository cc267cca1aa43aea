import { rm } from 'node:fs/promises';
import type { PackageRoots } from './package-roots';

/** Removes a package's folders with all that is in them. */
export async function removePackage({ taskRoot, layersRoot }: PackageRoots): Promise<void> {
  await Promise.all([taskRoot, layersRoot].map((root) => rm(root, { recursive: true, force: true })));
}
