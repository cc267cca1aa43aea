import type { Clock } from '../shared/clock';
import type { DeliveryResult } from '../shared/delivery/deliver';
import type { LaunchMessage } from '../shared/launch-message';
import type { WriteResult } from '../shared/ledger/table';
import type { LedgerWrite } from '../shared/ledger/update';
import type { Log } from '../shared/log';
import type { RunRecord } from '../shared/run';
import type { TaskView } from './task-view';

interface DuePage {
  readonly runIds: readonly string[];
  /** Where the next page begins; `undefined` after the last. */
  readonly next: DuePosition | undefined;
}

/** A place in the index of open rows. */
type DuePosition = Readonly<Record<string, unknown>>;

export interface Ledger {
  /** @throws {ValiError} when the row is none */
  readonly find: (runId: string) => Promise<RunRecord | undefined>;
  /** Open rows whose `checkAt` has passed, the longest due first. */
  readonly due: (now: Date, from: DuePosition | undefined) => Promise<DuePage>;
  readonly write: (write: LedgerWrite) => Promise<WriteResult>;
}

/** All that the watcher does to the world. */
export interface WatcherPorts {
  readonly ledger: Ledger;
  /** Every task that is given is in the answer. */
  readonly describeTasks: (cluster: string, taskArns: readonly string[]) => Promise<ReadonlyMap<string, TaskView>>;
  readonly stopTask: (cluster: string, taskArn: string, reason: string) => Promise<void>;
  readonly sendLaunch: (message: LaunchMessage, deduplicationId: string) => Promise<void>;
  /** At least once: an outcome may reach its addressees again. */
  readonly deliver: (record: RunRecord) => Promise<DeliveryResult>;
}

export interface WatcherDeps {
  readonly ports: WatcherPorts;
  readonly ledgerTable: string;
  /** A random id, new for each invocation. */
  readonly watcherId: string;
  readonly now: Clock;
  readonly log: Log;
  /** Writes one line to the function's log: CloudWatch reads metrics from there. */
  readonly print: (line: string) => void;
  readonly remainingMilliseconds: () => number;
}
