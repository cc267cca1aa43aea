import { isDeepStrictEqual } from 'node:util';
import type { FetchedFunction } from '../fetched-function';

/**
 * Whether a runtime that was started for the one serves the other as well: code, layers, environment, handler and the
 * rest are the same. Lambda's RevisionId also changes where nothing does that a runtime could see; the link to the code
 * is another at each look-up.
 */
export function isSameFunction(one: FetchedFunction, other: FetchedFunction): boolean {
  return isDeepStrictEqual({ ...one, codeUrl: '' }, { ...other, codeUrl: '' });
}
