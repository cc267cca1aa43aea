import fc from 'fast-check';
import { claimingOf, claimWrite, renewWrite } from '../../../../../../handlers/runner/worker/queue/claims/claim-write';
import type { Claim, Claiming } from '../../../../../../handlers/runner/worker/queue/claims/claims';
import { CLAIM_TABLE, FakeClaims } from '../../../../../support/worker/fake-claims';

/** Seconds of a day long after 1970. */
const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1_000);

function world() {
  const fake = new FakeClaims();
  let now = at(0);
  const claims = fake.claims(() => now);
  return { fake, claims, to: (seconds: number) => (now = at(seconds)), row: () => fake.table.get('job') };
}

async function ours(claiming: Promise<Claiming>): Promise<Claim> {
  const answer = await claiming;
  if (answer.kind !== 'ours') {
    throw new Error(`The job is ${answer.kind}.`);
  }
  return answer.claim;
}

test('who asks first has the job, and its row says for how long', async () => {
  const { claims, row } = world();

  expect(await claims.claim('job', 'm')).toEqual({
    kind: 'ours',
    claim: { jobId: 'job', owner: 'owner 1', messageId: 'm', buried: [] },
    attempt: 1,
  });
  expect(row()).toEqual({
    id: 'job',
    job_state: 'working',
    claim_owner: 'owner 1',
    leased_until: 1_800_000_008_000,
    attempts: 1,
    expires_at: 1_801_296_000,
  });
});

test('whoever asks while the lease lives is told how long it still does', async () => {
  const { claims, to } = world();
  await claims.claim('job', 'm');
  to(3);

  expect(await claims.claim('job', 'm')).toEqual({ kind: 'held', milliseconds: 5_000 });
});

test('a job whose owner fell silent is the next one’s, as another attempt, and the old one hears of it', async () => {
  const { claims, to } = world();
  const old = await ours(claims.claim('job', 'm'));
  to(9);

  expect(await claims.claim('job', 'm')).toMatchObject({ kind: 'ours', attempt: 2 });
  expect(await claims.renew(old)).toBe(false);
});

test('a job that is renewed stays its owner’s', async () => {
  const { claims, to } = world();
  const claim = await ours(claims.claim('job', 'm'));
  to(7);

  expect(await claims.renew(claim)).toBe(true);
  to(14);
  expect(await claims.claim('job', 'm')).toMatchObject({ kind: 'held' });
});

test('a job that is done is nobody’s again, ever so long after', async () => {
  const { claims, to, row } = world();
  await claims.done(await ours(claims.claim('job', 'm')));
  to(1_000_000);

  expect(await claims.claim('job', 'm')).toEqual({ kind: 'done' });
  expect(row()).toMatchObject({ job_state: 'done', expires_at: 1_801_296_000 });
});

test('a job that somebody who lost it has done is done', async () => {
  const { claims, to } = world();
  const old = await ours(claims.claim('job', 'm'));
  to(9);
  const next = await ours(claims.claim('job', 'm'));
  await claims.done(old);

  expect(await claims.renew(next)).toBe(false);
  expect(await claims.claim('job', 'm')).toEqual({ kind: 'done' });
});

test.each([
  ['failed', 'the next attempt', 2],
  ['untried', 'the same attempt', 1],
  ['forgotten', 'the first attempt', 1],
  ['buried', 'the first attempt', 1],
] as const)('a job that is released as %s can be taken at once, as %s', async (how, _, attempt) => {
  const { claims } = world();
  await claims.release(await ours(claims.claim('job', 'm')), how);

  expect(await claims.claim('job', 'another message')).toMatchObject({ kind: 'ours', attempt });
});

test('after two failures a job that is forgotten begins anew', async () => {
  const { claims } = world();
  await claims.release(await ours(claims.claim('job', 'm')), 'failed');
  await claims.release(await ours(claims.claim('job', 'm')), 'failed');
  await claims.release(await ours(claims.claim('job', 'm')), 'forgotten');

  expect(await claims.claim('job', 'm')).toMatchObject({ attempt: 1 });
});

test('a message that is among the dead gets its job no more, whoever has that meanwhile', async () => {
  const { claims, to } = world();
  await claims.release(await ours(claims.claim('job', 'm')), 'buried');
  const asked = [await claims.claim('job', 'm')];
  const next = await ours(claims.claim('job', 'moved back'));
  asked.push(await claims.claim('job', 'm'));
  to(9);
  asked.push(await claims.claim('job', 'm'));
  await claims.release(next, 'failed');
  asked.push(await claims.claim('job', 'm'));

  expect(asked).toEqual(Array(4).fill({ kind: 'done' }));
});

