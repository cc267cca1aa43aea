import type { Outcome } from '../../../../../handlers/runner/outcome';
import type { Carried, Job } from '../../../../../handlers/runner/worker/executor';
import { attendChain } from '../../../../../handlers/runner/worker/queue/attend-chain';
import type { HeldMessage } from '../../../../../handlers/runner/worker/queue/keeper';
import type { QueueMessage } from '../../../../../handlers/runner/worker/queue/message';
import type { OutgoingMessage } from '../../../../../handlers/runner/worker/queue/message-copy';
import type { QueueSettings } from '../../../../../handlers/runner/worker/queue/queue-settings';
import { jsonLog } from '../../../../../handlers/shared/log';
import { FakeClaims } from '../../../../support/worker/fake-claims';
import { QUEUE_SETTINGS, queueMessageOf } from '../../../../support/worker/queue-messages';

const SUCCESS: Outcome = { status: 'SUCCEEDED', exitReason: 'succeeded', body: new TextEncoder().encode('1') };

const failure = (status: 'FAILED' | 'INTERRUPTED' | 'CANCELLED'): Outcome => ({
  status,
  exitReason: 'functionError',
  error: { errorType: 'E', errorMessage: 'm' },
});

const answer = (value: unknown): Outcome => ({ ...SUCCESS, body: new TextEncoder().encode(JSON.stringify(value)) });

const DEAD_LETTERS = { deadLetterQueueUrl: 'https://example.org/dead', maxReceiveCount: 3 };
const FIFO = { isFifo: true };
const BATCHES = { messageEvent: 'sqs', reportsBatchItemFailures: true, batchSize: 10 } as const;

interface World {
  readonly settings?: Partial<QueueSettings>;
  /** By the names of the messages of a job, such as `one two`; otherwise it succeeds. */
  readonly outcomes?: Readonly<Record<string, Partial<Carried>>>;
  readonly given?: (name: string) => Partial<QueueMessage>;
  readonly interruption?: AbortSignal;
  readonly spent?: AbortSignal;
  readonly claims?: FakeClaims;
  readonly jobId?: (body: string) => string | undefined;
  /** Whether the dead-letter queue takes nothing, or nothing with why it is there. */
  readonly refusesDead?: 'all' | 'reasons';
  /** Whether the dead-letter queue has too many requests at first. */
  readonly isDeadBusy?: boolean;
  readonly timeoutSeconds?: number;
  readonly now?: number;
  /** Names of messages that another worker has by now. */
  readonly gone?: readonly string[];
  /** Names of messages whose place a copy has taken. */
  readonly handedOver?: readonly string[];
}

/** Attends to batches that are given as names, such as `[['one', 'two'], ['three']]`. */
async function attend(batches: readonly (readonly string[])[], options: World = {}) {
  const {
    outcomes = {},
    given,
    interruption = new AbortController().signal,
    spent,
    gone = [],
    handedOver = [],
    now = 0,
  } = options;
  const calls: string[] = [];
  const sent: OutgoingMessage[] = [];
  const jobs: Job[] = [];
  const lines: string[] = [];
  const tellings: Promise<void>[] = [];
  let isDeadBusy = options.isDeadBusy ?? false;
  const clock = () => new Date(now);
  const held = (name: string): HeldMessage => {
    const message = queueMessageOf(name, { body: name, ...given?.(name) });
    return {
      message,
      claim: undefined,
      attempt: message.receiveCount,
      isHandedOver: handedOver.includes(name),
      isDone: false,
      gone: gone.includes(name) ? AbortSignal.abort() : new AbortController().signal,
    };
  };
  const attended = await attendChain(
    {
      queue: {
        giveBack: async ({ messageId }, seconds) => void calls.push(`give back ${messageId} ${seconds}`),
        remove: async ({ messageId }) => void calls.push(`delete ${messageId}`),
        send: async (message) => {
          calls.push('send a copy');
          sent.push(message);
        },
        sendDead: async (message) => {
          if (isDeadBusy) {
            isDeadBusy = false;
            throw Object.assign(new Error('busy'), { name: 'RequestThrottled', $metadata: { httpStatusCode: 403 } });
          }
          const hasReason = message.MessageAttributes?.['overtime-reason'] !== undefined;
          if (options.refusesDead === 'all' || (options.refusesDead === 'reasons' && hasReason)) {
            throw Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
          }
          calls.push(`bury ${message.MessageBody}`);
          sent.push(message);
        },
        flush: () => undefined,
      },
      keeper: { letGo: async () => undefined },
      claims: options.claims?.claims(clock),
      settings: { ...QUEUE_SETTINGS, ...options.settings },
      clock,
      log: jsonLog((line) => lines.push(line), clock),
      executor: {
        carryOut: async (job) => {
          jobs.push(job);
          const name = job.input.startsWith('{')
            ? JSON.parse(job.input)
                .Records.map(({ body }: { body: string }) => body)
                .join(' ')
            : job.input;
          calls.push(`do ${name}`);
          return { outcome: SUCCESS, timings: {}, ...outcomes[name] };
        },
        close: async () => undefined,
        ...(options.jobId === undefined ? {} : { jobId: options.jobId }),
        ...(spent === undefined ? {} : { spent }),
      },
      interruption,
      timeoutSeconds: options.timeoutSeconds ?? 60,
      newRequestId: () => 'request',
      inBackground: (telling) => void tellings.push(telling),
    },
    batches.map((batch) => batch.map(held)),
  );
  await Promise.all(tellings);
  return { attended, calls, sent, jobs, events: lines.map((line) => JSON.parse(line).event as string), lines };
}

