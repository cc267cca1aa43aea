import type { Ending } from '../shared/ledger/ending';
import { type Cause, endingBy, factsOf, KILLED_CAUSE, STOP_CAUSES, toldBy } from './causes';
import type { StoppedTask } from './stopped-task';

/** What ECS says of a task whose container ended by itself. */
const ENDED_BY_ITSELF = 'EssentialContainerExited';

function causeOfExit(container: string, exitCode: number | undefined): Cause {
  const how = exitCode === undefined ? 'without an exit code' : `with exit code ${exitCode}`;
  return {
    matches: () => true,
    status: 'FAILED',
    errorType: 'CONTAINER_EXITED',
    text: `The container ${container} ended ${how}: its log may say why.`,
  };
}

/**
 * How an attempt of a container run ended: by the exit code of its container, 0 being the one success, unless the task
 * was stopped from outside. A container that ends with 0 because it was told to stop may not have done its work.
 */
export function classifyContainer(task: StoppedTask, container: string): Ending {
  const { startedAt, stopCode } = task;
  const facts = factsOf(task, task.containers.find(({ name }) => name === container)?.exitCode);
  // Nobody may have seen the task at work before it was over.
  const times = startedAt === undefined ? {} : { startedAt, invokedAt: startedAt };
  if (facts.exitCode === 0 && (stopCode === undefined || stopCode === ENDED_BY_ITSELF)) {
    return { status: 'SUCCEEDED', ...toldBy(task, facts), ...times };
  }
  const cause = [...STOP_CAUSES, KILLED_CAUSE].find(({ matches }) => matches(facts));
  return { ...endingBy(cause ?? causeOfExit(container, facts.exitCode), task, facts), ...times };
}
