import * as v from 'valibot';

const TokenSchema = v.strictObject({ version: v.literal(1), after: v.pipe(v.string(), v.minLength(1)) });

/** Where a page ends, as a text that needs no escaping in JSON or in a URL. */
export function encodeToken(after: string): string {
  return Buffer.from(JSON.stringify({ version: 1, after }), 'utf8').toString('base64url');
}

/** The id after which the page begins; `undefined` where the text is no token of ours. */
export function decodeToken(token: string): string | undefined {
  try {
    return v.parse(TokenSchema, JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))).after;
  } catch {
    return undefined;
  }
}
