import { type Health, healthAnswer } from '../../../handlers/scheduler/health';

const NOW = Date.parse('2026-11-27T10:00:00.000Z');
const SOUND: Health = {
  isLoaded: true,
  sinceTick: 900,
  changesReadAt: NOW - 2_000,
  schedules: 3,
  armed: 2,
  setAside: 1,
  setAsideIds: ['wrong'],
  unsettled: 0,
  waiting: 0,
  inHand: 0,
  schedulers: 2,
  counts: { Fired: 5, Skipped: 0, Missed: 0, Failed: 0, Refused: 0, Buffered: 0 },
  lastDecision: { slots: 1, worstLateness: 2 },
};

test('a scheduler whose loop turns and that reads the changes is sound', () => {
  expect(healthAnswer(SOUND, NOW)).toEqual({
    status: 200,
    body: { ...SOUND, status: 'ok', problems: [], changesReadAt: '2026-11-27T09:59:58.000Z' },
  });
});

test.each([
  ['the schedules are not loaded yet', { isLoaded: false }],
  ['the loop stands still', { sinceTick: 10_001 }],
  ['the loop stands still', { sinceTick: undefined }],
  ['the changes of schedules could not be read for long', { changesReadAt: NOW - 120_001 }],
  ['the changes of schedules could not be read for long', { changesReadAt: undefined }],
])('%s: 503', (problem, change) => {
  const { status, body } = healthAnswer({ ...SOUND, ...change }, NOW);

  expect([status, body['status'], body['problems']]).toEqual([503, 'failing', [problem]]);
});

test('of many rows that were set aside it names twenty', () => {
  const setAsideIds = Array.from({ length: 30 }, (_, index) => `wrong-${index}`);

  expect(healthAnswer({ ...SOUND, setAside: 30, setAsideIds }, NOW).body).toMatchObject({
    setAside: 30,
    setAsideIds: setAsideIds.slice(0, 20),
  });
});
