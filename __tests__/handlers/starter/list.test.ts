import fc from 'fast-check';
import { RUN_STATUSES, type RunRecord, type RunStatus } from '../../../handlers/shared/run';
import { type ListAnswer, listRuns } from '../../../handlers/starter/list';
import { parseRequest } from '../../../handlers/starter/request';
import { FUNCTION_ARN, failureOf } from '../../support/starter/examples';
import { fakeRuns } from '../../support/starter/fake-runs';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const STARTER_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:overtime-starter';
const OTHER_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:other';

function run(runId: string, createdAt: string, fields: Partial<RunRecord> = {}): RunRecord {
  const functionArn = fields.functionArn ?? FUNCTION_ARN;
  return {
    runId,
    status: 'SUCCEEDED',
    attempt: 1,
    requestHash: 'hash',
    timeoutSeconds: 60,
    inputBytes: 2,
    createdAt,
    createdDay: createdAt.slice(0, 10),
    expiresAt: 1_800_000_000,
    unqualifiedFunctionArn: functionArn.split(':').slice(0, 7).join(':'),
    ...fields,
    functionArn,
  };
}

const ROWS = [
  run('run-1', '2026-11-18T08:00:00.000Z'),
  run('run-2', '2026-11-18T23:59:59.999Z', { status: 'FAILED', exitCode: 10 }),
  run('run-3', '2026-11-20T00:00:00.000Z', { functionArn: `${FUNCTION_ARN}:live`, taskArn: 'task-3' }),
  run('run-4', '2026-11-20T10:00:00.000Z', { functionArn: OTHER_ARN, status: 'FAILED' }),
  run('run-5', '2026-11-21T11:00:00.000Z', { status: 'RUNNING', startedAt: '2026-11-21T11:00:30.000Z', attempt: 2 }),
];

interface Options {
  readonly rows?: readonly RunRecord[];
  readonly now?: Date;
  readonly runRetentionDays?: number;
}

function list(
  fields: object = {},
  { rows = ROWS, now = NOW, runRetentionDays = 30 }: Options = {},
): Promise<ListAnswer> {
  const request = parseRequest({ action: 'list', ...fields });
  if (request.action !== 'list') {
    throw new Error('That is no list.');
  }
  const runs = fakeRuns(new Map(rows.map((row) => [row.runId, row])));
  return listRuns(request, { runs, now: () => now, starterArn: STARTER_ARN, runRetentionDays });
}

const FIRST_INSTANTS = {
  '2026-11-15': '2026-11-15T00:00:00.000Z',
  '2026-11-17T00:00:00Z': '2026-11-17T00:00:00.000Z',
} as const;

const LAST_INSTANTS = {
  '2026-11-17': '2026-11-17T23:59:59.999Z',
  '2026-11-20T12:00:00Z': '2026-11-20T12:00:00.000Z',
} as const;

const idsOf = ({ runs }: ListAnswer) => runs.map(({ runId }) => runId);

/** Every page of a list, until no token is left. */
async function pages(fields: object, options?: Options): Promise<readonly ListAnswer[]> {
  const all = [await list(fields, options)];
  for (let token = all[0]?.nextToken; token !== undefined; token = all.at(-1)?.nextToken) {
    all.push(await list({ ...fields, nextToken: token }, options));
  }
  return all;
}

