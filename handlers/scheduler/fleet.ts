import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { STATE_KEY } from './state';

/**
 * The item that all schedulers share, in the table of the schedules' states: who is alive, and up to when every slot is
 * decided. No schedule may have this id.
 */
export const FLEET_ID = 'overtime:schedulers';

export interface Fleet {
  /** 0 where no scheduler has written yet. */
  readonly version: number;
  readonly writtenBy?: string;
  /** How often each has shown a sign of life: as long as its number grows, it is alive, whatever clock it has. */
  readonly beats: Readonly<Record<string, number>>;
  /** Every slot up to this instant has its outcome, in milliseconds since 1970. */
  readonly watermark?: number;
}

export const NEW_FLEET: Fleet = { version: 0, beats: {} };

const FleetSchema = v.object({
  version: v.number(),
  written_by: v.exactOptional(v.string()),
  beats: v.array(v.object({ scheduler: v.string(), beat: v.number() })),
  watermark: v.exactOptional(v.string()),
});

/** @throws {ValiError} when somebody else has written the item */
export function parseFleet(item: unknown): Fleet {
  const { version, written_by, beats, watermark } = v.parse(FleetSchema, item);
  return {
    version,
    ...(written_by === undefined ? {} : { writtenBy: written_by }),
    beats: Object.fromEntries(beats.map(({ scheduler, beat }) => [scheduler, beat])),
    ...(watermark === undefined ? {} : { watermark: Date.parse(watermark) }),
  };
}

export function fleetUpdate(tableName: string, before: Fleet, after: Fleet, writeId: string): UpdateCommandInput {
  const { beats, watermark } = after;
  const hasWatermark = watermark !== undefined;
  return {
    TableName: tableName,
    Key: { [STATE_KEY]: FLEET_ID },
    UpdateExpression: `SET #version = :version, #written_by = :written_by, #beats = :beats${hasWatermark ? ', #watermark = :watermark' : ''}`,
    ConditionExpression: before.version === 0 ? 'attribute_not_exists(#version)' : '#version = :before',
    ExpressionAttributeNames: {
      '#version': 'version',
      '#written_by': 'written_by',
      '#beats': 'beats',
      ...(hasWatermark ? { '#watermark': 'watermark' } : {}),
    },
    ExpressionAttributeValues: {
      ':version': before.version + 1,
      ':written_by': writeId,
      ':beats': Object.entries(beats).map(([scheduler, beat]) => ({ scheduler, beat })),
      ...(before.version === 0 ? {} : { ':before': before.version }),
      ...(hasWatermark ? { ':watermark': new Date(watermark).toISOString() } : {}),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** A sign of life, and how far this scheduler knows all slots to be decided. The dead are left out. */
export function withBeat(
  fleet: Fleet,
  scheduler: string,
  beat: { readonly number: number; readonly watermark: number | undefined; readonly dead: readonly string[] },
): Fleet {
  const others = Object.entries(fleet.beats).filter(([name]) => name !== scheduler && !beat.dead.includes(name));
  const known = [fleet.watermark, beat.watermark].flatMap((time) => time ?? []);
  return {
    ...fleet,
    beats: { ...Object.fromEntries(others), [scheduler]: beat.number },
    ...(known.length === 0 ? {} : { watermark: Math.max(...known) }),
  };
}

export function withoutScheduler(fleet: Fleet, scheduler: string): Fleet {
  return { ...fleet, beats: Object.fromEntries(Object.entries(fleet.beats).filter(([name]) => name !== scheduler)) };
}
