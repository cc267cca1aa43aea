import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBuildContext } from './build-context';
import { type ImageRequest, planImage } from './build-plan';
import { findContainerTool, NO_CONTAINER_TOOL } from './container-tool';
import { runProgram } from './run-program';

/** Runs a command of the engine to its end, and answers its exit code. */
export type RunBuildCommand = (command: readonly [string, ...string[]]) => Promise<number>;

/**
 * Bundles the runner and builds its image with the container engine that answers.
 *
 * @param run runs the build @default - shows what the engine writes
 * @returns the image's tag
 * @throws {Error} when no engine answers, or one of its commands fails
 */
export async function buildImage(
  request: ImageRequest,
  environment: NodeJS.ProcessEnv,
  run: RunBuildCommand = (command) => runProgram(command, { environment, output: 'shown' }),
): Promise<string> {
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
      const exitCode = await run(command);
      if (exitCode !== 0) {
        throw new Error(`"${command.join(' ')}" ended with exit code ${exitCode}; its own messages are above.`);
      }
    }
    return plan.tag;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
