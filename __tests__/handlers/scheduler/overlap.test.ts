import { decideOverlap } from '../../../handlers/scheduler/overlap';
import { at } from '../../support/scheduler/example-schedules';

const BUFFERED = at('10:00');

test.each([
  ['allow', 'is alive', undefined, { kind: 'start' }],
  ['allow', 'has ended', undefined, { kind: 'start' }],
  ['skip', 'is alive', undefined, { kind: 'skip', reason: 'the run run-1 of an earlier slot is still alive' }],
  ['skip', 'has ended', undefined, { kind: 'start' }],
  ['replace', 'is alive', undefined, { kind: 'replace', runId: 'run-1' }],
  ['replace', 'has ended', undefined, { kind: 'start' }],
  ['buffer', 'is alive', undefined, { kind: 'buffer' }],
  ['buffer', 'has ended', undefined, { kind: 'start' }],
  ['buffer', 'is alive', BUFFERED, { kind: 'skip', reason: 'the slot 2026-11-27T10:00:00.000Z waits already' }],
  // The one that waits is first.
  ['buffer', 'has ended', BUFFERED, { kind: 'skip', reason: 'the slot 2026-11-27T10:00:00.000Z waits already' }],
] as const)('%s: the run before %s, and %s waits', (overlap, run, bufferedSlot, decision) => {
  expect(decideOverlap({ overlap, aliveRun: run === 'is alive' ? 'run-1' : undefined, bufferedSlot })).toEqual(
    decision,
  );
});
