/** How many calls are made at a time: about what one connection pool of the SDK has room for. */
const AT_ONCE = 20;

/** Does the same to all, some at a time, and answers in their order. */
export async function sideBySide<One, Done>(
  all: readonly One[],
  work: (one: One) => Promise<Done>,
): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (let from = 0; from < all.length; from += AT_ONCE) {
    done.push(...(await Promise.all(all.slice(from, from + AT_ONCE).map(work))));
  }
  return done;
}
