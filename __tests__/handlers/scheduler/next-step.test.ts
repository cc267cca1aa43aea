import { nextStep, type Row, type Step, type StepInput } from '../../../handlers/scheduler/next-step';
import { NEW_STATE, parseState, type ScheduleState } from '../../../handlers/scheduler/state';
import { at, scheduleOf } from '../../support/scheduler/example-schedules';

const SCHEDULE = scheduleOf();
const ROW: Row = { kind: 'schedule', schedule: SCHEDULE };
const CLAIM = { slot: at('10:00'), by: 'other', giveUpAt: at('11:00') };
const DECIDED: ScheduleState = { ...NEW_STATE, version: 1, lastSlot: at('10:00'), revision: SCHEDULE.revision };

const INPUT: StepInput = {
  row: ROW,
  state: DECIDED,
  scheduler: 'self',
  isAlive: () => true,
  isAtWork: () => false,
  at: at('10:00:10'),
  prompt: [],
  seenAt: at('09:59:30'),
  onTime: 60_000,
  mustWait: false,
};

const skipping: Row = { kind: 'schedule', schedule: { ...SCHEDULE, overlap: 'skip' } };
const disabled: Row = { kind: 'schedule', schedule: { ...SCHEDULE, isEnabled: false } };
const dead = () => false;