test('a message that failed, or was only given back, still gets its job', async () => {
  const { claims } = world();
  await claims.release(await ours(claims.claim('job', 'm')), 'forgotten');

  expect(await claims.claim('job', 'm')).toMatchObject({ kind: 'ours' });
});

test('of a job that was moved back and buried again and again, the last ten messages are known', async () => {
  const { claims, row } = world();
  for (let count = 1; count <= 12; count += 1) {
    await claims.release(await ours(claims.claim('job', `m${count}`)), 'buried');
  }

  expect(row()).toMatchObject({
    buried_messages: ['m3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9', 'm10', 'm11', 'm12'],
    attempts: 0,
  });
});

test('a claim that was lost buries nothing', async () => {
  const { claims, to } = world();
  const old = await ours(claims.claim('job', 'm'));
  to(9);
  const next = await ours(claims.claim('job', 'm'));
  await claims.release(old, 'buried');

  expect(await claims.renew(next)).toBe(true);
});

test('a claim that was lost releases nothing', async () => {
  const { claims, to } = world();
  const old = await ours(claims.claim('job', 'm'));
  to(9);
  await claims.claim('job', 'm');
  await claims.release(old, 'untried');

  expect(await claims.claim('job', 'm')).toMatchObject({ kind: 'held' });
});

test('a claim that is written again, as the first answer was lost, is one attempt', () => {
  const { fake } = world();
  const claim = { jobId: 'job', owner: 'me', messageId: 'm', buried: [] };
  fake.write(claimWrite(CLAIM_TABLE, claim, at(0)));
  const again = fake.write(claimWrite(CLAIM_TABLE, claim, at(1)));

  expect(again.isWritten).toBe(false);
  expect(claimingOf(claim, again.row, at(1))).toEqual({ kind: 'ours', claim, attempt: 1 });
});

test('a row that is no job is refused', () => {
  expect(() => claimingOf({ jobId: 'job', owner: 'me', messageId: 'm', buried: [] }, { id: 'job' }, at(0))).toThrow();
});

test('a renewal names what it changes and by what it is the owner’s', () => {
  expect(renewWrite(CLAIM_TABLE, { jobId: 'job', owner: 'me', messageId: 'm', buried: [] }, at(1))).toMatchObject({
    TableName: 'jobs',
    Key: { id: 'job' },
    ConditionExpression: '#claim_owner = :owner AND #job_state = :working',
  });
});

type Step = { readonly who: number; readonly does: 'claims' | 'renews' | 'ends' | 'fails'; readonly after: number };

test('whatever the workers do, and whenever: no two have a job at once, and none has one that is done', async () => {
  const steps = fc.array(
    fc.record<Step>({
      who: fc.integer({ min: 0, max: 2 }),
      does: fc.constantFrom('claims', 'renews', 'ends', 'fails'),
      after: fc.integer({ min: 0, max: 6_000 }),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const fake = new FakeClaims();
      let now = 1;
      const claims = fake.claims(() => new Date(now));
      /** What each believes to have, and until when it may believe that. */
      const has = new Map<number, { claim: Claim; until: number }>();
      let isDone = false;
      for (const { who, does, after } of all) {
        now += after;
        const own = has.get(who);
        if (does === 'claims' && own === undefined) {
          const claiming = await claims.claim('job', 'm');
          if (claiming.kind === 'ours') {
            expect(isDone).toBe(false);
            has.set(who, { claim: claiming.claim, until: now + CLAIM_TABLE.leaseMilliseconds });
          }
        } else if (own !== undefined && does === 'renews') {
          if (await claims.renew(own.claim)) {
            own.until = now + CLAIM_TABLE.leaseMilliseconds;
          } else {
            has.delete(who);
          }
        } else if (own !== undefined && does !== 'claims') {
          await (does === 'ends' ? claims.done(own.claim) : claims.release(own.claim, 'failed'));
          isDone ||= does === 'ends';
          has.delete(who);
        }
        const owners = [...has.values()].filter(({ until }) => until >= now);
        expect(isDone ? [] : owners.slice(1)).toEqual([]);
      }
    }),
  );
});
