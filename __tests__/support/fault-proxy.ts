import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of AWS on its way. */
export interface ProxiedCall {
  /** Of the JSON protocols, such as DynamoDB.UpdateItem; a method and a path for the others. */
  readonly action: string;
  readonly body: string;
}

/** What happens to a call. */
export type Fault =
  /** It never arrives: AWS says that there are too many. */
  | 'throttled'
  /** It takes effect, and the answer is lost. */
  | 'answer-lost'
  /** It takes effect, and the answer breaks off in its middle. */
  | 'answer-cut'
  /** The connection breaks before anything arrives. */
  | 'unreachable'
  /** It never arrives: S3 says that the caller may not. */
  | 'refused'
  | undefined;

export interface FaultProxy {
  readonly endpoint: string;
  /** Calls that were passed on or failed, by action, with what became of them. */
  readonly seen: readonly (ProxiedCall & { readonly fault: Fault })[];
  /** Decides about each call from now on; nothing fails before the first. */
  readonly failWith: (decide: (call: ProxiedCall) => Fault) => void;
  readonly close: () => Promise<void>;
}

const SERVICES: Readonly<Record<string, string>> = {
  AmazonEC2ContainerServiceV20141113: 'ECS',
  AmazonSQS: 'SQS',
  AWSStepFunctions: 'StepFunctions',
  DynamoDB_20120810: 'DynamoDB',
  AWSEvents: 'EventBridge',
};

function actionOf(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  if (typeof target !== 'string') {
    return `${request.method} ${request.url?.split('?')[0]}`;
  }
  const [service = '', action = ''] = target.split('.');
  return `${SERVICES[service] ?? service}.${action}`;
}

/** A server between AWS's clients and `target`, which fails when it is told to. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const seen: (ProxiedCall & { fault: Fault })[] = [];
  let decide: (call: ProxiedCall) => Fault = () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const call = { action: actionOf(request), body: bytes.toString('utf8') };
      const fault = decide(call);
      seen.push({ ...call, fault });
      answer(fault, { target, request, response, bytes });
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, new URL(target).hostname, resolve));
  const { address, port } = server.address() as AddressInfo;
  return {
    endpoint: `http://${address}:${port}`,
    seen,
    failWith: (next) => {
      decide = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly target: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bytes: Buffer;
}

function answer(fault: Fault, exchange: Exchange): void {
  switch (fault) {
    case 'unreachable':
      exchange.response.destroy();
      return;
    case 'throttled':
      throttle(exchange.response, exchange.request.headers['x-amz-target'] !== undefined);
      return;
    case 'refused':
      refuse(exchange.response);
      return;
    case 'answer-cut':
    case 'answer-lost':
    case undefined:
      passOn(exchange, fault);
  }
}

/** As the JSON protocols say it, or Lambda's REST. */
function throttle(response: ServerResponse, isJsonProtocol: boolean): void {
  const type = isJsonProtocol ? 'ThrottlingException' : 'TooManyRequestsException';
  response.writeHead(isJsonProtocol ? 400 : 429, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-errortype': type,
  });
  response.end(JSON.stringify({ __type: type, message: 'Rate exceeded' }));
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/xml' });
  response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
}

/** With the caller's own Host, which it signed. */
function passOn({ target, request, response, bytes }: Exchange, fault: 'answer-lost' | 'answer-cut' | undefined): void {
  const { hostname, port } = new URL(target);
  const forwarded = sendRequest(
    { hostname, port, method: request.method, path: request.url, headers: request.headers },
    (answered) => {
      if (fault === 'answer-lost') {
        answered.resume();
        answered.on('end', () => response.destroy());
        return;
      }
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      if (fault === 'answer-cut') {
        cutOff(answered, response);
        return;
      }
      answered.pipe(response);
    },
  );
  forwarded.on('error', () => response.destroy());
  response.on('close', () => forwarded.destroy());
  forwarded.end(bytes);
}

/** Passes on the first half of what comes at once, and then no more. */
function cutOff(answered: IncomingMessage, response: ServerResponse): void {
  answered.once('data', (chunk: Buffer) => {
    response.write(chunk.subarray(0, Math.floor(chunk.length / 2)), () => response.destroy());
    answered.destroy();
  });
}
