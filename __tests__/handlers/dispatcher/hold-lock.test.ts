import { holdLock, type Look } from '../../../handlers/dispatcher/hold-lock';
import type { LaunchMemory } from '../../../handlers/dispatcher/launch-memory';
import { DispatcherWorld } from '../../support/dispatcher/dispatcher-world';

const MEMORY: LaunchMemory = { started: [{ taskArn: 'task', at: 1 }] };

let world: DispatcherWorld;

beforeEach(() => {
  world = new DispatcherWorld();
});

const looksOf = async (act: (look: Look) => Promise<LaunchMemory>) => {
  const looks: Pick<Look, 'memory' | 'isAsked'>[] = [];
  const ended = await holdLock((look) => {
    looks.push({ memory: look.memory, isAsked: look.isAsked });
    return act(look);
  }, world.deps);
  return { ended, looks };
};

describe('the launch lock', () => {
  test('hands what one dispatcher knows to the next', async () => {
    await looksOf(async () => MEMORY);

    expect(await looksOf(async ({ memory }) => memory)).toEqual({
      ended: 'done',
      looks: [{ memory: MEMORY, isAsked: false }],
    });
  });

  test('is one dispatcher at a time, which looks again for another that came meanwhile', async () => {
    const others: string[] = [];
    const { ended, looks } = await looksOf(async ({ memory, isAsked }) => {
      if (!isAsked) {
        others.push(await holdLock(async () => MEMORY, world.deps), await holdLock(async () => MEMORY, world.deps));
      }
      return memory;
    });

    expect([ended, looks.map(({ isAsked }) => isAsked), others]).toEqual(['done', [false, true], ['busy', 'busy']]);
  });

  test('is let go without another look when the time is nearly over', async () => {
    const { ended, looks } = await looksOf(async ({ memory }) => {
      await holdLock(async () => MEMORY, world.deps);
      world.remainingMilliseconds = 9_999;
      return memory;
    });

    expect([ended, looks.length, world.lock.until]).toEqual(['done', 1, undefined]);
  });

  test('is let go when a look fails, with what was noted', async () => {
    const fault = new Error('fault');
    const failed = holdLock(async ({ note }) => {
      await note(MEMORY);
      throw fault;
    }, world.deps);

    await expect(failed).rejects.toBe(fault);
    expect(await looksOf(async ({ memory }) => memory)).toMatchObject({ ended: 'done', looks: [{ memory: MEMORY }] });
  });

  test('is taken from one that was silent for too long, which then learns it before it does anything', async () => {
    const notes: boolean[] = [];
    const { ended } = await looksOf(async ({ memory, note }) => {
      world.now += 20_001;
      await holdLock(async () => MEMORY, world.deps);
      notes.push(await note(memory));
      return memory;
    });

    expect([notes, ended]).toEqual([[false], 'lost']);
    expect(world.lock.memory).toBe(JSON.stringify(MEMORY));
  });

  test('is tried again where its owner let it go between the refusal and the asking', async () => {
    const { lock } = world.lock;
    let refusals = 1;
    const flaky = {
      lock: async (...given: Parameters<typeof lock>) => {
        refusals -= 1;
        return refusals === 0 ? ({ kind: 'busy', owner: 'gone', isAsked: false } as const) : lock(...given);
      },
      ask: world.lock.ask,
      note: world.lock.note,
      unlock: world.lock.unlock,
    };
    const deps = { ...world.deps, ports: { ...world.deps.ports, lock: flaky } };

    await expect(holdLock(async () => MEMORY, deps)).resolves.toBe('done');
  });

  test('is left alone where too many want it', async () => {
    const lock = {
      lock: async () => ({ kind: 'crowded' }) as const,
      ask: world.lock.ask,
      note: world.lock.note,
      unlock: world.lock.unlock,
    };
    const deps = { ...world.deps, ports: { ...world.deps.ports, lock } };

    await expect(holdLock(async () => MEMORY, deps)).resolves.toBe('busy');
  });
});