const CASES: readonly { readonly title: string; readonly input: Partial<StepInput>; readonly step: unknown }[] = [
  { title: 'every slot is decided: settled', input: {}, step: { kind: 'settled' } },
  {
    title: 'a slot is due: claim it',
    input: { at: at('10:01') },
    step: { kind: 'claim', schedule: SCHEDULE, due: { start: [at('10:01')], missed: undefined, until: at('10:01') } },
  },
  {
    title: 'the schedule is new, and a slot was due since it was seen: claim it',
    input: { state: NEW_STATE },
    step: { kind: 'claim', schedule: SCHEDULE, due: { start: [at('10:00')], missed: undefined, until: at('10:00') } },
  },
  {
    title: 'the schedule was changed after the slot: it has none',
    input: { state: { ...NEW_STATE, writtenAt: at('10:00:05') } },
    step: { kind: 'settled' },
  },
  {
    title: 'the schedule was written before the slot, and the stream told of it after it: claim it',
    input: {
      state: parseState({ changed_at: '2026-11-27T10:00:01.300Z', written_at: '2026-11-27T09:59:59.700Z' }),
      seenAt: at('10:00:02'),
    },
    step: { kind: 'claim', schedule: SCHEDULE, due: { start: [at('10:00')], missed: undefined, until: at('10:00') } },
  },
  {
    title: 'it was written after the slot, in the same second: it has none',
    input: {
      state: parseState({ changed_at: '2026-11-27T10:00:01.300Z', written_at: '2026-11-27T10:00:00.000Z' }),
      seenAt: at('10:00:02'),
    },
    step: { kind: 'settled' },
  },
  {
    title: 'it was changed after the last slot, and since then one was due: claim that alone',
    input: { state: { ...DECIDED, lastSlot: at('09:00'), revision: 'old', writtenAt: at('09:59:30') } },
    step: { kind: 'claim', schedule: SCHEDULE, due: { start: [at('10:00')], missed: undefined, until: at('10:00') } },
  },
  {
    title: 'a slot that was seen in time, of a row that was written since: claim it',
    input: { state: { ...DECIDED, lastSlot: at('09:59'), writtenAt: at('10:00:05') }, prompt: [at('10:00')] },
    step: { kind: 'claim', schedule: SCHEDULE, due: { start: [at('10:00')], missed: undefined, until: at('10:00') } },
  },
  {
    title: 'a row that was paused and resumed: it has no slots of the time between',
    input: { state: { ...DECIDED, lastSlot: at('08:00'), writtenAt: at('10:00:05') } },
    step: { kind: 'settled' },
  },
  {
    title: 'another scheduler is starting a slot: wait',
    input: { state: { ...DECIDED, claims: [CLAIM] } },
    step: { kind: 'wait', reason: 'a slot is being started' },
  },
  {
    title: '99 slots are being started, and one is due: claim it',
    input: { at: at('10:01'), state: { ...DECIDED, claims: Array.from({ length: 99 }, () => CLAIM) } },
    step: { kind: 'claim', schedule: SCHEDULE, due: { start: [at('10:01')], missed: undefined, until: at('10:01') } },
  },
  {
    title: '100 slots are being started, and one is due: wait',
    input: { at: at('10:01'), state: { ...DECIDED, claims: Array.from({ length: 100 }, () => CLAIM) } },
    step: { kind: 'wait', reason: '100 slots are being started' },
  },
  {
    title: 'that scheduler is dead: take the slot over',
    input: { state: { ...DECIDED, claims: [CLAIM] }, isAlive: dead },
    step: { kind: 'take-over', claims: [CLAIM] },
  },
  {
    title: 'a claim of this scheduler whose outcome it could not write: take it up again',
    input: { state: { ...DECIDED, claims: [{ ...CLAIM, by: 'self' }] } },
    step: { kind: 'take-over', claims: [{ ...CLAIM, by: 'self' }] },
  },
  {
    title: 'this scheduler is at work on it: wait',
    input: { state: { ...DECIDED, claims: [{ ...CLAIM, by: 'self' }] }, isAtWork: () => true },
    step: { kind: 'wait', reason: 'a slot is being started' },
  },
  {
    title: 'overlap is allowed: the next slot is claimed while the one before is being started',
    input: { state: { ...DECIDED, claims: [CLAIM] }, at: at('10:01') },
    step: { kind: 'claim', schedule: SCHEDULE, due: { start: [at('10:01')], missed: undefined, until: at('10:01') } },
  },
  {
    title: 'overlap is not: the next slot waits until the one before has its run',
    input: { row: skipping, state: { ...DECIDED, claims: [CLAIM] }, at: at('10:01') },
    step: { kind: 'wait', reason: 'the slot before is being started' },
  },
  {
    title: 'a slot waits for a run to end: look at the run, before anything else starts',
    input: { state: { ...DECIDED, bufferedSlot: at('10:00') }, at: at('10:01') },
    step: { kind: 'look-at-buffered', schedule: SCHEDULE, slot: at('10:00') },
  },
  {
    title: 'that run is alive, and nothing is due: wait',
    input: { state: { ...DECIDED, bufferedSlot: at('10:00') }, mustWait: true },
    step: { kind: 'wait', reason: 'a slot waits for the run before it to end' },
  },
  {
    title: 'the row is gone: settled',
    input: { row: { kind: 'gone' }, at: at('10:01') },
    step: { kind: 'settled' },
  },
  { title: 'it is disabled: settled', input: { row: disabled, at: at('10:01') }, step: { kind: 'settled' } },
  {
    title: 'the row is gone, and a claim of a dead scheduler is left: drop it',
    input: { row: { kind: 'gone' }, state: { ...DECIDED, claims: [CLAIM] }, isAlive: dead },
    step: { kind: 'drop', claims: [CLAIM], reason: 'the schedule was deleted before the slot was started' },
  },
  {
    title: 'it is disabled, and a slot waits: drop that',
    input: { row: disabled, state: { ...DECIDED, bufferedSlot: at('10:00') } },
    step: { kind: 'drop-buffered', reason: 'the schedule was disabled before the slot was started' },
  },
  {
    title: 'the row cannot be read, and a claim of a dead scheduler is left: drop it, and say what is wrong',
    input: {
      row: { kind: 'malformed', problems: ['cron_time is 1'] },
      state: { ...DECIDED, claims: [CLAIM] },
      isAlive: dead,
    },
    step: { kind: 'drop', claims: [CLAIM], reason: "the schedule's row cannot be read: cron_time is 1" },
  },
];

test.each(CASES)('$title', ({ input, step }) => {
  expect(nextStep({ ...INPUT, ...input }) satisfies Step).toEqual(step);
});
