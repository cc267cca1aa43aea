import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { FakeTable } from './fake-dynamodb';
import { FakeRecipients } from './fake-recipients';
import { updateAnswer } from './update-answer';

/** What goes wrong with one download of a package; each fault is used up by one download. */
export type DownloadFault = 'expired' | 'cut-short' | 'wrong-bytes' | 'unavailable' | 'reset' | 'stalled';

type LookupFault = 'AccessDeniedException' | 'TooManyRequestsException';

/** A zip that Lambda keeps. */
interface FakeArchive {
  readonly package: Uint8Array;
  /** Answers of GetFunction or GetLayerVersionByArn that come before the real one. */
  readonly lookupFaults?: LookupFault[];
  readonly downloadFaults?: DownloadFault[];
  /** Whether its server always sends the whole, as not every one does what S3 does. */
  readonly ignoresRanges?: boolean;
}

export type FakeLayer = FakeArchive;

export interface FakeFunction extends FakeArchive {
  /** Fields of Lambda's FunctionConfiguration, over sensible ones. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  readonly imageUri?: string;
  /** Fields of Lambda's FunctionCodeLocation, over those that lead to the package. */
  readonly code?: Readonly<Record<string, unknown>>;
}

export interface FakeAws {
  readonly url: string;
  readonly ledger: FakeTable;
  /** By `bucket/key`. */
  readonly objects: Map<string, string>;
  /** By ARN, with the qualifier if there is one. */
  readonly functions: Map<string, FakeFunction>;
  /** By ARN of the version. */
  readonly layers: Map<string, FakeLayer>;
  /** HTTP 500 for so many requests of an operation (`UpdateItem <runId>`, `PutObject <key>`) after the first `after`. */
  readonly outages: Map<string, { after: number; count: number }>;
  /** By operation, as above, of the ledger or S3: what each request waits for before it is answered. */
  readonly holds: Map<string, () => Promise<unknown>>;
  /** The services that are told of outcomes. */
  readonly recipients: FakeRecipients;
  /** By operation, as above: after so many requests one takes effect, and its answer does not come. */
  readonly lostAnswers: Map<string, number>;
  /** Every request: the operation and what it was about. */
  readonly requests: readonly string[];
  /** The Region for which a request was signed, by the request. */
  readonly regions: ReadonlyMap<string, string>;
  /** Resolves once a request of that name has come so many times. */
  readonly seen: (request: string, times?: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const LEDGER_TABLE = 'runs';
export const PAYLOAD_BUCKET = 'payloads';

/** A server that plays the parts of Lambda, DynamoDB and S3 that the runner uses, and the store of the packages. */
export async function startFakeAws(): Promise<FakeAws> {
  const requests: string[] = [];
  const regions = new Map<string, string>();
  const arrivals = new EventEmitter();
  const note = (name: string, request?: IncomingMessage) => {
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request?.headers.authorization ?? '')?.[1];
    requests.push(name);
    if (region !== undefined) {
      regions.set(name, region);
    }
    arrivals.emit('request');
  };
  const server = createServer((request, response) => {
    handle({ aws, note }, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const aws: FakeAws = {
    url: `http://127.0.0.1:${port}`,
    ledger: new FakeTable(LEDGER_TABLE, 'runId'),
    objects: new Map(),
    functions: new Map(),
    layers: new Map(),
    outages: new Map(),
    lostAnswers: new Map(),
    holds: new Map(),
    recipients: new FakeRecipients(),
    requests,
    regions,
    seen: async (request, times = 1) => {
      while (requests.filter((name) => name === request).length < times) {
        await once(arrivals, 'request');
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return aws;
}

interface World {
  readonly aws: FakeAws;
  readonly note: (name: string, request?: IncomingMessage) => void;
}

async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', world.aws.url);
  const body = (await buffer(request)).toString('utf8');
  const target = request.headers['x-amz-target'];
  const [, first = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  const told = world.aws.recipients.answer(
    { target: typeof target === 'string' ? target : undefined, path: [first, ...rest], body },
    world.note,
  );
  if (told !== undefined) {
    response.writeHead(told.status, told.headers).end(told.body);
  } else if (typeof target === 'string') {
    await dynamoDB(world, target, body, response);
  } else if (first === '2015-03-31') {
    getFunction(world, rest[1] ?? '', request, response);
  } else if (first === '2018-10-31') {
    getLayer(world, url.searchParams.get('Arn') ?? '', response);
  } else if (first === 'code') {
    download(world, rest[0] ?? '', request.headers.range, response);
  } else {
    await s3(world, request.method ?? '', first, rest.join('/'), body, response);
  }
}

/** Whether this request falls into an outage of its operation. */
function isOut({ aws, note }: World, operation: string): boolean {
  note(operation);
  const outage = aws.outages.get(operation);
  if (outage === undefined) {
    return false;
  }
  if (outage.after > 0) {
    outage.after -= 1;
    return false;
  }
  outage.count -= 1;
  return outage.count >= 0;
}

function json(response: ServerResponse, status: number, document: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(document));
}

async function dynamoDB(world: World, target: string, body: string, response: ServerResponse): Promise<void> {
  const update = JSON.parse(body);
  if (target !== 'DynamoDB_20120810.UpdateItem') {
    json(response, 400, { __type: 'UnknownOperationException', message: target });
    return;
  }
  const operation = `UpdateItem ${update.Key.runId.S}`;
  const isAnswerLost = takeFrom(world.aws.lostAnswers, operation);
  const isDown = isOut(world, operation);
  await world.aws.holds.get(operation)?.();
  if (isDown) {
    json(response, 500, { __type: 'InternalServerError', message: 'an outage' });
    return;
  }
  const { status = 200, body: answer } = updateAnswer(world.aws.ledger, update);
  if (isAnswerLost) {
    response.destroy();
  } else {
    json(response, status, answer);
  }
}

/** Whether the next request of an operation is the one that the map asks for. */
function takeFrom(faults: Map<string, number>, operation: string): boolean {
  const before = faults.get(operation);
  if (before === undefined) {
    return false;
  }
  faults.set(operation, before - 1);
  return before === 0;
}

function getFunction(world: World, functionArn: string, request: IncomingMessage, response: ServerResponse): void {
  const { aws, note } = world;
  note(`GetFunction ${functionArn}`, request);
  const known = aws.functions.get(functionArn);
  if (known === undefined) {
    sendMissing(response, `Function not found: ${functionArn}`);
  } else if (!hasFailed(known, response)) {
    json(response, 200, functionDocument(aws, functionArn, known));
  }
}

function getLayer({ aws, note }: World, layerArn: string, response: ServerResponse): void {
  note(`GetLayerVersionByArn ${layerArn}`);
  const known = aws.layers.get(layerArn);
  if (known === undefined) {
    sendMissing(response, `Layer version ${layerArn} does not exist.`);
  } else if (!hasFailed(known, response)) {
    const Content = { Location: linkOf(aws, layerArn), ...measured(known) };
    json(response, 200, { LayerVersionArn: layerArn, Content });
  }
}

/** Answers with the next of an archive's faults, if it has one. */
function hasFailed(archive: FakeArchive, response: ServerResponse): boolean {
  const fault = archive.lookupFaults?.shift();
  if (fault !== undefined) {
    json(
      response,
      fault === 'AccessDeniedException' ? 403 : 429,
      { Message: 'a fault' },
      { 'x-amzn-errortype': fault },
    );
  }
  return fault !== undefined;
}

function sendMissing(response: ServerResponse, message: string): void {
  json(response, 404, { Type: 'User', Message: message }, { 'x-amzn-errortype': 'ResourceNotFoundException' });
}

function linkOf(aws: FakeAws, arn: string): string {
  return `${aws.url}/code/${encodeURIComponent(arn)}?X-Amz-Expires=600`;
}

const hashes = new WeakMap<Uint8Array, string>();

function measured({ package: bytes }: FakeArchive) {
  const hash = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('base64');
  hashes.set(bytes, hash);
  return { CodeSize: bytes.byteLength, CodeSha256: hash };
}

function functionDocument(aws: FakeAws, functionArn: string, known: FakeFunction) {
  return {
    Configuration: {
      FunctionName: functionArn.split(':')[6],
      FunctionArn: functionArn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      PackageType: 'Zip',
      Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
      MemorySize: 512,
      Version: '$LATEST',
      ...measured(known),
      ...known.configuration,
    },
    Code:
      known.imageUri === undefined
        ? { RepositoryType: 'S3', Location: linkOf(aws, functionArn), ...known.code }
        : { RepositoryType: 'ECR', ImageUri: known.imageUri },
  };
}

function download({ aws, note }: World, arn: string, range: string | undefined, response: ServerResponse): void {
  note(`Download ${arn}`);
  const known = aws.functions.get(arn) ?? aws.layers.get(arn);
  const content = known?.package ?? new Uint8Array();
  const all = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const { bytes, head } = known?.ignoresRanges === true ? wholeOf(all) : (rangeOf(all, range) ?? wholeOf(all));
  const half = bytes.subarray(0, Math.ceil(bytes.byteLength / 2));
  const begin = (length: number) => response.writeHead(head.status, { ...head.headers, 'Content-Length': length });
  switch (known?.downloadFaults?.shift()) {
    case undefined:
      begin(bytes.byteLength).end(bytes);
      return;
    case 'expired':
      response.writeHead(403).end('<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>');
      return;
    case 'unavailable':
      response.writeHead(503).end('slow down');
      return;
    case 'wrong-bytes':
      begin(bytes.byteLength).end(Buffer.alloc(bytes.byteLength, 'x'));
      return;
    case 'cut-short':
      begin(half.byteLength).end(half);
      return;
    case 'reset':
      begin(bytes.byteLength).write(half, () => response.destroy());
      return;
    case 'stalled':
      begin(bytes.byteLength).write(half);
      return;
  }
}

function wholeOf(bytes: Buffer) {
  return { bytes, head: { status: 200, headers: {} } };
}

/** As S3 serves a part: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
function rangeOf(all: Buffer, range: string | undefined) {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  if (first === undefined || last === undefined) {
    return undefined;
  }
  const bytes = all.subarray(Number(first), Number(last) + 1);
  const headers = { 'Content-Range': `bytes ${first}-${Number(first) + bytes.byteLength - 1}/${all.byteLength}` };
  return { bytes, head: { status: 206, headers } };
}

async function s3(
  world: World,
  method: string,
  bucket: string,
  key: string,
  body: string,
  response: ServerResponse,
): Promise<void> {
  const operation = `${method === 'PUT' ? 'PutObject' : 'GetObject'} ${key}`;
  const isDown = isOut(world, operation);
  await world.aws.holds.get(operation)?.();
  if (isDown) {
    response.writeHead(500).end('<Error><Code>InternalError</Code></Error>');
    return;
  }
  const { aws } = world;
  const name = `${bucket}/${key}`;
  if (method === 'PUT') {
    aws.objects.set(name, body);
    response.writeHead(200).end();
    return;
  }
  const text = aws.objects.get(name);
  if (text === undefined) {
    response
      .writeHead(404)
      .end('<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>');
  } else {
    response.writeHead(200).end(text);
  }
}
