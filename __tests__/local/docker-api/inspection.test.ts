import { parseCreateBody } from '../../../local/docker-api/container-settings';
import { type ContainerState, inspection, isListed } from '../../../local/docker-api/inspection';

const startedAt = new Date('2026-01-01T00:00:01Z');
const finishedAt = new Date('2026-01-01T00:00:02Z');

function facts(state: ContainerState) {
  const settings = parseCreateBody({ Image: 'probe', Labels: { ministack: 'ecs', copy: 'one' } });
  return { id: 'abc', name: 'probe-1', createdAt: new Date('2026-01-01T00:00:00Z'), settings, state };
}

describe('a container', () => {
  test.each([
    [
      { status: 'created' },
      {
        Status: 'created',
        Running: false,
        Pid: 0,
        ExitCode: 0,
        StartedAt: '0001-01-01T00:00:00Z',
        FinishedAt: '0001-01-01T00:00:00Z',
      },
    ],
    [
      { status: 'running', pid: 42, startedAt },
      {
        Status: 'running',
        Running: true,
        Pid: 42,
        ExitCode: 0,
        StartedAt: '2026-01-01T00:00:01.000Z',
        FinishedAt: '0001-01-01T00:00:00Z',
      },
    ],
    [
      { status: 'exited', exitCode: 137, startedAt, finishedAt },
      {
        Status: 'exited',
        Running: false,
        Pid: 0,
        ExitCode: 137,
        StartedAt: '2026-01-01T00:00:01.000Z',
        FinishedAt: '2026-01-01T00:00:02.000Z',
      },
    ],
  ] as const)('%j', (state, expected) => {
    expect(inspection(facts(state)).State).toEqual({
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Error: '',
      ...expected,
    });
  });

  test.each([
    ['running ones', { all: false, labels: [] }, [false, true]],
    ['all', { all: true, labels: [] }, [true, true]],
    ['those with a label', { all: true, labels: ['ministack'] }, [true, true]],
    ['those with a value of a label', { all: true, labels: ['ministack=ecs', 'copy=one'] }, [true, true]],
    ['those with another value', { all: true, labels: ['ministack=ecs', 'copy=two'] }, [false, false]],
    ['those with a label that none has', { all: true, labels: ['other'] }, [false, false]],
  ])('a list of %s shows what has ended and what runs: %j %j', (_, query, expected) => {
    const states: readonly ContainerState[] = [
      { status: 'exited', exitCode: 0, startedAt, finishedAt },
      { status: 'running', pid: 1, startedAt },
    ];

    expect(states.map((state) => isListed(facts(state), query))).toEqual(expected);
  });
});
