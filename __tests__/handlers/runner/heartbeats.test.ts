import { once } from 'node:events';
import { deferred } from '../../../handlers/runner/deferred';
import { type Heart, heartbeatMilliseconds, type Pulse, startHeartbeats } from '../../../handlers/runner/heartbeats';
import { jsonLog } from '../../../handlers/shared/log';

test.each([
  ['every 30 seconds', undefined, 30_000],
  ['every second', 3, 1_000],
  ['every third of it, so that one may be lost', 60, 20_000],
  ['every 30 seconds at least', 3_600, 30_000],
])('heartbeats are sent %s where whoever waits gives up after %p seconds', (_, heartbeatSeconds, milliseconds) => {
  expect(heartbeatMilliseconds(heartbeatSeconds)).toBe(milliseconds);
});

class NamedError extends Error {
  constructor(name: string) {
    super('a fault');
    this.name = name;
  }
}

function start(hearts: readonly Heart[], renew: () => Promise<Pulse | undefined> = async () => undefined) {
  const lines: string[] = [];
  const log = jsonLog(
    (line) => lines.push(line),
    () => new Date(0),
  );
  return {
    ...startHeartbeats({ hearts, intervalMilliseconds: 1 }, renew, log),
    events: () => lines.map((line) => JSON.parse(line).event as string),
  };
}

const dies = (to: Heart['to'], name: string): Heart => ({ to, beat: async () => Promise.reject(new NamedError(name)) });

test('the first heartbeat is sent at once, and more follow though one fails', async () => {
  const third = deferred<void>();
  let beats = 0;
  const beat = async () => {
    beats += 1;
    if (beats === 3) {
      third.resolve();
    }
    throw new NamedError('ThrottlingException');
  };
  const { stop, gone, events } = start([{ to: 'taskToken', beat }]);

  expect(beats).toBe(1);
  await third.promise;
  await stop();
  expect(gone.aborted).toBe(false);
  expect(events().slice(0, 2)).toEqual(['heartbeat.failed', 'heartbeat.failed']);
});

test.each([
  ['taskToken', 'TaskTimedOut'],
  ['taskToken', 'TaskDoesNotExist'],
  ['taskToken', 'InvalidToken'],
  ['callback', 'CallbackTimeoutException'],
  ['callback', 'ResourceNotFoundException'],
] as const)('a %s that is dead, as %s tells, means that nobody waits', async (to, name) => {
  const { gone, stop, events } = start([dies(to, name)]);
  if (!gone.aborted) {
    await once(gone, 'abort');
  }
  await stop();

  expect(events()).toEqual(['heartbeat.caller-gone']);
});

test('while one of two still waits, the run goes on', async () => {
  const later = deferred<void>();
  let beats = 0;
  const lives: Heart = {
    to: 'callback',
    beat: async () => {
      beats += 1;
      if (beats === 3) {
        later.resolve();
      }
    },
  };
  const { gone, stop } = start([dies('taskToken', 'TaskTimedOut'), lives]);
  await later.promise;
  await stop();

  expect(gone.aborted).toBe(false);
});

test('stopping cuts off the heartbeat that is on its way, and waits for its end', async () => {
  const ended: string[] = [];
  const beat = async (signal: AbortSignal) => {
    await once(signal, 'abort');
    ended.push('the heartbeat');
    throw new NamedError('AbortError');
  };
  const { stop, events } = start([{ to: 'taskToken', beat }]);
  await stop();
  ended.push('the stop');

  expect(ended).toEqual(['the heartbeat', 'the stop']);
  expect(events()).toEqual([]);
});

test('with nobody who waits there is nothing to stop, and nobody is missed', async () => {
  const { gone, stop } = start([]);
  await stop();

  expect(gone.aborted).toBe(false);
});

test('one who waits in the place of the dead one is sent heartbeats, though the ledger is out of reach at first', async () => {
  const reached = deferred<void>();
  const pulse: Pulse = {
    hearts: [{ to: 'taskToken', beat: async () => reached.resolve() }],
    intervalMilliseconds: 1,
  };
  const answers = [async () => Promise.reject(new NamedError('TimeoutError')), async () => pulse];
  const { gone, stop, events } = start([dies('taskToken', 'TaskTimedOut')], async () => answers.shift()?.());
  await reached.promise;
  await stop();

  expect(gone.aborted).toBe(false);
  expect(events()).toEqual(['heartbeat.caller-gone', 'heartbeat.renewal-unknown', 'heartbeat.caller-renewed']);
});
