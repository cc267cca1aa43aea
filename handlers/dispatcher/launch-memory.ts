import * as v from 'valibot';
import type { Blocked } from './blocked-groups';
import type { HandedOver } from './handed-over';
import type { Shortfall } from './shortfall';

// What the dispatchers tell each other, in the item of the launch lock.

const LaunchSchema = v.object({
  token: v.string(),
  count: v.number(),
  variant: v.number(),
  at: v.number(),
});

const MemorySchema = v.object({
  launch: v.exactOptional(LaunchSchema),
  started: v.array(v.object({ taskArn: v.string(), at: v.number() })),
  failingAt: v.exactOptional(v.number()),
  quietSince: v.exactOptional(v.number()),
  shortfall: v.exactOptional(v.object({ since: v.number(), running: v.number() })),
  handedOver: v.exactOptional(v.object({ copies: v.number(), at: v.number() })),
  blocked: v.exactOptional(
    v.object({
      seenAt: v.number(),
      busy: v.number(),
      freeSince: v.exactOptional(v.number()),
      spare: v.exactOptional(v.number()),
    }),
  ),
});

/** One RunTask, noted before it is called, so that whoever goes on after a crash makes the same call. */
export type Launch = Readonly<v.InferOutput<typeof LaunchSchema>>;

export interface LaunchMemory {
  /** A call of which nobody has noted the answer. */
  readonly launch?: Launch;
  /** Tasks that were started lately, which ECS may not list yet. */
  readonly started: readonly { readonly taskArn: string; readonly at: number }[];
  /** When a worker was last seen that never ran, where none has run since. */
  readonly failingAt?: number;
  /** Since when a service has had nothing to do. */
  readonly quietSince?: number;
  /** Where fewer tasks of a service run than are to. */
  readonly shortfall?: Shortfall;
  /** Where jobs of a standard queue go on without their messages. */
  readonly handedOver?: HandedOver;
  /** Where messages of a FIFO queue wait. */
  readonly blocked?: Blocked;
}

const NOTHING_KNOWN: LaunchMemory = { started: [] };

/**
 * How long what was done may stay unseen.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html, on eventual consistency
 */
const UNSEEN_MILLISECONDS = 5 * 60 * 1000;

export function memoryText(memory: LaunchMemory): string {
  return JSON.stringify(memory);
}

/** Reads what {@link memoryText} wrote; what somebody else wrote is as good as nothing. */
export function parseMemory(text: unknown): LaunchMemory {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), MemorySchema), text);
  return parsed.success ? parsed.output : NOTHING_KNOWN;
}

/** Without what ECS must have shown by now: a call that was made has its tasks in the list, and others never will. */
export function freshMemory({ launch, started, failingAt, ...rest }: LaunchMemory, now: number): LaunchMemory {
  const isFresh = (at: number | undefined): at is number => at !== undefined && now - at < UNSEEN_MILLISECONDS;
  return {
    ...rest,
    ...(launch !== undefined && isFresh(launch.at) ? { launch } : {}),
    ...(isFresh(failingAt) ? { failingAt } : {}),
    started: started.filter(({ at }) => isFresh(at)),
  };
}

/** `undefined` where workers run as they should. */
export function withFailing({ failingAt: _, ...memory }: LaunchMemory, failingAt: number | undefined): LaunchMemory {
  return failingAt === undefined ? memory : { ...memory, failingAt };
}

export function withLaunch(memory: LaunchMemory, launch: Launch): LaunchMemory {
  return { ...memory, launch };
}

/** The call has been answered: with these tasks, or with none. */
export function withAnswer(
  { launch: _, ...memory }: LaunchMemory,
  taskArns: readonly string[],
  now: number,
): LaunchMemory {
  return { ...memory, started: [...memory.started, ...taskArns.map((taskArn) => ({ taskArn, at: now }))] };
}

export function withQuiet({ quietSince: _, ...memory }: LaunchMemory, quietSince: number | undefined): LaunchMemory {
  return quietSince === undefined ? memory : { ...memory, quietSince };
}

export function withShortfall(
  { shortfall: _, ...memory }: LaunchMemory,
  shortfall: Shortfall | undefined,
): LaunchMemory {
  return shortfall === undefined ? memory : { ...memory, shortfall };
}

export function withBlocked({ blocked: _, ...memory }: LaunchMemory, blocked: Blocked | undefined): LaunchMemory {
  return blocked === undefined ? memory : { ...memory, blocked };
}

export function withHandedOver(
  { handedOver: _, ...memory }: LaunchMemory,
  handedOver: HandedOver | undefined,
): LaunchMemory {
  return handedOver === undefined ? memory : { ...memory, handedOver };
}
