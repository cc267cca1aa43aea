import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { bundleRunner } from './bundle-runner';
import { bundleScheduler } from './bundle-scheduler';

/** Folders of the image that the runner's user owns; the Dockerfile says what for. */
const WRITABLE_FOLDERS = ['writable/var/task', 'writable/root/opt'] as const;

/** Puts everything that the runner's Dockerfile needs into `folder`. */
export async function writeBuildContext(folder: string): Promise<void> {
  await bundleRunner(folder);
  await copyFile(path.join(__dirname, 'runner', 'Dockerfile'), path.join(folder, 'Dockerfile'));
  for (const writable of WRITABLE_FOLDERS) {
    await mkdir(path.join(folder, writable), { recursive: true });
  }
}

/** Puts everything that the scheduler's Dockerfile needs into `folder`. */
export async function writeSchedulerContext(folder: string): Promise<void> {
  await bundleScheduler(folder);
  await copyFile(path.join(__dirname, 'scheduler', 'Dockerfile'), path.join(folder, 'Dockerfile'));
}

/** Puts everything that the Dockerfile of the POV-Ray demo needs into `folder`. */
export async function writePovrayContext(folder: string): Promise<void> {
  await bundleRunner(folder);
  for (const file of ['Dockerfile', 'render']) {
    await copyFile(path.join(__dirname, 'povray-worker', file), path.join(folder, file));
  }
}
