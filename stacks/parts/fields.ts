import type { Problem } from './checks';

/** What a field of deployment.ts may hold, before its value is looked at. `| undefined` is what may be left out. */
export interface Kind {
  readonly allowed: string;
  readonly fits: (value: unknown) => boolean;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export const text: Kind = { allowed: 'a text', fits: isText };
export const number: Kind = { allowed: 'a number', fits: (value) => typeof value === 'number' };
export const boolean: Kind = { allowed: 'true or false', fits: (value) => typeof value === 'boolean' };
export const record: Kind = { allowed: 'an object', fits: isRecord };
export const textList: Kind = {
  allowed: 'a list of texts',
  fits: (value) => Array.isArray(value) && value.every(isText),
};
export const textRecord: Kind = {
  allowed: 'an object whose values are texts',
  fits: (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
};

export function optional(kind: Kind): Kind {
  return { allowed: `${kind.allowed}, or leave it out`, fits: (value) => value === undefined || kind.fits(value) };
}

export interface Fields<Key extends string> {
  readonly problems: readonly Problem[];
  /** Those of the known fields that are of the right kind. */
  readonly known: Readonly<Partial<Record<Key, unknown>>>;
}

/** Tells the fields of an object that are right from those that are unknown, missing or of the wrong kind. */
export function readFields<Key extends string>(
  where: string,
  value: unknown,
  kinds: Readonly<Record<Key, Kind>>,
): Fields<Key> {
  if (!isRecord(value)) {
    return { problems: [{ field: where, value, allowed: 'an object' }], known: {} as Fields<Key>['known'] };
  }
  const keys = Object.keys(kinds) as Key[];
  const prefix = where === '' ? '' : `${where}.`;
  const unknown = Object.keys(value).filter((key) => !(key in kinds));
  const wrong = keys.filter((key) => !kinds[key].fits(value[key]));
  const known = keys.filter((key) => value[key] !== undefined && !wrong.includes(key));
  return {
    problems: [
      ...unknown.map((key) => ({
        field: `${prefix}${key}`,
        value: value[key],
        allowed: `it another name, as there is no such field, only ${keys.join(', ')}`,
      })),
      ...wrong.map((key) => ({ field: `${prefix}${key}`, value: value[key], allowed: kinds[key].allowed })),
    ],
    known: Object.fromEntries(known.map((key) => [key, value[key]])) as Fields<Key>['known'],
  };
}
