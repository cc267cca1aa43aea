import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';

export const STATE_KEY = 'id';

/** A slot that a scheduler has taken upon itself, until its outcome is written. */
export interface Claim {
  /** Milliseconds since 1970, as all times here. */
  readonly slot: number;
  /** The scheduler. It holds the claim as long as it shows signs of life. */
  readonly by: string;
  /** After this the slot is not started any more. */
  readonly giveUpAt: number;
}

type SlotDecision = 'started' | 'skipped' | 'missed' | 'failed' | 'refused' | 'buffered';

export interface HistoryEntry {
  readonly slot: string;
  readonly decision: SlotDecision;
  readonly runId?: string;
  readonly reason?: string;
  readonly at: string;
}

/** What the schedulers know of a schedule: one item, which only its `version` lets them change. */
export interface ScheduleState {
  /** 0 where no scheduler has written yet. */
  readonly version: number;
  /** The write that made this version. */
  readonly writtenBy?: string;
  /** When the schedule was written or deleted last, by what the registrar noted. */
  readonly writtenAt?: number;
  /** Of the schedule when slots were decided last. */
  readonly revision?: string;
  /** All slots up to this one are decided; those of the claims are being started. */
  readonly lastSlot?: number;
  /** The oldest first. */
  readonly claims: readonly Claim[];
  /** Starts when the run before it has ended. */
  readonly bufferedSlot?: number;
  /** Of the run that was started last. */
  readonly runId?: string;
  /** The newest last. */
  readonly history: readonly HistoryEntry[];
}

export const HISTORY_ENTRIES = 20;

export const NEW_STATE: ScheduleState = { version: 0, claims: [], history: [] };

const instant = v.pipe(
  v.string(),
  v.check((text) => !Number.isNaN(Date.parse(text)), 'not a time'),
  v.transform((text) => Date.parse(text)),
);

// Not strict: the registrar has attributes of its own, and a later version may have more.
const StateSchema = v.object({
  version: v.optional(v.number(), 0),
  written_by: v.exactOptional(v.string()),
  changed_at: v.exactOptional(instant),
  written_at: v.exactOptional(instant),
  revision: v.exactOptional(v.string()),
  last_slot: v.exactOptional(instant),
  claims: v.optional(v.array(v.object({ slot: instant, by: v.string(), give_up_at: instant })), []),
  buffered_slot: v.exactOptional(instant),
  run_id: v.exactOptional(v.string()),
  history: v.optional(
    v.array(
      v.object({
        slot: v.string(),
        decision: v.picklist(['started', 'skipped', 'missed', 'failed', 'refused', 'buffered']),
        runId: v.exactOptional(v.string()),
        reason: v.exactOptional(v.string()),
        at: v.string(),
      }),
    ),
    [],
  ),
});

/** @throws {ValiError} when somebody else has written attributes of the schedulers */
export function parseState(item: unknown): ScheduleState {
  const parsed = v.parse(StateSchema, item);
  // A change is told again by the table's stream, late: what was due since the write is not lost for that.
  const writtenAt = parsed.written_at ?? parsed.changed_at;
  return {
    version: parsed.version,
    ...(parsed.written_by === undefined ? {} : { writtenBy: parsed.written_by }),
    ...(writtenAt === undefined ? {} : { writtenAt }),
    ...(parsed.revision === undefined ? {} : { revision: parsed.revision }),
    ...(parsed.last_slot === undefined ? {} : { lastSlot: parsed.last_slot }),
    claims: parsed.claims.map(({ slot, by, give_up_at }) => ({ slot, by, giveUpAt: give_up_at })),
    ...(parsed.buffered_slot === undefined ? {} : { bufferedSlot: parsed.buffered_slot }),
    ...(parsed.run_id === undefined ? {} : { runId: parsed.run_id }),
    history: parsed.history,
  };
}

const iso = (time: number) => new Date(time).toISOString();

/** The attributes that the schedulers own; those that are `undefined` are removed. */
function attributesOf(state: ScheduleState): Readonly<Record<string, unknown>> {
  const { revision, lastSlot, claims, bufferedSlot, runId, history } = state;
  return {
    revision,
    last_slot: lastSlot === undefined ? undefined : iso(lastSlot),
    claims:
      claims.length === 0
        ? undefined
        : claims.map(({ slot, by, giveUpAt }) => ({ slot: iso(slot), by, give_up_at: iso(giveUpAt) })),
    buffered_slot: bufferedSlot === undefined ? undefined : iso(bufferedSlot),
    run_id: runId,
    history: history.length === 0 ? undefined : history.slice(-HISTORY_ENTRIES),
  };
}

/**
 * Writes what follows on a version, if that is the version still. The registrar's attributes stay as they are.
 *
 * @param writeId new for each write: by it a write whose answer was lost is known again
 */
export function stateUpdate(
  tableName: string,
  id: string,
  before: Pick<ScheduleState, 'version'>,
  after: ScheduleState,
  writeId: string,
): UpdateCommandInput {
  const attributes = Object.entries({
    version: before.version + 1,
    written_by: writeId,
    ...attributesOf(after),
  });
  const set = attributes.filter(([, value]) => value !== undefined);
  const removed = attributes.filter(([, value]) => value === undefined);
  return {
    TableName: tableName,
    Key: { [STATE_KEY]: id },
    UpdateExpression: [
      `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ...(removed.length === 0 ? [] : [`REMOVE ${removed.map(([name]) => `#${name}`).join(', ')}`]),
    ].join(' '),
    ConditionExpression: before.version === 0 ? 'attribute_not_exists(#version)' : '#version = :before',
    ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
      ...(before.version === 0 ? {} : { ':before': before.version }),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}
