import type { Problem } from '../parts/checks';
import { type Kind, readFields } from '../parts/fields';

export type Kinds<Type> = Readonly<Record<keyof Type & string, Kind>>;

/** The kinds of a module's fields, and the values of those whose kind is right. */
export function within<Props>(
  where: string,
  value: unknown,
  kinds: Readonly<Record<string, Kind>>,
  valueProblems: (props: Partial<Props>) => readonly Problem[],
): readonly Problem[] {
  const { problems, known } = readFields(where, value, kinds);
  const values = valueProblems(known as Partial<Props>);
  return [...problems, ...values.map((problem) => ({ ...problem, field: `${where}.${problem.field}` }))];
}

/** The items of a map that have the right kinds of fields, and what is wrong with the others. */
export function readItems<Item>(
  where: string,
  items: Readonly<Record<string, Item>> | undefined,
  kinds: Readonly<Record<string, Kind>>,
): { readonly right: Readonly<Record<string, Item>>; readonly problems: readonly Problem[] } {
  const entries = Object.entries(items ?? {}).map(
    ([key, item]) => [key, item, readFields(`${where}.${key}`, item, kinds).problems] as const,
  );
  const right = entries.filter(([, , problems]) => problems.length === 0);
  return {
    right: Object.fromEntries(right.map(([key, item]) => [key, item])),
    problems: entries.flatMap(([, , problems]) => problems),
  };
}
