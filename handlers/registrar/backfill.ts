import type { Schedule } from '../shared/schedule/schedule';
import { resolveRequest } from '../shared/schedule/slot-key';
import { slotsBetween } from '../shared/schedule/slots';
import { InvalidInput } from './errors';
import type { RegistrarDeps, StartResult } from './ports';

interface BackfillRequest {
  /** Milliseconds since 1970; the first instant that may be a slot. */
  readonly from: number;
  /** The first instant that may be none. */
  readonly to: number;
  readonly most: number;
}

export interface BackfillAnswer {
  readonly id: string;
  readonly runIds: readonly string[];
  readonly runs: readonly { readonly slot: string; readonly runId: string; readonly status: string }[];
  /** Slots that the starter refused to start. */
  readonly failures: readonly { readonly slot: string; readonly code: string; readonly reason: string }[];
  /** Where to go on from: more slots are left than `most`, or than there was time for. */
  readonly nextFrom?: string;
}

/** Starts at once: the starter paces the launches itself. */
const CONCURRENT_STARTS = 10;

/** What starting a few takes at the longest; with less left, the rest is left to the caller. */
const STARTS_MILLISECONDS = 15_000;

/** @throws {InvalidInput} */
function checkBounds({ from, to }: BackfillRequest, now: Date): void {
  const problems = [
    ...(to <= from ? ['to is not after from: give a later time'] : []),
    ...(to > now.getTime()
      ? ['to is yet to come: give a time that has passed, as later slots fire by themselves']
      : []),
  ];
  if (problems.length > 0) {
    throw new InvalidInput(problems);
  }
}

interface Started {
  readonly slot: number;
  readonly result: StartResult;
}

async function startSlots(
  schedule: Schedule,
  slots: readonly number[],
  { ports, remainingMilliseconds }: RegistrarDeps,
): Promise<readonly Started[]> {
  const started: Started[] = [];
  while (started.length < slots.length && (started.length === 0 || remainingMilliseconds() >= STARTS_MILLISECONDS)) {
    const batch = slots.slice(started.length, started.length + CONCURRENT_STARTS);
    started.push(
      ...(await Promise.all(
        batch.map(async (slot) => ({ slot, result: await ports.start(resolveRequest(schedule, slot)) })),
      )),
    );
  }
  return started;
}

/**
 * Starts the runs of slots that have passed, with the keys that the scheduler uses: a slot that has fired gives its run of then,
 * and starts nothing. Neither the overlap policy nor `enabled` is asked.
 *
 * @throws {InvalidInput} for bounds that are none
 */
export async function backfill(
  schedule: Schedule,
  request: BackfillRequest,
  deps: RegistrarDeps,
): Promise<BackfillAnswer> {
  checkBounds(request, deps.now());
  const { from, to, most } = request;
  const slots = slotsBetween(schedule, from - 1, to - 1, most + 1);
  const started = await startSlots(schedule, slots.slice(0, most), deps);
  const left = slots[started.length];
  const iso = (slot: number) => new Date(slot).toISOString();
  const runs = started.flatMap(({ slot, result }) =>
    result.kind === 'started' ? [{ slot: iso(slot), runId: result.runId, status: result.status }] : [],
  );
  const failures = started.flatMap(({ slot, result }) =>
    result.kind === 'refused' ? [{ slot: iso(slot), code: result.code, reason: result.reason }] : [],
  );
  return {
    id: schedule.id,
    runIds: runs.map(({ runId }) => runId),
    runs,
    failures,
    ...(left === undefined ? {} : { nextFrom: iso(left) }),
  };
}