test.each([
  ['is deleted when it succeeded', {}, ['do one', 'delete one']],
  ['comes back later when it failed', { outcome: failure('FAILED') }, ['do one', 'give back one 2']],
  ['comes back at once when the worker is stopped', { outcome: failure('INTERRUPTED') }, ['do one', 'give back one 0']],
  [
    'comes back at once when its command says so',
    { outcome: failure('FAILED'), verdict: 'return' },
    ['do one', 'give back one 0'],
  ],
  ['is left alone when another worker has it', { outcome: failure('CANCELLED') }, ['do one']],
  [
    'is buried when its command rejects it',
    { outcome: failure('FAILED'), verdict: 'reject' },
    ['do one', 'bury one', 'delete one'],
  ],
] as const)('a message %s', async (_, carried, expected) => {
  const { calls, attended } = await attend([['one']], { outcomes: { one: carried }, settings: DEAD_LETTERS });

  expect(calls).toEqual(expected);
  expect(attended.hasWorked).toBe(true);
});

test('a message that failed for the last time is buried with its reason, and no secret of it is in the log', async () => {
  const { sent, lines } = await attend([['one']], {
    outcomes: { one: { outcome: failure('FAILED') } },
    settings: DEAD_LETTERS,
    given: () => ({ receiveCount: 3 }),
  });

  expect(sent).toMatchObject([
    {
      MessageBody: 'one',
      MessageAttributes: { 'overtime-code': { StringValue: 'E' }, 'overtime-reason': { StringValue: 'm' } },
    },
  ]);
  expect(lines.map((line) => JSON.parse(line)).find(({ event }) => event === 'message.dead-lettered')).toEqual(
    expect.objectContaining({ messageId: 'one', code: 'E' }),
  );
  expect(lines.join()).not.toContain('"m"');
});

test('a message that the dead-letter queue does not take comes back, for the redrive policy', async () => {
  const { calls, events } = await attend([['one']], {
    outcomes: { one: { outcome: failure('FAILED'), verdict: 'reject' } },
    settings: DEAD_LETTERS,
    refusesDead: 'all',
  });

  expect(calls).toEqual(['do one', 'give back one 2']);
  expect(events).toContain('message.dead-letter-failed');
});

test('a message that is too long for its reason goes to the dead-letter queue without it', async () => {
  const { calls, sent, events } = await attend([['one']], {
    outcomes: { one: { outcome: failure('FAILED'), verdict: 'reject' } },
    settings: DEAD_LETTERS,
    given: () => ({ attributes: { mine: { DataType: 'String', StringValue: '1' } } }),
    refusesDead: 'reasons',
  });

  expect(calls).toEqual(['do one', 'bury one', 'delete one']);
  expect(sent).toEqual([{ MessageBody: 'one', MessageAttributes: { mine: { DataType: 'String', StringValue: '1' } } }]);
  expect(events).toContain('message.dead-letter-without-reason');
});

