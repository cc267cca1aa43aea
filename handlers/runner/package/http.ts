import { get as getPlain, type IncomingMessage } from 'node:http';
import { get as getSecure } from 'node:https';

const REDIRECTS_AT_MOST = 5;
const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * GET, redirects followed. Not by `fetch`: loading it and its streams costs a small package more time than the
 * download, and a large one memory for each of its chunks.
 */
export async function httpGet(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let address = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const response = await request(address, headers, signal);
    const { location } = response.headers;
    if (!REDIRECT_STATUSES.has(response.statusCode ?? 0) || location === undefined || redirects === REDIRECTS_AT_MOST) {
      return response;
    }
    response.destroy();
    address = new URL(location, address);
  }
}

function request(
  address: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const get = address.protocol === 'http:' ? getPlain : getSecure;
  return new Promise((resolve, reject) => {
    get(address, { headers, signal }, resolve).once('error', reject);
  });
}
