import fc from 'fast-check';
import { DueHeap } from '../../../handlers/scheduler/due-heap';

const action = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), index: fc.nat(3_000), time: fc.nat(1_000) }),
  fc.record({ kind: fc.constant('delete' as const), index: fc.nat(3_000) }),
  fc.record({ kind: fc.constant('take' as const), until: fc.nat(1_000) }),
);

test('whatever is set, moved and deleted: the heap gives what a sorted list would', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 300 }), (actions) => {
      const heap = new DueHeap();
      const list = new Map<number, number>();
      const earliest = () =>
        [...list.values()].reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
      for (const step of actions) {
        if (step.kind === 'set') {
          heap.set(step.index, step.time);
          list.set(step.index, step.time);
        } else if (step.kind === 'delete') {
          heap.delete(step.index);
          list.delete(step.index);
        } else {
          const before = earliest();
          const taken = heap.take(step.until);
          expect(taken === undefined ? undefined : list.get(taken)).toBe(before <= step.until ? before : undefined);
          list.delete(taken ?? -1);
        }
        expect([heap.size, heap.firstTime ?? Number.POSITIVE_INFINITY]).toEqual([list.size, earliest()]);
      }
    }),
  );
});
