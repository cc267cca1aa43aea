import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { API_VERSION, INVOCATION_HEADERS, PATHS, STREAMING_MODE } from '../runtime-api/protocol';
import type { PostedError } from './errors';

export interface ReceivedInvocation {
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string | undefined;
  readonly clientContext: string | undefined;
  readonly identity: string | undefined;
  readonly event: string;
}

/** The Lambda Runtime API from the runtime's side. */
export interface ApiClient {
  readonly next: () => Promise<ReceivedInvocation>;
  readonly respond: (requestId: string, body: string) => Promise<void>;
  readonly respondStreamed: (requestId: string, body: Buffer, contentType: string) => Promise<void>;
  readonly fail: (requestId: string, error: PostedError) => Promise<void>;
  readonly failInit: (error: PostedError) => Promise<void>;
}

export function apiClient(address: string): ApiClient {
  // An idle connection of this agent does not keep the event loop from being empty.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const invocationPath = (requestId: string, verb: string) =>
    `/${API_VERSION}/runtime/invocation/${encodeURIComponent(requestId)}/${verb}`;

  const send = (method: 'GET' | 'POST', path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
    new Promise<{ headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
      const length = method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {};
      const call = request(`http://${address}${path}`, { method, agent, headers: { ...headers, ...length } });
      call.once('error', reject);
      call.once('response', (response) => {
        text(response).then((received) => {
          const status = response.statusCode ?? 0;
          // 413 has been noted by the server as the invocation's outcome.
          if (status < 300 || status === 413) {
            resolve({ headers: response.headers, text: received });
          } else {
            reject(new Error(`${method} ${path} was answered by HTTP ${status}: ${received}`));
          }
        }, reject);
      });
      call.end(body);
    });

  const postError = async (path: string, error: PostedError) => {
    await send('POST', path, JSON.stringify(error), {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Function-Error-Type': headerText(error.errorType),
    });
  };

  return {
    next: async () => invocationOf(await send('GET', PATHS.next, '')),
    respond: async (requestId, body) => {
      await send('POST', invocationPath(requestId, 'response'), body, { 'Content-Type': 'application/json' });
    },
    respondStreamed: async (requestId, body, contentType) => {
      const mode = { 'Lambda-Runtime-Function-Response-Mode': STREAMING_MODE };
      await send('POST', invocationPath(requestId, 'response'), body, { 'Content-Type': contentType, ...mode });
    },
    fail: (requestId, error) => postError(invocationPath(requestId, 'error'), error),
    failInit: (error) => postError(PATHS.initError, error),
  };
}

function invocationOf(answer: { readonly headers: IncomingHttpHeaders; readonly text: string }): ReceivedInvocation {
  const header = (name: string) => {
    const value = answer.headers[name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    requestId: header(INVOCATION_HEADERS.requestId) ?? '',
    deadlineMs: Number(header(INVOCATION_HEADERS.deadlineMs) ?? '0'),
    functionArn: header(INVOCATION_HEADERS.functionArn) ?? '',
    traceId: header(INVOCATION_HEADERS.traceId),
    clientContext: utf8(header(INVOCATION_HEADERS.clientContext)),
    identity: utf8(header(INVOCATION_HEADERS.cognitoIdentity)),
    event: answer.text,
  };
}

/** Node.js reads each byte of a header as one character; these hold UTF-8. */
function utf8(header: string | undefined): string | undefined {
  return header === undefined ? undefined : Buffer.from(header, 'latin1').toString('utf8');
}

/** An error's name may hold anything; a header may not. */
function headerText(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?');
}