describe('a list', () => {
  test('has a run in short', async () => {
    expect(await list({ status: 'RUNNING' })).toEqual({
      runs: [
        {
          runId: 'run-5',
          status: 'RUNNING',
          attempt: 2,
          functionArn: FUNCTION_ARN,
          createdAt: '2026-11-21T11:00:00.000Z',
          startedAt: '2026-11-21T11:00:30.000Z',
          taskArns: [],
        },
      ],
    });
  });

  test.each([
    ['of nothing in particular has all, the newest first', {}, ['run-5', 'run-4', 'run-3', 'run-2', 'run-1']],
    ['of a function by name', { arn: 'resize' }, ['run-5', 'run-3', 'run-2', 'run-1']],
    ['of a function by partial ARN', { arn: '123456789012:function:other' }, ['run-4']],
    ['of a function by ARN', { arn: OTHER_ARN }, ['run-4']],
    ['of a function of another region', { arn: FUNCTION_ARN.replace('eu-west-1', 'us-east-1') }, []],
    ['of an alias', { arn: 'resize:live' }, ['run-3']],
    ['of a status', { status: 'FAILED' }, ['run-4', 'run-2']],
    ['of a function in a status', { arn: 'resize', status: 'FAILED' }, ['run-2']],
    ['of an alias in a status', { arn: 'resize:live', status: 'FAILED' }, []],
    ['of a day', { from: '2026-11-18', to: '2026-11-18' }, ['run-2', 'run-1']],
    ['from an instant, that one included', { from: '2026-11-20T00:00:00Z' }, ['run-5', 'run-4', 'run-3']],
    ['to an instant, that one included', { to: '2026-11-20T10:00:00.000Z' }, ['run-4', 'run-3', 'run-2', 'run-1']],
    ['of a status in a time', { status: 'FAILED', to: '2026-11-19' }, ['run-2']],
    ['of a time without runs', { from: '2026-11-19', to: '2026-11-19' }, []],
  ])('%s', async (_, fields, ids) => {
    expect(idsOf(await list(fields))).toEqual(ids);
  });

  test('without a from goes back as far as the ledger keeps runs', async () => {
    expect(idsOf(await list({}, { runRetentionDays: 2 }))).toEqual(['run-5', 'run-4', 'run-3']);
  });

  test('of more days than one answer reads goes on with a token, though it has no run yet', async () => {
    const answers = await pages({}, { rows: [run('run-1', '2026-01-01T00:00:00.000Z')], runRetentionDays: 365 });

    expect(answers.length).toBeGreaterThan(2);
    expect(answers[0]).toEqual({ runs: [], nextToken: expect.any(String) });
    expect(answers.flatMap(idsOf)).toEqual(['run-1']);
  });

  test('asked for page by page has every run once, the newest first, whatever is asked for', async () => {
    const times = fc.integer({ min: Date.parse('2026-11-14T00:00:00Z'), max: Date.parse('2026-11-21T11:59:59.999Z') });
    const rows = fc
      .array(
        fc.record({
          time: fc.oneof(times, fc.constantFrom(Date.parse('2026-11-17T00:00:00Z'))),
          status: fc.constantFrom<RunStatus>(...RUN_STATUSES),
          functionArn: fc.constantFrom(FUNCTION_ARN, `${FUNCTION_ARN}:live`, OTHER_ARN),
        }),
        { maxLength: 40 },
      )
      .map((all) => all.map(({ time, ...fields }, index) => run(`run-${index}`, new Date(time).toISOString(), fields)));
    const query = fc.record(
      {
        arn: fc.constantFrom('resize', 'resize:live', 'other'),
        status: fc.constantFrom(...RUN_STATUSES),
        from: fc.constantFrom('2026-11-15' as const, '2026-11-17T00:00:00Z' as const),
        to: fc.constantFrom('2026-11-17' as const, '2026-11-20T12:00:00Z' as const),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(rows, query, fc.integer({ min: 1, max: 7 }), async (all, asked, limit) => {
        const answers = await pages({ ...asked, limit }, { rows: all });
        const first = asked.from === undefined ? '' : FIRST_INSTANTS[asked.from];
        const last = asked.to === undefined ? '9' : LAST_INSTANTS[asked.to];
        const expected = all
          .filter(({ status }) => asked.status === undefined || status === asked.status)
          .filter(({ createdAt }) => createdAt >= first && createdAt <= last)
          .filter(({ functionArn, unqualifiedFunctionArn }) =>
            asked.arn === undefined
              ? true
              : asked.arn.endsWith(':live')
                ? functionArn === `${FUNCTION_ARN}:live`
                : unqualifiedFunctionArn === (asked.arn === 'other' ? OTHER_ARN : FUNCTION_ARN),
          );

        expect(answers.every(({ runs }) => runs.length <= limit)).toBe(true);
        expect(answers.flatMap(idsOf).sort()).toEqual(expected.map(({ runId }) => runId).sort());
        const order = answers.flatMap(({ runs }) => runs.map(({ createdAt }) => createdAt));
        expect(order).toEqual([...order].sort().reverse());
      }),
      { numRuns: 150 },
    );
  });

  test('goes on where it stopped though runs were added since', async () => {
    const first = await list({ limit: 2 });
    const rows = [...ROWS, run('run-6', '2026-11-21T12:30:00.000Z')];
    const second = await list(
      { limit: 2, nextToken: first.nextToken },
      { rows, now: new Date('2026-11-21T13:00:00Z') },
    );

    expect([idsOf(first), idsOf(second)]).toEqual([
      ['run-5', 'run-4'],
      ['run-3', 'run-2'],
    ]);
  });
});

describe('a list fails', () => {
  const TOKEN_OF_ANOTHER =
    'nextToken is of another query: give it with the arn, taskDefinition, status, from and to of the answer before, or leave it out.';
  const DAMAGED = 'nextToken is damaged or cut: give the nextToken of the answer before as it is.';

  test.each([
    [
      'a from after its to',
      { from: '2026-11-20', to: '2026-11-19' },
      /^from is 2026-11-20T00:00:00\.000Z and to is 2026-11-19T23:59:59\.999Z: /,
    ],
    ['a limit of 0', { limit: 0 }, /limit is 0: give a whole number from 1 to 100/],
    ['a limit of 101', { limit: 101 }, /limit is 101: give a whole number from 1 to 100/],
    [
      'a status that no run has',
      { status: 'DONE' },
      /status is "DONE": give one of PENDING, STARTING, RUNNING, SUCCEEDED, FAILED/,
    ],
    ['a day that no calendar has', { from: '2026-02-30' }, /from is "2026-02-30": give a date/],
    ['a time without its zone', { to: '2026-11-20T10:00:00' }, /to is "2026-11-20T10:00:00": give a date/],
    [
      'a field that it has not',
      { function: 'resize' },
      /No such field as "function": the fields are action, arn, taskDefinition, status, from, to, limit, nextToken/,
    ],
  ])('for %s', async (_, fields, message) => {
    expect(await failureOf(() => list(fields))).toMatchObject({
      name: 'INVALID_INPUT',
      message: expect.stringMatching(message),
    });
  });

  const tokenOf = async (fields: object) => (await list({ limit: 1, ...fields })).nextToken ?? '';
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const edited = async (fields: object, edit: (cursor: Record<string, unknown>) => object) => {
    const token = JSON.parse(Buffer.from(await tokenOf(fields), 'base64url').toString('utf8'));
    return encode({ ...token, cursor: edit(token.cursor) });
  };

  test.each([
    ['cut', async () => (await tokenOf({})).slice(0, -4), {}, DAMAGED],
    ['of no JSON', async () => 'aGVsbG8', {}, DAMAGED],
    ['of a later version', async () => encode({ version: 2, cursor: {} }), {}, DAMAGED],
    ['with a field too many', async () => edited({}, (cursor) => ({ ...cursor, table: 'other' })), {}, DAMAGED],
    ['of another status', async () => tokenOf({ status: 'FAILED' }), { status: 'SUCCEEDED' }, TOKEN_OF_ANOTHER],
    ['of another function', async () => tokenOf({ arn: 'resize' }), { arn: 'other' }, TOKEN_OF_ANOTHER],
    ['of another time', async () => tokenOf({ from: '2026-11-18' }), { from: '2026-11-19' }, TOKEN_OF_ANOTHER],
    ['of a list of all', async () => tokenOf({}), { status: 'FAILED' }, TOKEN_OF_ANOTHER],
    [
      "with another index's key",
      async () => edited({}, (cursor) => ({ ...cursor, startKey: { runId: 'run-1' } })),
      {},
      TOKEN_OF_ANOTHER,
    ],
  ])('for a token that is %s', async (_, token, fields, message) => {
    const nextToken = await token();

    expect(await failureOf(() => list({ ...fields, nextToken }))).toMatchObject({ name: 'INVALID_INPUT', message });
  });
});
