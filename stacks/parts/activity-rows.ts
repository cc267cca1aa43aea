import { Token } from 'cdktf';
import { ACTIVITY_DEFAULTS, type Activities, type Activity } from './activity';
import { type WorkerRow, workerRow } from './worker-rows';

/** An activity in Terraform's spelling: the generated module has a variable of it. */
export interface ActivityRow extends WorkerRow {
  readonly commands: readonly string[] | null;
  readonly count: number;
  readonly heartbeat_seconds: number;
  readonly timeout_seconds: number;
  readonly idle_seconds: number | null;
  readonly retries: number;
}

/** A map that is a token is passed on: it has rows of that shape already. */
export function activityRows(activities: Activities): Readonly<Record<string, ActivityRow>> | Activities {
  return Token.isUnresolved(activities)
    ? activities
    : Object.fromEntries(Object.entries(activities).map(([key, one]) => [key, rowOf(one)]));
}

function rowOf(one: Activity): ActivityRow {
  return {
    ...workerRow(one),
    commands: one.commands ?? null,
    count: one.count ?? ACTIVITY_DEFAULTS.count,
    heartbeat_seconds: one.heartbeatSeconds ?? ACTIVITY_DEFAULTS.heartbeatSeconds,
    timeout_seconds: one.timeoutSeconds ?? ACTIVITY_DEFAULTS.timeoutSeconds,
    idle_seconds: one.idleSeconds ?? null,
    retries: one.retries ?? ACTIVITY_DEFAULTS.retries,
  };
}
