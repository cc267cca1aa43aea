import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { ObjectMessage } from '../../../handlers/dispatcher/batches';
import type {
  DispatcherDeps,
  DispatcherPorts,
  ObjectName,
  QueueDepth,
  StoredObject,
  UnsentMessage,
} from '../../../handlers/dispatcher/ports';
import { type DispatcherSettings, parseSettings } from '../../../handlers/dispatcher/settings';
import type { LogFields } from '../../../handlers/shared/log';
import type { TaskFailure } from '../../../handlers/starter/task-outcome';
import { FakeCluster } from './fake-cluster';
import { FakeLock } from './fake-lock';

export const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/scenes';
export const CLUSTER = 'overtime';
export const FAMILY = 'render';

export const ENVIRONMENT = {
  OVERTIME_QUEUE_URL: QUEUE_URL,
  OVERTIME_SUFFIXES: '[".zip"]',
  OVERTIME_OUTPUT_BUCKET: 'pictures',
  OVERTIME_JOBS_TABLE: 'jobs',
  OVERTIME_MAX_WORKERS: '4',
  OVERTIME_CLUSTER: CLUSTER,
  OVERTIME_TASK_DEFINITION: FAMILY,
  OVERTIME_SUBNETS: 'subnet-1,subnet-2',
  OVERTIME_SECURITY_GROUPS: 'sg-1',
  OVERTIME_ASSIGN_PUBLIC_IP: 'DISABLED',
};

export const SERVICE_ENVIRONMENT = {
  ...ENVIRONMENT,
  OVERTIME_WORKERS: 'service',
  OVERTIME_SERVICE: 'renderers',
};

export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:overtime-dispatcher';

export const stored = (more: Partial<Extract<StoredObject, { kind: 'there' }>> = {}): StoredObject => ({
  kind: 'there',
  isOutput: false,
  versionId: undefined,
  eTag: 'e1',
  sizeBytes: 7,
  modifiedAt: '2026-11-27T11:00:00.000Z',
  ...more,
});

/** The dispatcher's world in memory: a queue, a bucket, a cluster or service, and the launch lock. Its calls are kept. */
export class DispatcherWorld {
  now = Date.parse('2026-11-27T12:00:00Z');
  remainingMilliseconds = 60_000;
  readonly lock = new FakeLock();
  readonly cluster = new FakeCluster(() => this.now);
  depth: QueueDepth = { waiting: 0, inFlight: 0, delayed: 0 };
  desired = 0;
  /** Tasks of the service that come to run at most. */
  runnable = Number.POSITIVE_INFINITY;
  /** By `bucket/key`; the others are gone. An error is thrown. */
  readonly objects = new Map<string, StoredObject | Error>();
  /** What each batch in turn leaves unsent. */
  readonly unsent: (readonly UnsentMessage[])[] = [];
  /** What each RunTask in turn answers before one is carried out. */
  readonly taskFailures: TaskFailure[] = [];
  /** What a port throws, by its name. */
  readonly faults = new Map<keyof DispatcherPorts, Error>();
  readonly calls: { readonly name: string; readonly given: unknown }[] = [];
  readonly batches: (readonly ObjectMessage[])[] = [];
  readonly lines: { readonly level: string; readonly event: string; readonly fields: LogFields }[] = [];
  readonly printed: Record<string, unknown>[] = [];
  readonly sleeps: number[] = [];
  readonly #settings: DispatcherSettings;
  #ids = 0;

  constructor(environment: Readonly<Record<string, string>> = ENVIRONMENT) {
    this.#settings = parseSettings(environment);
  }

  get deps(): DispatcherDeps {
    const log =
      (level: string) =>
      (event: string, fields: LogFields = {}) => {
        this.lines.push({ level, event, fields });
      };
    return {
      settings: this.#settings,
      now: () => new Date(this.now),
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
      sleep: async (milliseconds) => {
        this.sleeps.push(milliseconds);
        this.now += milliseconds;
        this.remainingMilliseconds -= milliseconds;
      },
      random: () => 0.5,
      newId: () => {
        this.#ids += 1;
        return `id-${this.#ids}`;
      },
      print: (line) => this.printed.push(JSON.parse(line)),
      remainingMilliseconds: () => this.remainingMilliseconds,
      functionArn: FUNCTION_ARN,
      ports: {
        sendBatch: (messages) => this.#call('sendBatch', messages, () => this.#send(messages)),
        queueDepth: () => this.#call('queueDepth', undefined, () => this.depth),
        headObject: (name) => this.#call('headObject', name, () => this.#head(name)),
        lock: this.lock,
        listTasks: (cluster, family) => this.#call('listTasks', { cluster, family }, () => this.cluster.list()),
        describeTasks: (cluster, taskArns) =>
          this.#call('describeTasks', { cluster, taskArns }, () => this.cluster.describe(taskArns)),
        runTask: (input) => this.#call('runTask', input, () => this.#run(input)),
        serviceTasks: (cluster, service) =>
          this.#call('serviceTasks', { cluster, service }, () => ({
            desired: this.desired,
            running: Math.min(this.desired, this.runnable),
          })),
        setDesiredCount: (cluster, service, count) =>
          this.#call('setDesiredCount', { cluster, service, count }, () => {
            this.desired = count;
          }),
      },
    };
  }

  callsOf(name: keyof DispatcherPorts): readonly unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ given }) => given);
  }

  /** Keys or the like in the bodies of what was sent. */
  get bodies(): readonly unknown[] {
    return this.batches.flatMap((batch) => batch.map(({ body }) => JSON.parse(body)));
  }

  get events(): readonly string[] {
    return this.lines.map(({ level, event }) => `${level} ${event}`);
  }

  async #call<Result>(name: keyof DispatcherPorts, given: unknown, work: () => Result): Promise<Result> {
    this.calls.push({ name, given });
    const fault = this.faults.get(name);
    if (fault !== undefined) {
      throw fault;
    }
    return work();
  }

  #send(messages: readonly ObjectMessage[]): readonly UnsentMessage[] {
    const unsent = this.unsent.shift() ?? [];
    const ids = new Set(unsent.map(({ id }) => id));
    this.batches.push(messages.filter(({ id }) => !ids.has(id)));
    return unsent;
  }

  #head({ bucket, key }: ObjectName): StoredObject {
    const found = this.objects.get(`${bucket}/${key}`) ?? { kind: 'gone' };
    if (found instanceof Error) {
      throw found;
    }
    return found;
  }

  #run(input: RunTaskCommandInput) {
    const failure = this.taskFailures.shift();
    return failure ?? this.cluster.run(input);
  }
}
