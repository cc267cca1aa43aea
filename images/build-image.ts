import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBuildContext, writePovrayContext, writeSchedulerContext } from './build-context';
import { type ImagePlan, planImage, planPovrayImage, planSchedulerImage } from './build-plan';
import { type ContainerTool, findContainerTool, NO_CONTAINER_TOOL } from './container-tool';
import { runProgram } from './run-program';

/** Runs a command of the engine to its end, and answers its exit code. */
export type RunBuildCommand = (command: readonly [string, ...string[]]) => Promise<number>;

interface ImageJob {
  readonly plan: (tool: ContainerTool, contextFolder: string) => ImagePlan;
  readonly writeContext: (contextFolder: string) => Promise<void>;
}

/**
 * Bundles a program and builds its image with the container engine that answers.
 *
 * @param run runs the build @default - shows what the engine writes
 * @returns the image's tag
 * @throws {Error} when no engine answers, or one of its commands fails
 */
type BuildImage<Request> = (request: Request, environment: NodeJS.ProcessEnv, run?: RunBuildCommand) => Promise<string>;

/** Of the runner. */
export const buildImage = imageBuilder(planImage, writeBuildContext);

/** Of the scheduler. */
export const buildSchedulerImage = imageBuilder(planSchedulerImage, writeSchedulerContext);

/** Of the worker of the POV-Ray demo. */
export const buildPovrayImage = imageBuilder(planPovrayImage, writePovrayContext);

function imageBuilder<Request>(
  plan: (request: Request, tool: ContainerTool, contextFolder: string) => ImagePlan,
  writeContext: ImageJob['writeContext'],
): BuildImage<Request> {
  return (request, environment, run) =>
    build({ plan: (tool, folder) => plan(request, tool, folder), writeContext }, environment, run);
}

async function build(
  job: ImageJob,
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
    const plan = job.plan(tool, folder);
    await job.writeContext(folder);
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
