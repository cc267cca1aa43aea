import path from 'node:path';
import type { Environment } from '../../../shared/settings';
import { runnerVariable } from '../../runtime-environment';

/** Where the files of one task lie. */
export interface TaskFolder {
  readonly folder: string;
  /** Empty at first: the command is started there. */
  readonly workFolder: string;
  readonly inputFile: string;
  readonly outputFile: string;
}

export function taskFolder(workRoot: string, requestId: string): TaskFolder {
  const folder = path.join(workRoot, 'tasks', requestId);
  return {
    folder,
    workFolder: path.join(folder, 'work'),
    inputFile: path.join(folder, 'input.json'),
    outputFile: path.join(folder, 'output.json'),
  };
}

/** No two tasks have the same value, so that it also tells what a task's command has started. */
export const TASK_ID = 'OVERTIME_TASK_ID';

/** What every command has: the container's own variables without the runner's settings. */
export function containerVariables(container: Environment): Record<string, string> {
  const own = Object.entries(container).flatMap(([name, value]) =>
    value === undefined || runnerVariable(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(own);
}

/** The environment of a task's command: the container's own, and what tells the task. */
export function commandEnvironment(
  container: Environment,
  task: { readonly requestId: string; readonly name: string; readonly folder: TaskFolder },
): Record<string, string> {
  return {
    ...containerVariables(container),
    [TASK_ID]: task.requestId,
    OVERTIME_TASK_NAME: task.name,
    OVERTIME_INPUT_FILE: task.folder.inputFile,
    OVERTIME_OUTPUT_FILE: task.folder.outputFile,
  };
}
