import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBuildContext } from './build-context';
import { type ImageRequest, planImage } from './build-plan';
import { findContainerTool, NO_CONTAINER_TOOL } from './container-tool';
import { runProgram } from './run-program';

/**
 * Bundles the runner and builds its image with the container engine that answers.
 *
 * @returns the image's tag
 * @throws {Error} when no engine answers, or one of its commands fails
 */
export async function buildImage(request: ImageRequest, environment: NodeJS.ProcessEnv): Promise<string> {
  const tool = await findContainerTool(async ([file = '', ...args]) => {
    return (await runProgram([file, ...args], { environment, output: 'dropped' })) === 0;
  });
  if (tool === undefined) {
    throw new Error(NO_CONTAINER_TOOL);
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'overtime-image-'));
  try {
    const plan = planImage(request, tool, folder);
    await writeBuildContext(folder);
    for (const command of plan.commands) {
      const exitCode = await runProgram(command, { environment, output: 'shown' });
      if (exitCode !== 0) {
        throw new Error(`"${command.join(' ')}" ended with exit code ${exitCode}; its own messages are above.`);
      }
    }
    return plan.tag;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
