import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { WorkerState } from '../../../handlers/dispatcher/ports';
import type { TaskOutcome } from '../../../handlers/starter/task-outcome';

interface FakeTask {
  readonly taskArn: string;
  readonly startedAt: number;
  isBusy: boolean;
  stoppedAt: number | undefined;
  neverRan: string | undefined;
  hasRun: boolean;
}

/**
 * A cluster of ECS whose answers lag behind: what was started or stopped shows later, and a client token that comes again
 * gives the tasks that it gave before.
 */
export class FakeCluster {
  /** Milliseconds until ListTasks and DescribeTasks show what was done. */
  lag = 0;
  /** How many tasks have room; the rest of a call are failures. */
  room = Number.POSITIVE_INFINITY;
  /** Whether a task that is started runs as soon as it is seen. */
  runsAtOnce = true;
  readonly #tasks = new Map<string, FakeTask>();
  readonly #tokens = new Map<string, readonly string[]>();

  constructor(readonly now: () => number) {}

  get running(): readonly FakeTask[] {
    return [...this.#tasks.values()].filter(({ stoppedAt }) => stoppedAt === undefined);
  }

  /** Starts tasks of which no dispatcher knows. */
  have(count: number): void {
    for (let index = 0; index < count; index += 1) {
      this.#start();
    }
  }

  stop(taskArn: string, neverRan?: string): void {
    const task = this.#tasks.get(taskArn);
    if (task !== undefined) {
      task.stoppedAt = this.now();
      task.neverRan = neverRan;
    }
  }

  list(): readonly string[] {
    return [...this.#tasks.values()]
      .filter(({ startedAt, stoppedAt }) => this.#isSeen(startedAt) && !this.#isSeen(stoppedAt))
      .map(({ taskArn }) => taskArn);
  }

  describe(taskArns: readonly string[]): ReadonlyMap<string, WorkerState> {
    return new Map(taskArns.map((taskArn) => [taskArn, this.#stateOf(this.#tasks.get(taskArn))]));
  }

  run({ clientToken = '', count = 1 }: RunTaskCommandInput): TaskOutcome {
    const known = this.#tokens.get(clientToken);
    if (known !== undefined) {
      return { kind: 'accepted', taskArns: known, taskDefinition: undefined, failures: [] };
    }
    const placed = Math.max(0, Math.min(count, this.room - this.running.length));
    if (placed === 0) {
      return { kind: 'capacity', reason: 'RESOURCE:CPU' };
    }
    const taskArns = Array.from({ length: placed }, () => this.#start());
    this.#tokens.set(clientToken, taskArns);
    const failures = Array.from({ length: count - placed }, () => 'RESOURCE:CPU');
    return { kind: 'accepted', taskArns, taskDefinition: undefined, failures };
  }

  #start(): string {
    const taskArn = `arn:aws:ecs:eu-west-1:123456789012:task/overtime/${this.#tasks.size + 1}`;
    const startedAt = this.now();
    this.#tasks.set(taskArn, {
      taskArn,
      startedAt,
      isBusy: false,
      stoppedAt: undefined,
      neverRan: undefined,
      hasRun: this.runsAtOnce,
    });
    return taskArn;
  }

  #isSeen(at: number | undefined): boolean {
    return at !== undefined && this.now() - at >= this.lag;
  }

  #stateOf(task: FakeTask | undefined): WorkerState {
    if (task === undefined || !this.#isSeen(task.startedAt)) {
      return { kind: 'unknown' };
    }
    return this.#isSeen(task.stoppedAt)
      ? { kind: 'stopped', neverRan: task.neverRan }
      : { kind: 'live', hasRun: task.hasRun };
  }
}