test.each([
  ['the worker is stopping', { interruption: AbortSignal.abort() }],
  ['its one runtime has ended', { spent: AbortSignal.abort('crashed') }],
])('messages that come when %s are given back unseen', async (_, world) => {
  const { attended, calls } = await attend([['one'], ['two']], world);

  expect([attended.hasWorked, calls]).toEqual([false, ['give back one 0', 'give back two 0']]);
});

test('a command is told which message it works on, and how often that was tried', async () => {
  const { jobs } = await attend([['one']], { given: () => ({ receiveCount: 2, firstMessageId: 'first' }) });

  expect(jobs).toMatchObject([{ input: 'one', message: { messageId: 'first', receiveCount: 2 } }]);
});

describe('a batch', () => {
  test.each([
    ['is deleted as a whole when no failure is reported', {}, {}, ['delete one', 'delete two', 'delete three']],
    [
      'is deleted but for what its answer names',
      { outcome: answer({ batchItemFailures: [{ itemIdentifier: 'two' }] }) },
      {},
      ['delete one', 'give back two 2', 'delete three'],
    ],
    [
      'comes back as a whole when its answer names a stranger',
      { outcome: answer({ batchItemFailures: [{ itemIdentifier: 'four' }] }) },
      {},
      ['give back one 2', 'give back two 2', 'give back three 2'],
    ],
    [
      'comes back as a whole when the function failed',
      { outcome: failure('FAILED') },
      {},
      ['give back one 2', 'give back two 2', 'give back three 2'],
    ],
    [
      'is deleted as a whole where answers are not looked at',
      { outcome: answer({ batchItemFailures: [{ itemIdentifier: 'two' }] }) },
      { reportsBatchItemFailures: false },
      ['delete one', 'delete two', 'delete three'],
    ],
  ])('%s', async (_, carried, settings, expected) => {
    const { calls } = await attend([['one', 'two', 'three']], {
      settings: { ...BATCHES, ...settings },
      outcomes: { 'one two three': carried },
    });

    expect(calls.toSorted()).toEqual(['do one two three', ...expected].toSorted());
  });

  test('goes on when another worker has one of its messages, which is left alone', async () => {
    const { calls, jobs } = await attend([['one', 'two']], {
      settings: BATCHES,
      outcomes: { 'one two': { outcome: failure('FAILED') } },
      gone: ['one'],
    });

    expect(jobs[0]?.callerGone.aborted).toBe(false);
    expect(calls).toEqual(['do one two', 'give back two 2']);
  });
});

test('a message that the dead-letter queue has no time for comes back, and does not go there without its reason', async () => {
  const { calls } = await attend([['one']], {
    settings: DEAD_LETTERS,
    outcomes: { one: { outcome: failure('FAILED'), verdict: 'reject' } },
    isDeadBusy: true,
  });

  expect(calls).toEqual(['do one', 'give back one 2']);
});

test.each([
  ['is given up where other workers have all of its messages by now', ['one', 'two'], true],
  ['goes on where another worker has one of its messages by now', ['one'], false],
])('a job %s', async (_, gone, isGivenUp) => {
  const { jobs } = await attend([['one', 'two']], { settings: BATCHES, gone });

  expect(jobs.map(({ callerGone }) => callerGone.aborted)).toEqual([isGivenUp]);
});

