import { earlyLookUp } from '../../../handlers/runner/early-look-up';

const signal = () => new AbortController().signal;

/** A look-up that notes what it is asked, and answers with how often it was. */
function counting() {
  const asked: string[] = [];
  const lookUp = async (functionArn: string) => {
    asked.push(functionArn);
    return asked.length;
  };
  return { asked, ...earlyLookUp(lookUp) };
}

test('the first call gets what was asked for early, and the second asks anew', async () => {
  const { asked, begin, lookUp } = counting();
  begin('fn');

  expect(asked).toEqual(['fn']);
  expect(await lookUp('fn', signal())).toBe(1);
  expect(await lookUp('fn', signal())).toBe(2);
});

test('nothing is asked early unless it is begun, and another function is asked for itself', async () => {
  const { asked, begin, lookUp } = counting();
  await lookUp('one', signal());
  begin('one');
  await lookUp('two', signal());

  expect(asked).toEqual(['one', 'one', 'two']);
  expect(await lookUp('one', signal())).toBe(2);
});

test('a failure is heard of by the first call alone', async () => {
  let calls = 0;
  const { begin, lookUp } = earlyLookUp(async () => {
    calls += 1;
    if (calls === 1) {
      throw new Error('denied');
    }
    return 'found';
  });
  begin('fn');

  await expect(lookUp('fn', signal())).rejects.toThrow('denied');
  expect(await lookUp('fn', signal())).toBe('found');
});

test('whoever stops waiting is let go with the reason', async () => {
  const { begin, lookUp } = earlyLookUp(() => new Promise<string>(() => undefined));
  begin('fn');
  const stop = new AbortController();
  const waiting = lookUp('fn', stop.signal);
  stop.abort(new Error('stopped'));

  await expect(waiting).rejects.toThrow('stopped');
});
