import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ApiListener, Call, FunctionIdentity, Session } from './call';
import { Connections } from './connections';
import { next, reportError, reportInitError, respond } from './endpoints';
import { Exchange, type Invocation } from './exchange';
import {
  nextEvent,
  refuseSubscription,
  registerExtension,
  reportExtensionExitError,
  reportExtensionInitError,
} from './extension-endpoints';
import { Extensions } from './extensions';
import { sendError } from './http';
import { type Endpoint, HEADERS_LIMIT_BYTES, matchEndpoint } from './protocol';

export interface RuntimeApiOptions {
  readonly responseLimitBytes: number;
  readonly identity: FunctionIdentity;
  /** Names of the extensions that are programs of their own. */
  readonly extensionNames: readonly string[];
  /**
   * Where it listens.
   *
   * @default - a free port
   */
  readonly port?: number;
}

/** Why an environment ends. Source: "Shutdown phase" of the Extensions API's page. */
export type ShutdownReason = 'spindown' | 'timeout' | 'failure';

export interface RuntimeApi {
  /** Host and port, as AWS_LAMBDA_RUNTIME_API wants them. */
  readonly address: string;
  /** Hands an invocation to the runtime, whose turn it must be, and tells the extensions of it. */
  readonly send: (invocation: Invocation) => void;
  /** Whether the runtime has been given the invocation sent last. */
  readonly isDelivered: () => boolean;
  /** Tells the extensions of the end, and until when they may live. */
  readonly shutdown: (reason: ShutdownReason, deadline: Date) => void;
  readonly extensions: Pick<Extensions, 'areRegistered' | 'hasInternal' | 'hearsOfShutdown'>;
  /**
   * Resolves once no connection is open but those of extensions: everything that a runtime sent before it ended has
   * then been read.
   */
  readonly drained: () => Promise<void>;
  /** Ends every connection. */
  readonly close: () => void;
}

const ENDPOINTS: Readonly<Record<Endpoint['name'], (call: Call) => Promise<void>>> = {
  next,
  response: respond,
  error: reportError,
  initError: reportInitError,
  registerExtension,
  nextEvent,
  extensionInitError: reportExtensionInitError,
  extensionExitError: reportExtensionExitError,
  logs: refuseSubscription('Logs'),
  telemetry: refuseSubscription('Telemetry'),
};

/** Serves Lambda's Runtime and Extensions APIs on the loopback interface, to one runtime. */
export async function startRuntimeApi(options: RuntimeApiOptions, listener: ApiListener): Promise<RuntimeApi> {
  const { responseLimitBytes, identity, extensionNames, port = 0 } = options;
  const exchange = new Exchange();
  const extensions = new Extensions(extensionNames, randomUUID);
  const session: Session = { exchange, extensions, identity, responseLimitBytes, listener };
  const connections = new Connections();
  const server = createServer({ maxHeaderSize: HEADERS_LIMIT_BYTES }, (request, response) => {
    answer(session, connections, request, response).catch(() => {
      // The sender broke off, so there is nobody to answer.
      response.destroy();
    });
  });
  // A runtime may take as long as it likes between requests, and for sending one: the run's deadline ends it.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  server.on('clientError', answerBrokenRequest);
  server.on('connection', (socket) => connections.add(socket));
  const listeningPort = await listen(server, port);
  return {
    address: `127.0.0.1:${listeningPort}`,
    send: (invocation) => {
      exchange.send(invocation);
      extensions.invoke(invokeEvent(invocation));
    },
    isDelivered: () => exchange.isDelivered,
    shutdown: (shutdownReason, deadline) =>
      extensions.shutdown({ eventType: 'SHUTDOWN', deadlineMs: deadline.getTime(), shutdownReason }),
    extensions,
    drained: () => connections.drained(),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function invokeEvent({ requestId, functionArn, deadline, traceId }: Invocation) {
  return {
    eventType: 'INVOKE',
    deadlineMs: deadline.getTime(),
    requestId,
    invokedFunctionArn: functionArn,
    tracing: { type: 'X-Amzn-Trace-Id', value: traceId },
  } as const;
}

async function answer(
  session: Session,
  connections: Connections,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const endpoint = matchEndpoint(request.method ?? '', request.url ?? '');
  if (endpoint === undefined) {
    request.resume();
    sendError(response, 404, 'NotFound', 'The Lambda Runtime API has no such path and method.');
    return;
  }
  if (endpoint.api === 'extensions') {
    connections.leaveOut(request.socket);
  }
  await ENDPOINTS[endpoint.name]({ session, request, response, requestId: endpoint.requestId });
}

const TRUNCATED_BODY = JSON.stringify({
  errorMessage: 'HTTP request detected as truncated',
  errorType: 'TruncatedHTTPRequest',
});

/** What cannot be read as HTTP gets a plain refusal, and a request that ends too early Lambda's words for it. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = error.code === 'HPE_INVALID_EOF_STATE' ? TRUNCATED_BODY : '';
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') {
        reject(new Error('The Runtime API has no port.'));
        return;
      }
      resolve(address.port);
    });
  });
}
