import * as v from 'valibot';
import { InvalidInput } from './errors';
import { isByDay, keyNames, type ListCursor, wholeFamilyArn, wholeFunctionArn } from './list-query';
import { firstInstant, type ListRequest, lastInstant } from './list-request';

/** Raise it when the cursor changes: tokens that a caller still has are then refused, and not misread. */
const TOKEN_VERSION = 1;

const INSTANT = v.pipe(v.string(), v.isoTimestamp());

const TokenSchema = v.strictObject({
  version: v.literal(TOKEN_VERSION),
  cursor: v.strictObject({
    query: v.strictObject({
      functionArn: v.exactOptional(v.string()),
      familyArn: v.exactOptional(v.string()),
      status: v.exactOptional(v.string()),
      from: INSTANT,
      to: INSTANT,
    }),
    day: v.exactOptional(v.pipe(v.string(), v.isoDate())),
    startKey: v.exactOptional(v.record(v.string(), v.string())),
  }),
});

/** A cursor as a text that needs no escaping in JSON or in a URL. */
export function encodeToken(cursor: ListCursor): string {
  return Buffer.from(JSON.stringify({ version: TOKEN_VERSION, cursor }), 'utf8').toString('base64url');
}

function decode(token: string): ListCursor {
  try {
    return v.parse(TokenSchema, JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))).cursor;
  } catch {
    throw new InvalidInput('nextToken is damaged or cut: give the nextToken of the answer before as it is.');
  }
}

/** What DynamoDB refuses to begin at: a key of another index, or one out of the query's bounds. */
function isConsistent(cursor: ListCursor): boolean {
  const { query, day, startKey } = cursor;
  if ((day === undefined) === isByDay(query)) {
    return false;
  }
  if (startKey === undefined) {
    return true;
  }
  const names = keyNames(cursor);
  return Object.keys(startKey).length === names.length && names.every((name) => startKey[name] !== undefined);
}

/**
 * Where a page begins that is asked for with a token.
 *
 * @throws {InvalidInput} when the token is none, or of another query
 */
export function cursorOf(token: string, request: ListRequest, starterArn: string): ListCursor {
  const { arn, taskDefinition, status, from, to } = request;
  const cursor = decode(token);
  const { query } = cursor;
  const asked = {
    functionArn: arn === undefined ? undefined : wholeFunctionArn(arn, starterArn),
    familyArn: taskDefinition === undefined ? undefined : wholeFamilyArn(taskDefinition, starterArn),
    status,
    // What was left open is in the token as it was at the first page.
    from: from === undefined ? query.from : firstInstant(from),
    to: to === undefined ? query.to : lastInstant(to),
  };
  const changed = (['functionArn', 'familyArn', 'status', 'from', 'to'] as const).filter(
    (name) => asked[name] !== query[name],
  );
  if (changed.length > 0 || !isConsistent(cursor)) {
    throw new InvalidInput(
      'nextToken is of another query: give it with the arn, taskDefinition, status, from and to of the answer before, or leave it out.',
    );
  }
  return cursor;
}
