import type { JobMessage } from '../../../../../handlers/runner/worker/executor';
import { type ClaimDeps, releaseOf, underClaim } from '../../../../../handlers/runner/worker/objects/claim-object';
import { type ObjectResult, poison } from '../../../../../handlers/runner/worker/objects/object-result';
import type { Claiming } from '../../../../../handlers/runner/worker/queue/claims/claims';
import { jsonLog } from '../../../../../handlers/shared/log';

const OURS: Claiming = { kind: 'ours', claim: { jobId: 'job', owner: 'me', messageId: 'm', buried: [] }, attempt: 1 };
const HELD: Claiming = { kind: 'held', milliseconds: 60_000 };
const DONE: ObjectResult = { kind: 'done', outputs: [] };

interface World {
  /** What asking for the job comes to, one after another. */
  readonly claimings?: readonly Claiming[];
  /** Answers of renewals, one after another; true after them. */
  readonly renewals?: readonly (boolean | Error)[];
  readonly interruption?: AbortSignal;
  readonly message?: JobMessage;
  readonly work?: (callerGone: AbortSignal) => Promise<ObjectResult>;
  /** Whether the table is out of reach when the work has ended. */
  readonly isOutOfReach?: boolean;
}

async function claim(world: World) {
  const { claimings = [OURS], renewals = [], interruption, message } = world;
  const { work = async () => DONE, isOutOfReach = false } = world;
  const calls: string[] = [];
  const claimedFor: string[] = [];
  const lines: string[] = [];
  const reach = () => {
    if (isOutOfReach) {
      throw new Error('out of reach');
    }
  };
  const left = { claimings: [...claimings], renewals: [...renewals] };
  const deps: ClaimDeps = {
    claims: {
      claim: async (jobId, messageId) => {
        calls.push(`claim ${jobId}`);
        claimedFor.push(messageId);
        return left.claimings.shift() ?? OURS;
      },
      renew: async () => {
        calls.push('renew');
        const answer = left.renewals.shift() ?? true;
        if (answer instanceof Error) {
          throw answer;
        }
        return answer;
      },
      done: async ({ owner }) => {
        calls.push(`done by ${owner}`);
        reach();
      },
      release: async (_, how) => {
        calls.push(`release ${how}`);
        reach();
      },
    },
    renewalMilliseconds: 5,
    pause: async (milliseconds) => {
      if (milliseconds !== 5) {
        calls.push(`wait ${milliseconds}`);
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const never = new AbortController().signal;
  const job = { requestId: 'r', interruption: interruption ?? never, callerGone: never, message };
  const log = jsonLog(
    (line) => lines.push(line),
    () => new Date(0),
  );
  const result = await underClaim(deps, 'job', job, log, async (callerGone) => {
    calls.push('work');
    return work(callerGone);
  }).catch((thrown: unknown) => ({ thrown }));
  return {
    result,
    claimedFor,
    events: lines.map((line) => JSON.parse(line).event as string),
    calls: calls.filter((call) => call !== 'renew'),
    renewals: calls.filter((call) => call === 'renew'),
  };
}

test('an object is claimed, worked on, and then nobody does it again', async () => {
  expect((await claim({})).calls).toEqual(['claim job', 'work', 'done by me']);
});

test('an object is claimed for the message that names it, or for this one try', async () => {
  const claimed = [await claim({ message: { messageId: 'm', receiveCount: 1 } }), await claim({})];

  expect(claimed.map(({ claimedFor }) => claimedFor)).toEqual([['m'], ['r']]);
});

test('an object that was done before is not worked on', async () => {
  const { calls, result } = await claim({ claimings: [{ kind: 'done' }] });

  expect(calls).toEqual(['claim job']);
  expect(result).toEqual({ kind: 'skipped', reason: 'done-before' });
});

test('while another worker is at it, it is asked for again and again, and not worked on where that one has done it', async () => {
  const { calls, result } = await claim({ claimings: [HELD, { ...HELD, milliseconds: 0 }, { kind: 'done' }] });

  expect(calls).toEqual(['claim job', 'wait 10000', 'claim job', 'wait 100', 'claim job']);
  expect(result).toEqual({ kind: 'skipped', reason: 'done-before' });
});

test('an object whose other worker has died is worked on', async () => {
  expect((await claim({ claimings: [HELD, OURS] })).calls.slice(-3)).toEqual(['claim job', 'work', 'done by me']);
});

test('a worker that is stopped while it waits gives the message back', async () => {
  const { calls, result } = await claim({ claimings: [HELD], interruption: AbortSignal.abort() });

  expect(calls).toEqual(['claim job', 'wait 10000']);
  expect(result).toMatchObject({ kind: 'failed', failure: { status: 'INTERRUPTED' } });
});

test('work whose claim is lost is ended', async () => {
  const work = (callerGone: AbortSignal) =>
    new Promise<ObjectResult>((resolve) => {
      callerGone.addEventListener('abort', () => resolve(poison('E', 'ended')), { once: true });
    });
  const { renewals, calls } = await claim({ work, renewals: [true, new Error('out of reach'), false] });

  expect(renewals).toHaveLength(3);
  expect(calls).toEqual(['claim job', 'work', 'release failed']);
});

test('an object that is done stays so where the table is out of reach then', async () => {
  const { result, calls, events } = await claim({ isOutOfReach: true });

  expect(result).toBe(DONE);
  expect(calls.at(-1)).toBe('done by me');
  expect(events).toEqual(['object.claim-not-told']);
});

test('an object that was interrupted stays so where the table is out of reach then', async () => {
  const interrupted: ObjectResult = { kind: 'failed', failure: failure('INTERRUPTED') };

  expect((await claim({ isOutOfReach: true, work: async () => interrupted })).result).toBe(interrupted);
});

test('where the work fails in a way of its own, the next one need not wait for the lease to end', async () => {
  const thrown = new Error('no space for a folder');
  const { result, calls } = await claim({ work: () => Promise.reject(thrown) });

  expect(result).toEqual({ thrown });
  expect(calls).toEqual(['claim job', 'work', 'release failed']);
});

test('without a table every object is worked on', async () => {
  const never = new AbortController().signal;
  const job = { requestId: 'r', interruption: never, callerGone: never };
  const deps = { claims: undefined, renewalMilliseconds: 5, pause: async () => undefined };
  const log = jsonLog(
    () => undefined,
    () => new Date(0),
  );

  expect(await underClaim(deps, 'job', job, log, async () => DONE)).toBe(DONE);
});

const failure = (status: 'FAILED' | 'INTERRUPTED') =>
  ({ status, exitReason: 'commandFailed', error: { errorType: 'E', errorMessage: 'm' } }) as const;

test.each<[string, ObjectResult, ReturnType<typeof releaseOf>]>([
  ['that is done is kept', DONE, undefined],
  ['that is an output is kept', { kind: 'skipped', reason: 'output' }, undefined],
  ['that is gone is forgotten, as it may come again', { kind: 'skipped', reason: 'gone' }, 'forgotten'],
  ['that was written over is forgotten, as it may come again', { kind: 'skipped', reason: 'superseded' }, 'forgotten'],
  ['that failed has used an attempt', { kind: 'failed', failure: failure('FAILED') }, 'failed'],
  ['that is poison has used an attempt', poison('E', 'm'), 'failed'],
  ['that was interrupted has used none', { kind: 'failed', failure: failure('INTERRUPTED') }, 'untried'],
  [
    'that the command gives back has used none',
    { kind: 'failed', failure: failure('FAILED'), verdict: 'return' },
    'untried',
  ],
])('the claim of an object %s', (_, result, expected) => {
  expect(releaseOf(result)).toBe(expected);
});
