import { commandOf, environmentOf, type ProcessRow, processTable } from './process-table';

/** How often to look again: a process that is being killed may start another. */
const SWEEPS = 10;

/** The runtimes that were started and not yet killed: the process group of each, and what marks its environment. */
const trees = new Map<number, string>();

/** Notes a process group whose processes, and all that they start, carry `marker` in their environment. */
export function growTree(processGroup: number, marker: string): void {
  trees.set(processGroup, marker);
}

/**
 * Kills a runtime with everything that it started, by every means that needs no privilege:
 *
 * - its process group, all at once;
 * - on Linux, every process whose environment holds `marker`, as a child in a session of its own has left the group, but
 *   keeps the environment;
 * - the descendants of all these, whatever their environment;
 * - in a container, every process that lost its parent: the container's first process is then its parent. While another
 *   runtime runs beside this one, only what carries the marker, as it is not known whose the others are.
 *
 * What is left: outside a container, a process that emptied its environment, made a session of its own and lost its
 * parent before it was looked for. In a container nothing outlives the runner, its first process or the only child of
 * that.
 */
export function killTree(processGroup: number, marker: string): void {
  trees.delete(processGroup);
  const isAlone = [...trees.values()].every((other) => other === marker);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const found = membersOf(processGroup, marker, isAlone);
    // The group first: none of its processes then has the time to start another.
    signalGroup(processGroup, 'SIGKILL');
    if (found.length === 0) {
      return;
    }
    for (const pid of found) {
      send(pid, 'SIGKILL');
    }
  }
}

/** Sends the signal to every process of the group that is left. */
export function signalGroup(processGroup: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  send(-processGroup, signal);
}

function send(target: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(target, signal);
  } catch {
    // It has ended already.
  }
}

function membersOf(processGroup: number, marker: string, isAlone: boolean): readonly number[] {
  const table = processTable();
  const adopter = isAlone ? adoptiveParent(table) : undefined;
  const own = table.find(({ pid }) => pid === process.pid);
  // What the runner itself starts stays in its group.
  const isOrphan = ({ parent, group }: ProcessRow) => parent === adopter && group !== own?.group;
  const roots = table.filter(
    (row) => row.group === processGroup || isOrphan(row) || environmentOf(row.pid).includes(marker),
  );
  const members = new Set(roots.map(({ pid }) => pid));
  // A set grows while it is walked.
  for (const member of members) {
    for (const { pid, parent } of table) {
      if (parent === member) {
        members.add(pid);
      }
    }
  }
  members.delete(process.pid);
  return [...members];
}

/**
 * The process that inherits those who lose their parent, where it inherits from the runner's container alone: the runner
 * itself, or the init that ECS puts before it, whose command is its own and then the runner's. What ECS Exec starts in
 * the container has a parent outside.
 */
function adoptiveParent(table: readonly ProcessRow[]): number | undefined {
  if (process.pid === FIRST_PROCESS) {
    return FIRST_PROCESS;
  }
  const own = commandOf('self');
  const first = commandOf(FIRST_PROCESS);
  const isInit = first.length > own.length && first.slice(-own.length).join('\0') === own.join('\0');
  const isChild = table.some(({ pid, parent }) => pid === process.pid && parent === FIRST_PROCESS);
  return isInit && isChild ? FIRST_PROCESS : undefined;
}

const FIRST_PROCESS = 1;