describe('of a FIFO queue', () => {
  const grouped = { settings: FIFO, given: (name: string) => ({ system: { MessageGroupId: name.charAt(0) } }) };

  test('what follows a failure in its group is given back undone, and other groups go on', async () => {
    const { calls } = await attend([['a1'], ['b1'], ['a2'], ['b2'], ['a3']], {
      ...grouped,
      outcomes: { a1: { outcome: failure('FAILED') } },
    });

    expect(calls).toEqual([
      'do a1',
      'give back a1 2',
      'do b1',
      'delete b1',
      'give back a2 0',
      'do b2',
      'delete b2',
      'give back a3 0',
    ]);
  });

  test('what follows a failure that a batch reported is given back undone', async () => {
    const { calls } = await attend(
      [
        ['a1', 'b1'],
        ['a2', 'b2'],
      ],
      {
        given: grouped.given,
        settings: { ...BATCHES, ...FIFO },
        outcomes: { 'a1 b1': { outcome: answer({ batchItemFailures: [{ itemIdentifier: 'a1' }] }) } },
      },
    );

    expect(calls.toSorted()).toEqual(
      ['do a1 b1', 'give back a1 2', 'delete b1', 'give back a2 0', 'do b2', 'delete b2'].toSorted(),
    );
  });

  test('what follows a message that was buried is given back undone, and comes at once in order', async () => {
    const { calls } = await attend([['a1'], ['a2']], {
      given: grouped.given,
      settings: { ...FIFO, ...DEAD_LETTERS },
      outcomes: { a1: { outcome: failure('FAILED'), verdict: 'reject' } },
    });

    expect(calls.toSorted()).toEqual(['bury a1', 'delete a1', 'do a1', 'give back a2 0']);
  });

  test('a message that waited so long that its job might outlive its receipt is given back', async () => {
    const waited = await attend([['a1']], { ...grouped, timeoutSeconds: 42_600, now: 700_000 });
    const fresh = await attend([['a1']], { ...grouped, timeoutSeconds: 42_600, now: 300_000 });

    expect([waited.calls, fresh.calls]).toEqual([['give back a1 0'], ['do a1', 'delete a1']]);
  });
});

