import fc from 'fast-check';
import { Tail } from '../../../../../handlers/runner/worker/command/tail';

test('whatever is written, in whatever pieces, the last bytes of it are kept', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme-ascii' })), fc.integer({ min: 1, max: 20 }), (pieces, limit) => {
      const tail = new Tail(limit);
      for (const piece of pieces) {
        tail.add(Buffer.from(piece));
      }
      const all = pieces.join('');

      expect(tail.text()).toBe(all.slice(-limit));
      expect(tail.isCut).toBe(all.length > limit);
    }),
  );
});
