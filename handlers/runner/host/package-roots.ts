import path from 'node:path';

/** The folders of one package: the function's code, and its layers. */
export interface PackageRoots {
  readonly taskRoot: string;
  readonly layersRoot: string;
}

/**
 * Where the n-th package that a host fetches is unpacked: the first where Lambda has it, later ones beside, as runtimes
 * may still run from the ones before. Runtimes of a later one are told its folders (LAMBDA_TASK_ROOT and the paths of
 * their language); code that names a file under /opt outright sees the first one's until the task is replaced.
 */
export function packageRoots(first: PackageRoots, laterRoot: string, generation: number): PackageRoots {
  if (generation === 1) {
    return first;
  }
  const folder = path.join(laterRoot, 'packages', String(generation));
  return { taskRoot: path.join(folder, 'task'), layersRoot: path.join(folder, 'opt') };
}