describe('with a table of jobs', () => {
  test('a message whose job is done is deleted undone', async () => {
    const claims = new FakeClaims();
    await attend([['one']], { claims });
    const { attended, calls, events } = await attend([['one']], { claims });

    expect([attended.hasWorked, calls, events]).toEqual([false, ['delete one'], ['message.done-before']]);
  });

  test('a job that found nothing to do is done when it is asked for again', async () => {
    const claims = new FakeClaims();
    const jobId = () => 'job';
    const first = await attend([['one']], { claims, jobId, outcomes: { one: { verdict: 'forget' } } });
    const second = await attend([['two']], { claims, jobId, now: 1 });

    expect([first.calls, second.calls]).toEqual([
      ['do one', 'delete one'],
      ['do two', 'delete two'],
    ]);
  });

  test('two messages of one job are one job', async () => {
    const claims = new FakeClaims();
    const jobId = () => 's3://bucket/key#etag';
    const first = await attend([['one']], { claims, jobId });
    const second = await attend([['two']], { claims, jobId });

    expect([first.calls, second.calls]).toEqual([['do one', 'delete one'], ['delete two']]);
    expect(claims.table.keys).toEqual(['s3://bucket/key#etag']);
  });

  test('a message whose job another worker has waits as a copy, and that does not count', async () => {
    const claims = new FakeClaims();
    await claims.claims(() => new Date(0)).claim('message:one', 'one');
    const { attended, calls, sent } = await attend([['one']], { claims, given: () => ({ receiveCount: 2 }) });

    expect([attended.hasWorked, calls]).toEqual([false, ['send a copy', 'delete one']]);
    expect(sent).toMatchObject([
      {
        DelaySeconds: 9,
        MessageAttributes: { 'overtime-message': { StringValue: 'one' }, 'overtime-attempt': { StringValue: '1' } },
      },
    ]);
  });

  test('of a FIFO queue such a message is hidden until the lease ends, and the rest of its group waits unclaimed', async () => {
    const claims = new FakeClaims();
    await claims.claims(() => new Date(0)).claim('message:a1', 'a1');
    const { calls } = await attend([['a1'], ['a2']], {
      claims,
      settings: FIFO,
      given: () => ({ system: { MessageGroupId: 'a' } }),
    });

    expect(calls.toSorted()).toEqual(['give back a1 9', 'give back a2 0']);
    expect(claims.table.keys).toEqual(['message:a1']);
  });

  test.each([
    [
      'another worker has',
      async (claims: FakeClaims) => void (await claims.claims(() => new Date(0)).claim('message:a2', 'a2')),
      9,
    ],
    [
      'cannot be asked for',
      async ({ table }: FakeClaims) => void table.refusedAttributes.set('message:a2', 'claim_owner'),
      2,
    ],
  ])(
    'within a batch of a FIFO queue, too, what follows a message whose job %s waits for it',
    async (_, spoil, seconds) => {
      const claims = new FakeClaims();
      await spoil(claims);
      const world = {
        claims,
        settings: { ...BATCHES, ...FIFO },
        given: (name: string) => ({ system: { MessageGroupId: name.charAt(0) } }),
      };
      const { calls } = await attend([['a1', 'a2', 'b1', 'a3']], world);

      expect(calls.toSorted()).toEqual(
        ['do a1 b1', 'delete a1', 'delete b1', `give back a2 ${seconds}`, 'give back a3 0'].toSorted(),
      );
      const again = await attend([['a3']], { ...world, now: 1 });
      expect(again.jobs).toMatchObject([{ message: { receiveCount: 1 } }]);
    },
  );

  test('attempts are counted by the table, and not by receives', async () => {
    const claims = new FakeClaims();
    const world = {
      claims,
      settings: DEAD_LETTERS,
      outcomes: { one: { outcome: failure('FAILED') } },
      given: () => ({ receiveCount: 50 }),
    };
    const calls = [];
    for (let count = 1; count <= 3; count += 1) {
      calls.push((await attend([['one']], { ...world, now: count * 10_000 })).calls[1]);
    }

    expect(calls).toEqual(['give back one 2', 'give back one 4', 'bury one']);
  });

  test('what a stopping worker gives back is no attempt', async () => {
    const claims = new FakeClaims();
    await attend([['one']], { claims, now: 1, outcomes: { one: { outcome: failure('INTERRUPTED') } } });
    const { jobs } = await attend([['one']], { claims, now: 2 });

    expect(jobs).toMatchObject([{ message: { receiveCount: 1 } }]);
  });

  test('what was buried can be moved back, and is tried again', async () => {
    const claims = new FakeClaims();
    const jobId = () => 's3://bucket/key#etag';
    const rejected = {
      outcomes: { one: { outcome: failure('FAILED'), verdict: 'reject' } },
      settings: DEAD_LETTERS,
    } as const;
    await attend([['one']], { claims, jobId, now: 1, ...rejected });
    const { calls, jobs } = await attend([['moved back']], { claims, jobId, now: 2 });

    expect([calls, jobs[0]?.message?.receiveCount]).toEqual([['do moved back', 'delete moved back'], 1]);
  });

  test('what was buried after a copy had taken its place can be moved back, too, and the copy is dropped', async () => {
    const claims = new FakeClaims();
    const jobId = () => 's3://bucket/key#etag';
    const rejected = {
      outcomes: { one: { outcome: failure('FAILED'), verdict: 'reject' } },
      settings: DEAD_LETTERS,
    } as const;
    const buried = await attend([['one']], { claims, jobId, now: 1, handedOver: ['one'], ...rejected });
    const copy = await attend([['copy']], { claims, jobId, now: 2, given: () => ({ firstMessageId: 'one' }) });
    const { calls, jobs } = await attend([['moved back']], { claims, jobId, now: 3 });

    expect([buried.calls, copy.calls, calls]).toEqual([
      ['do one', 'bury one'],
      ['delete copy'],
      ['do moved back', 'delete moved back'],
    ]);
    expect(jobs[0]?.message?.receiveCount).toBe(1);
  });

  test('a message whose claim cannot be asked for comes back later', async () => {
    const claims = new FakeClaims();
    claims.table.refusedAttributes.set('message:one', 'claim_owner');
    const { calls, events } = await attend([['one']], { claims });

    expect([calls, events]).toEqual([['give back one 2'], ['claim.failed']]);
  });

  test('a message that was begun as often as it may be, and no worker lived to say how that ended, is buried undone', async () => {
    const claims = new FakeClaims();
    for (const now of [0, 10_000, 20_000]) {
      await claims.claims(() => new Date(now)).claim('message:one', 'one');
    }
    const { attended, calls, sent } = await attend([['one']], { claims, settings: DEAD_LETTERS, now: 30_000 });

    expect([attended.hasWorked, calls]).toEqual([false, ['bury one', 'delete one']]);
    expect(sent).toMatchObject([
      { MessageAttributes: { 'overtime-code': { StringValue: 'Overtime.AttemptsExhausted' } } },
    ]);
  });
});

test('without a table a message that was received more often than it may fail is worked on: it may only have been given back', async () => {
  const { calls } = await attend([['one']], { settings: DEAD_LETTERS, given: () => ({ receiveCount: 9 }) });

  expect(calls).toEqual(['do one', 'delete one']);
});
