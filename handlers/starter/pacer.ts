import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import { LEDGER_KEY } from '../shared/run';
import type { TimeRange } from './server-time';

/**
 * The launch pacer: one row of the ledger's table, shared by all starters, that keeps the launches within an account's
 * rate. It is a token bucket as virtual scheduling (GCRA): `paidUntil` is the instant up to which the launches so far
 * have used up the rate. A launch takes its turn when it is about to be made, not before, so that no turn is late.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
 *
 * In any span of t seconds at most `burst + launchesPerSecond * t` turns are given, whatever the starters' clocks show:
 * a turn is given only when it is due by the earliest time that the table's clock may show, and is paid from the latest.
 *
 * `line` is the launch that stands last in the launch queue. While there is one, every other start goes to the queue as
 * well, so that none overtakes those that wait.
 */
export const PACER_KEY = 'pacer';

export interface PacerLimits {
  /** How many launches may be made at once when there were none for a while. */
  readonly burst: number;
  readonly launchesPerSecond: number;
}

/** The row, as far as it matters. */
export interface PacerRow {
  /** Milliseconds since 1970, by the table's clock. */
  readonly paidUntil?: number;
  readonly line?: string;
  /** After this the line counts as gone: its last launch was lost on its way to the queue. */
  readonly lineUntil?: number;
}

const PacerRowSchema = v.object({
  paidUntil: v.exactOptional(v.number()),
  line: v.exactOptional(v.string()),
  lineUntil: v.exactOptional(v.number()),
});

/** @throws {ValiError} when somebody else wrote the row */
export function parsePacerRow(row: unknown): PacerRow {
  return v.parse(PacerRowSchema, row);
}

/** Who asks for a turn: a start that just came, or one whose message was taken from the queue. */
export type TurnOf = 'newcomer' | 'queued';

export type TurnDecision =
  /** The turn is had if this write succeeds. */
  | { readonly kind: 'take'; readonly update: UpdateCommandInput }
  /** Others wait in the queue. */
  | { readonly kind: 'line' }
  | { readonly kind: 'wait'; readonly milliseconds: number };

const MILLISECONDS_PER_SECOND = 1000;

/** For how long a line lasts after its last sign of life: ten times what a consumer takes for a batch. */
const LINE_MILLISECONDS = 5 * 60 * MILLISECONDS_PER_SECOND;

const HAS_NO_LINE = '(attribute_not_exists(#line) OR #lineUntil < :earliest)';

interface TurnInput {
  readonly tableName: string;
  readonly limits: PacerLimits;
  readonly time: TimeRange;
  readonly turnOf: TurnOf;
}

function take(
  { tableName, time, turnOf }: TurnInput,
  branch: { readonly set: string; readonly condition: string; readonly values: Readonly<Record<string, number>> },
): TurnDecision {
  const isQueued = turnOf === 'queued';
  const update: UpdateCommandInput = {
    TableName: tableName,
    Key: { [LEDGER_KEY]: PACER_KEY },
    UpdateExpression: `SET #paidUntil = ${branch.set}${isQueued ? ', #lineUntil = :lineUntil' : ''}`,
    ConditionExpression: isQueued ? branch.condition : `${branch.condition} AND ${HAS_NO_LINE}`,
    ExpressionAttributeNames: {
      '#paidUntil': 'paidUntil',
      '#lineUntil': 'lineUntil',
      ...(isQueued ? {} : { '#line': 'line' }),
    },
    ExpressionAttributeValues: {
      ...branch.values,
      ...(isQueued ? { ':lineUntil': time.latest + LINE_MILLISECONDS } : { ':earliest': time.earliest }),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
  return { kind: 'take', update };
}

/**
 * How a launch gets its turn, given the row as it was last seen; `undefined` for nothing seen, which is taken for a row
 * that nobody has used for a while. The write's condition is what it was decided on, so that whoever was quicker is
 * found out, and many starters at once do not fail each other's writes as long as all of them are due.
 */
export function decideTurn(row: PacerRow | undefined, input: TurnInput): TurnDecision {
  const { limits, time, turnOf } = input;
  const interval = MILLISECONDS_PER_SECOND / limits.launchesPerSecond;
  const due = time.earliest + (limits.burst - 1) * interval;
  const paidUntil = row?.paidUntil ?? Number.NEGATIVE_INFINITY;
  if (turnOf === 'newcomer' && row?.line !== undefined && (row.lineUntil ?? 0) >= time.earliest) {
    return { kind: 'line' };
  }
  if (paidUntil > due) {
    return { kind: 'wait', milliseconds: Math.ceil(paidUntil - due) };
  }
  if (paidUntil <= time.latest) {
    return take(input, {
      set: ':paid',
      condition: '(attribute_not_exists(#paidUntil) OR #paidUntil <= :idle)',
      values: { ':paid': time.latest + interval, ':idle': Math.min(time.latest, due) },
    });
  }
  return take(input, {
    set: '#paidUntil + :interval',
    condition: '#paidUntil > :latest AND #paidUntil <= :due',
    values: { ':interval': interval, ':latest': time.latest, ':due': due },
  });
}

/** A launch goes to the end of the line. */
export function joinLineUpdate(tableName: string, launchId: string, time: TimeRange): UpdateCommandInput {
  return {
    TableName: tableName,
    Key: { [LEDGER_KEY]: PACER_KEY },
    UpdateExpression: 'SET #line = :line, #lineUntil = :lineUntil',
    ExpressionAttributeNames: { '#line': 'line', '#lineUntil': 'lineUntil' },
    ExpressionAttributeValues: { ':line': launchId, ':lineUntil': time.latest + LINE_MILLISECONDS },
  };
}

/** The line is gone if this launch was the last of it. */
export function leaveLineUpdate(tableName: string, launchId: string): UpdateCommandInput {
  return {
    TableName: tableName,
    Key: { [LEDGER_KEY]: PACER_KEY },
    UpdateExpression: 'REMOVE #line, #lineUntil',
    ConditionExpression: '#line = :line',
    ExpressionAttributeNames: { '#line': 'line', '#lineUntil': 'lineUntil' },
    ExpressionAttributeValues: { ':line': launchId },
  };
}
